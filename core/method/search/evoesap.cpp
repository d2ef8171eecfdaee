// SPDX-License-Identifier: Apache-2.0
#include "core/method/search/evoesap.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace espalier::method {

namespace {

constexpr int kTries = 100; // as in eep.cpp

/// Counts near `wanted`, in steps, inside the bounds, of the total; what rounding leaves goes to the first layers that
/// have room.
std::vector<std::int32_t> fitted(const EvoEsapSettings& s, const std::vector<double>& wanted)
{
    std::vector<std::int32_t> counts;
    std::int64_t sum = 0;
    for (std::size_t l = 0; l < wanted.size(); ++l) {
        const auto steps = static_cast<std::int32_t>(std::lround(wanted[l] / s.step));
        counts.push_back(std::clamp(steps * s.step, s.lowest[l], s.highest[l]));
        sum += counts.back();
    }
    for (bool moved = true; moved && sum != s.total;) {
        moved = false;
        for (std::size_t l = 0; l < counts.size() && sum != s.total; ++l) {
            const std::int32_t change = sum < s.total ? s.step : -s.step;
            if (counts[l] + change < s.lowest[l] || counts[l] + change > s.highest[l] ||
                std::abs(s.total - sum) < s.step)
                continue;
            counts[l] += change;
            sum += change;
            moved = true;
        }
    }
    return counts;
}

} // namespace

EvoEsapSearch::EvoEsapSearch(EvoEsapSettings settings) : m_settings(std::move(settings))
{
}

std::vector<std::vector<std::int32_t>> EvoEsapSearch::shapes(const EvoEsapSettings& s)
{
    const std::size_t layers = s.order.size();
    const double mean = static_cast<double>(s.total) / static_cast<double>(std::max<std::size_t>(layers, 1));
    const double reach = mean / 2; // from half the mean to half as much again
    std::vector<std::vector<double>> wanted(4);
    for (std::size_t l = 0; l < layers; ++l) {
        const double at = layers > 1 ? static_cast<double>(l) / static_cast<double>(layers - 1) : 0.5; // 0 … 1
        wanted[0].push_back(mean);
        wanted[1].push_back(mean + reach * (2 * at - 1));
        wanted[2].push_back(mean - reach * (2 * at - 1));
        wanted[3].push_back(mean + reach * (1 - 2 * std::abs(2 * at - 1)));
    }
    std::vector<std::vector<std::int32_t>> shapes;
    shapes.reserve(wanted.size());
    for (const auto& shape : wanted)
        shapes.push_back(fitted(s, shape));
    return shapes;
}

EvoEsapSearch::Counts EvoEsapSearch::changed(Counts counts, Random& random) const
{
    const auto exchanges = 1 + random.below(static_cast<std::size_t>(m_settings.switches));
    for (std::size_t i = 0; i < exchanges; ++i) {
        const std::size_t from = random.below(counts.size()), to = random.below(counts.size());
        const auto steps = static_cast<std::int32_t>(1 + random.below(static_cast<std::size_t>(m_settings.moved)));
        const std::int32_t amount = std::min({steps * m_settings.step, counts[from] - m_settings.lowest[from],
                                              m_settings.highest[to] - counts[to]}) /
                                    m_settings.step * m_settings.step;
        if (from == to || amount <= 0)
            continue;
        counts[from] -= amount;
        counts[to] += amount;
    }
    return counts;
}

std::vector<Candidate> EvoEsapSearch::ask()
{
    std::vector<Candidate> asked;
    if (m_generation >= m_settings.generations || m_settings.order.empty())
        return asked;
    const auto add = [&](Counts counts) {
        bool legal = counts.size() == m_settings.order.size() &&
                     std::accumulate(counts.begin(), counts.end(), std::int64_t{0}) == m_settings.total;
        for (std::size_t l = 0; legal && l < counts.size(); ++l)
            legal = counts[l] >= m_settings.lowest[l] && counts[l] <= m_settings.highest[l] &&
                    counts[l] % m_settings.step == 0;
        if (!legal || !m_known.insert(counts).second)
            return false;
        m_archive.push_back(std::move(counts));
        asked.push_back(candidate(m_archive.size() - 1));
        return true;
    };
    Random random(m_settings.seed, static_cast<std::uint64_t>(m_generation));
    if (m_generation == 0) {
        for (const auto& seed : m_settings.seeds)
            add(seed);
        const auto begin = shapes(m_settings);
        for (const auto& shape : begin)
            add(shape);
        for (int t = 0; t < kTries * m_settings.population && std::cmp_less(asked.size(), m_settings.population); ++t) {
            Counts counts = begin[random.below(begin.size())];
            for (std::size_t i = 0; i < counts.size(); ++i)
                counts = changed(std::move(counts), random);
            add(std::move(counts));
        }
        return asked;
    }
    const std::int32_t children = m_settings.population - m_settings.elite;
    for (int t = 0; t < kTries * children && std::cmp_less(asked.size(), children); ++t) {
        const std::size_t first = random.below(m_population.size()), second = random.below(m_population.size());
        add(changed(m_archive[m_population[std::min(first, second)]], random)); // the better of two
    }
    return asked;
}

void EvoEsapSearch::tell(std::span<const Fitness> found)
{
    // The elite and the new ones are the next population.
    std::vector<std::size_t> members(m_population.begin(),
                                     m_population.begin() +
                                         static_cast<std::ptrdiff_t>(std::min<std::size_t>(
                                             m_population.size(), static_cast<std::size_t>(m_settings.elite))));
    for (const Fitness& fitness : found) {
        members.push_back(m_fitness.size());
        m_fitness.push_back(fitness);
    }
    std::stable_sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
        return better(m_fitness[a], m_fitness[b]) || (!better(m_fitness[b], m_fitness[a]) && a < b);
    });
    m_population = std::move(members);
    ++m_generation;
}

std::vector<std::size_t> EvoEsapSearch::best(std::size_t count, bool) const
{
    auto order = ranked(m_fitness);
    order.resize(std::min(order.size(), count));
    return order;
}

Candidate EvoEsapSearch::candidate(std::size_t number) const
{
    Candidate layers;
    for (std::size_t l = 0; l < m_settings.order.size(); ++l) {
        const auto& order = m_settings.order[l];
        std::vector<std::int32_t> keep(order.begin(), order.begin() + m_archive[number][l]);
        std::sort(keep.begin(), keep.end());
        layers.push_back({std::move(keep), nullptr});
    }
    return layers;
}

double EvoEsapSearch::done() const
{
    return static_cast<double>(m_generation) / std::max(1, m_settings.generations);
}

} // namespace espalier::method
