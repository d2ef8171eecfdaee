// SPDX-License-Identifier: Apache-2.0
#include "core/method/search/eep.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace espalier::method {

namespace {

/// A child that is known already is drawn again so often; then the generation has one less.
constexpr int kTries = 100;
/// Candidates whose matrices are kept; beyond them nobody becomes a parent or the result.
constexpr std::size_t kKeptMatrices = 96;
/// Rows whose sum is nearer to 0 cannot be scaled to 1.
constexpr double kLeastRowSum = 0.1;

std::vector<std::vector<std::int32_t>> keepsOf(const auto& individual)
{
    std::vector<std::vector<std::int32_t>> keeps;
    for (const auto& group : individual)
        keeps.push_back(group.keep);
    return keeps;
}

bool mixes(const auto& individual)
{
    return std::any_of(individual.begin(), individual.end(), [](const auto& group) { return group.mixing != nullptr; });
}

} // namespace

EepSearch::EepSearch(EepSettings settings) : m_settings(std::move(settings))
{
    m_groups = m_settings.groupOf.empty() ? 0 : m_settings.groupOf.back() + 1;
}

std::int32_t EepSearch::routerGroupOf(std::int32_t expert) const
{
    return expert / (m_settings.experts / m_settings.routerGroups);
}

bool EepSearch::legal(const std::vector<std::int32_t>& keep) const
{
    std::vector<std::int32_t> counts(static_cast<std::size_t>(m_settings.routerGroups), 0);
    for (std::size_t i = 0; i < keep.size(); ++i) {
        if (keep[i] < 0 || keep[i] >= m_settings.experts || (i > 0 && keep[i] <= keep[i - 1]))
            return false;
        ++counts[static_cast<std::size_t>(routerGroupOf(keep[i]))];
    }
    return std::cmp_equal(keep.size(), m_settings.kept) &&
           std::all_of(counts.begin(), counts.end(), [&](std::int32_t n) { return n == counts.front(); });
}

EepSearch::Individual EepSearch::random(Random& random) const
{
    const std::int32_t size = m_settings.experts / m_settings.routerGroups;
    Individual individual(m_groups);
    for (Group& group : individual)
        for (std::int32_t r = 0; r < m_settings.routerGroups; ++r) {
            std::vector<std::int32_t> ids(static_cast<std::size_t>(size));
            std::iota(ids.begin(), ids.end(), r * size);
            random.shuffle(ids);
            ids.resize(static_cast<std::size_t>(m_settings.kept / m_settings.routerGroups));
            std::sort(ids.begin(), ids.end());
            group.keep.insert(group.keep.end(), ids.begin(), ids.end());
        }
    return individual;
}

std::vector<std::size_t> EepSearch::parents(double points, std::size_t least) const
{
    std::vector<std::size_t> order = ranked(m_fitness);
    const Fitness& top = m_fitness[order.front()];
    const std::size_t rung = top.values.size() - 1;
    const double window = points * (rung < m_settings.point.size() ? m_settings.point[rung] : 1.0);
    std::size_t count = 0;
    while (count < std::min(order.size(), kKeptMatrices)) {
        const Fitness& fitness = m_fitness[order[count]];
        const bool near =
            fitness.values.size() == top.values.size() && top.values[rung] - fitness.values[rung] <= window;
        if (!near && count >= least)
            break;
        ++count;
    }
    order.resize(count);
    return order;
}

EepSearch::Group EepSearch::pruned(const Group& parent, std::size_t group, Random& random) const
{
    Group child{parent.keep, nullptr};
    std::vector<bool> used(static_cast<std::size_t>(m_settings.experts), false);
    for (const std::int32_t id : child.keep)
        used[static_cast<std::size_t>(id)] = true;
    for (std::int32_t& id : child.keep) {
        if (!random.chance(m_settings.redrawRow))
            continue;
        std::vector<std::int32_t> free{id}; // it may stay
        for (std::int32_t e = 0; e < m_settings.experts; ++e)
            if (!used[static_cast<std::size_t>(e)] && routerGroupOf(e) == routerGroupOf(id))
                free.push_back(e);
        std::int32_t drawn = free[random.below(free.size())];
        if (!m_settings.prior.empty()) {
            const auto& weight = m_settings.prior[group];
            double sum = 0;
            for (const std::int32_t e : free)
                sum += weight[static_cast<std::size_t>(e)];
            double left = random.uniform() * sum;
            for (const std::int32_t e : free) {
                left -= weight[static_cast<std::size_t>(e)];
                if (left < 0) {
                    drawn = e;
                    break;
                }
            }
        }
        used[static_cast<std::size_t>(id)] = false;
        used[static_cast<std::size_t>(drawn)] = true;
        id = drawn;
    }
    std::sort(child.keep.begin(), child.keep.end());
    return child;
}

EepSearch::Group EepSearch::mixed(const Group& parent, bool merge, bool router, Random& random) const
{
    auto mixing = std::make_shared<ExpertMixing>(
        parent.mixing ? *parent.mixing : ExpertMixing::selection(parent.keep, m_settings.experts));
    for (const auto& [open, values] : {std::pair{merge, &mixing->merge}, std::pair{router, &mixing->router}})
        if (open)
            for (float& value : *values)
                if (random.chance(m_settings.changeElement))
                    value = static_cast<float>(value + m_settings.sigma * random.normal());
    return {parent.keep, std::move(mixing)};
}

EepSearch::Group EepSearch::crossed(const Group& a, const Group& b, Random& random) const
{
    // What both keep stays; the rest of the places go to the first parent's or the second's, in the same router group.
    std::vector<std::int32_t> onlyA, onlyB, keep;
    std::set_difference(a.keep.begin(), a.keep.end(), b.keep.begin(), b.keep.end(), std::back_inserter(onlyA));
    std::set_difference(b.keep.begin(), b.keep.end(), a.keep.begin(), a.keep.end(), std::back_inserter(onlyB));
    std::set_intersection(a.keep.begin(), a.keep.end(), b.keep.begin(), b.keep.end(), std::back_inserter(keep));
    std::vector<std::int32_t> fromB;
    for (const std::int32_t id : onlyA) {
        std::vector<std::int32_t> partners;
        for (const std::int32_t other : onlyB)
            if (routerGroupOf(other) == routerGroupOf(id))
                partners.push_back(other);
        if (partners.empty() || random.chance(m_settings.fromFirst)) {
            keep.push_back(id);
            continue;
        }
        fromB.push_back(partners[random.below(partners.size())]);
        std::erase(onlyB, fromB.back());
    }
    keep.insert(keep.end(), fromB.begin(), fromB.end());
    std::sort(keep.begin(), keep.end());
    Group child{keep, nullptr};
    if (!a.mixing && !b.mixing)
        return child;
    const ExpertMixing first = a.mixing ? *a.mixing : ExpertMixing::selection(a.keep, m_settings.experts);
    const ExpertMixing second = b.mixing ? *b.mixing : ExpertMixing::selection(b.keep, m_settings.experts);
    ExpertMixing mixing = ExpertMixing::selection(keep, m_settings.experts);
    for (std::size_t row = 0; row < keep.size(); ++row) {
        const auto inA = std::lower_bound(a.keep.begin(), a.keep.end(), keep[row]);
        const auto inB = std::lower_bound(b.keep.begin(), b.keep.end(), keep[row]);
        const bool hasA = inA != a.keep.end() && *inA == keep[row], hasB = inB != b.keep.end() && *inB == keep[row];
        const bool takeA = hasA && (!hasB || random.chance(m_settings.fromFirst));
        const ExpertMixing& from = takeA ? first : second;
        const auto source = static_cast<std::size_t>(takeA ? inA - a.keep.begin() : inB - b.keep.begin());
        const auto target = static_cast<std::ptrdiff_t>(row * static_cast<std::size_t>(m_settings.experts));
        std::copy_n(from.mergeRow(source).begin(), m_settings.experts, mixing.merge.begin() + target);
        std::copy_n(from.routerRow(source).begin(), m_settings.experts, mixing.router.begin() + target);
    }
    child.mixing = std::make_shared<const ExpertMixing>(std::move(mixing));
    return child;
}

EepSearch::Individual EepSearch::childOf(Random& random) const
{
    const bool merging = m_generation > m_settings.pruning;
    Individual child;
    const auto close = parents(1, static_cast<std::size_t>(m_settings.leastParents));
    if (close.size() > 1 && random.chance(m_settings.crossover)) {
        const std::size_t first = random.below(close.size());
        std::size_t second = random.below(close.size() - 1);
        second += second >= first ? 1 : 0;
        const Individual &a = m_archive[close[first]], &b = m_archive[close[second]];
        for (std::size_t g = 0; g < m_groups; ++g) {
            if (random.chance(m_settings.openGroup))
                child.push_back(crossed(a[g], b[g], random));
            else
                child.push_back(random.chance(m_settings.fromFirst) ? a[g] : b[g]);
        }
    } else {
        const auto pool = parents(3, 1);
        child = m_archive[pool[random.below(pool.size())]];
    }
    std::vector<bool> openMerge(m_groups, false), openRouter(m_groups, false);
    bool any = false;
    while (!any)
        for (std::size_t g = 0; g < m_groups; ++g) {
            openMerge[g] = random.chance(m_settings.openGroup);
            openRouter[g] = merging && random.chance(m_settings.openGroup);
            any = any || openMerge[g] || openRouter[g];
        }
    for (std::size_t g = 0; g < m_groups; ++g) {
        if (!openMerge[g] && !openRouter[g])
            continue;
        child[g] = merging ? mixed(child[g], openMerge[g], openRouter[g], random) : pruned(child[g], g, random);
    }
    if (merging && random.chance(m_settings.normaliseRows))
        for (Group& group : child) {
            if (!group.mixing)
                continue;
            auto mixing = std::make_shared<ExpertMixing>(*group.mixing);
            const auto experts = static_cast<std::size_t>(mixing->experts);
            for (std::size_t row = 0; row < group.keep.size(); ++row) {
                const auto begin = mixing->merge.begin() + static_cast<std::ptrdiff_t>(row * experts);
                const double sum = std::accumulate(begin, begin + mixing->experts, 0.0);
                if (std::abs(sum) >= kLeastRowSum)
                    std::transform(begin, begin + mixing->experts, begin,
                                   [&](float value) { return static_cast<float>(value / sum); });
            }
            group.mixing = std::move(mixing);
        }
    return child;
}

std::vector<Candidate> EepSearch::ask()
{
    std::vector<Candidate> asked;
    const auto add = [&](Individual individual) {
        if (!mixes(individual) && !m_known.insert(keepsOf(individual)).second)
            return false;
        m_mixed.push_back(mixes(individual));
        m_archive.push_back(std::move(individual));
        asked.push_back(candidate(m_archive.size() - 1));
        return true;
    };
    Random random(m_settings.seed, static_cast<std::uint64_t>(m_generation));
    if (m_generation == 0) {
        for (const auto& seed : m_settings.seeds) {
            Individual individual;
            for (const auto& keep : seed)
                individual.push_back({keep, nullptr});
            if (individual.size() == m_groups &&
                std::all_of(seed.begin(), seed.end(), [&](const auto& keep) { return legal(keep); }))
                add(std::move(individual));
        }
        for (std::int32_t i = 0; i < m_settings.initial; ++i)
            for (int t = 0; t < kTries && !add(this->random(random)); ++t) {
            }
    } else {
        while (asked.empty() && m_generation <= m_settings.pruning + m_settings.merging) {
            for (std::int32_t i = 0; i < m_settings.children; ++i)
                for (int t = 0; t < kTries && !add(childOf(random)); ++t) {
                }
            if (asked.empty()) // every choice is known
                random = Random(m_settings.seed, static_cast<std::uint64_t>(++m_generation));
        }
    }
    return asked;
}

void EepSearch::tell(std::span<const Fitness> found)
{
    m_fitness.insert(m_fitness.end(), found.begin(), found.end());
    ++m_generation;
    forgetTheHopeless();
}

void EepSearch::forgetTheHopeless()
{
    if (m_archive.size() <= kKeptMatrices)
        return;
    const auto order = ranked(m_fitness);
    for (std::size_t place = kKeptMatrices; place < order.size(); ++place)
        for (Group& group : m_archive[order[place]])
            group.mixing.reset();
}

std::vector<std::size_t> EepSearch::best(std::size_t count, bool stock) const
{
    std::vector<std::size_t> numbers;
    const auto order = ranked(m_fitness);
    for (std::size_t place = 0; place < order.size() && numbers.size() < count; ++place)
        if (!m_mixed[order[place]] || (!stock && place < kKeptMatrices))
            numbers.push_back(order[place]);
    return numbers;
}

Candidate EepSearch::candidate(std::size_t number) const
{
    Candidate layers;
    for (const std::size_t group : m_settings.groupOf)
        layers.push_back({m_archive[number][group].keep, m_archive[number][group].mixing});
    return layers;
}

const char* EepSearch::phase() const
{
    return m_generation == 0 ? "first candidates" : m_generation <= m_settings.pruning ? "pruning" : "merging";
}

double EepSearch::done() const
{
    return static_cast<double>(m_generation) / (1.0 + m_settings.pruning + m_settings.merging);
}

} // namespace espalier::method
