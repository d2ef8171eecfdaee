// SPDX-License-Identifier: Apache-2.0
#include "core/method/carve/neuron_split.h"

#include "core/method/carve/balanced_assignment.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <random>

namespace espalier::method {

namespace {

/// Divisors of the width that leave room for both kinds of experts.
std::string possibleCounts(int width)
{
    std::string text;
    for (int n = 2; n <= 128 && n <= width; ++n)
        if (width % n == 0)
            text += fmt::format("{}{}", text.empty() ? "" : ", ", n);
    return text.empty() ? "none up to 128" : text;
}

std::vector<std::int32_t> byImportance(std::span<const double> importance)
{
    std::vector<std::int32_t> order(importance.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
        return importance[static_cast<std::size_t>(a)] > importance[static_cast<std::size_t>(b)];
    });
    return order;
}

class Clusters {
public:
    Clusters(const SplitRequest& request, std::span<const float> features, std::int64_t samples,
             std::span<const std::int32_t> neurons)
        : m_l1(request.clustering == Clustering::Markers), m_features(features),
          m_samples(static_cast<std::size_t>(samples)), m_neurons(neurons),
          m_k(static_cast<std::size_t>(request.shape.routed())), m_centers(m_k * m_samples)
    {
        // The most important of the rest are the first centers, as in CMoE.
        for (std::size_t j = 0; j < m_k; ++j)
            std::copy_n(row(j), m_samples, m_centers.begin() + static_cast<std::ptrdiff_t>(j * m_samples));
    }

    Result<BalancedAssignment> assign() const
    {
        std::vector<float> costs(m_neurons.size() * m_k);
        for (std::size_t i = 0; i < m_neurons.size(); ++i)
            for (std::size_t j = 0; j < m_k; ++j)
                costs[i * m_k + j] = distance(row(i), m_centers.data() + j * m_samples);
        return assignBalanced(costs, static_cast<std::int64_t>(m_neurons.size()), static_cast<std::int64_t>(m_k));
    }

    void moveCenters(const std::vector<std::int32_t>& clusterOf)
    {
        std::fill(m_centers.begin(), m_centers.end(), 0.0F);
        const float share = static_cast<float>(m_k) / static_cast<float>(m_neurons.size());
        for (std::size_t i = 0; i < m_neurons.size(); ++i) {
            float* center = m_centers.data() + static_cast<std::size_t>(clusterOf[i]) * m_samples;
            const float* values = row(i);
            for (std::size_t t = 0; t < m_samples; ++t)
                center[t] += values[t] * share;
        }
    }

private:
    [[nodiscard]] const float* row(std::size_t i) const
    {
        return m_features.data() + static_cast<std::size_t>(m_neurons[i]) * m_samples;
    }
    [[nodiscard]] float distance(const float* a, const float* b) const
    {
        constexpr std::size_t kLanes = 8; // separate sums, so that the loop can use vector registers
        float sums[kLanes] = {};
        std::size_t t = 0;
        for (; t + kLanes <= m_samples; t += kLanes)
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                const float d = a[t + lane] - b[t + lane];
                sums[lane] += m_l1 ? std::abs(d) : d * d;
            }
        float total = 0;
        for (; t < m_samples; ++t)
            total += m_l1 ? std::abs(a[t] - b[t]) : (a[t] - b[t]) * (a[t] - b[t]);
        return std::accumulate(std::begin(sums), std::end(sums), total);
    }

    bool m_l1;
    std::span<const float> m_features;
    std::size_t m_samples;
    std::span<const std::int32_t> m_neurons;
    std::size_t m_k;
    std::vector<float> m_centers; ///< [k, samples]
};

} // namespace

Result<void> CarveShape::check() const
{
    if (experts < 2 || width % experts != 0)
        return usageError(
            fmt::format("{} neurons per layer cannot be divided into {} experts of equal size", width, experts),
            "Numbers of experts that divide it: " + possibleCounts(width));
    if (shared < 0 || active < 0 || shared + active < 1)
        return usageError("at least one expert must run for every token", "Raise --shared or --active");
    if (shared + active > experts)
        return usageError(fmt::format("{} shared and {} active experts are more than {}", shared, active, experts),
                          "Lower --shared or --active");
    if (active > 0 && routed() < 2)
        return usageError("a router needs two experts to choose from", "Lower --shared, or give --active 0");
    return {};
}

Result<NeuronSplit> splitNeurons(const SplitRequest& request, std::span<const float> features, std::int64_t samples,
                                 std::span<const double> importance)
{
    const CarveShape& shape = request.shape;
    ESPALIER_CHECK(shape.check());
    if (std::cmp_not_equal(importance.size(), shape.width) ||
        (request.clustering != Clustering::Random && std::cmp_not_equal(features.size(), shape.width * samples)))
        return internalError("features of another number of neurons");
    std::vector<std::int32_t> ranked = byImportance(importance);
    const auto shared = ranked.begin() + shape.sharedWidth();
    NeuronSplit split;
    split.order.assign(ranked.begin(), shared);
    std::sort(split.order.begin(), split.order.end());
    std::vector<std::int32_t> rest(shared, ranked.end());
    std::vector<std::int32_t> clusterOf(rest.size());
    if (request.clustering == Clustering::Random || shape.active == 0) {
        std::mt19937_64 random(request.seed);
        for (std::size_t i = rest.size(); i > 1; --i) // std::shuffle differs between standard libraries
            std::swap(rest[i - 1], rest[static_cast<std::size_t>(random() % i)]);
        for (std::size_t i = 0; i < rest.size(); ++i)
            clusterOf[i] = static_cast<std::int32_t>(i) / shape.expertWidth();
    } else {
        Clusters clusters(request, features, samples, rest);
        const int most = request.clustering == Clustering::Markers ? 1 : request.rounds;
        for (split.rounds = 1;; ++split.rounds) {
            ESPALIER_TRY(BalancedAssignment found, clusters.assign());
            const bool same = found.clusterOf == clusterOf && split.rounds > 1;
            clusterOf = std::move(found.clusterOf);
            split.cost = found.cost;
            if (same || split.rounds >= most)
                break;
            clusters.moveCenters(clusterOf);
        }
    }
    std::vector<std::vector<std::int32_t>> members(static_cast<std::size_t>(shape.routed()));
    for (std::size_t i = 0; i < rest.size(); ++i)
        members[static_cast<std::size_t>(clusterOf[i])].push_back(rest[i]);
    for (auto& member : members) {
        std::sort(member.begin(), member.end());
        split.order.insert(split.order.end(), member.begin(), member.end());
    }
    if (!isPermutation(split.order, shape.width))
        return internalError("the split lost a neuron");
    return split;
}

bool isPermutation(std::span<const std::int32_t> order, std::int64_t width)
{
    std::vector<bool> seen(static_cast<std::size_t>(width));
    for (const std::int32_t value : order) {
        if (value < 0 || value >= width || seen[static_cast<std::size_t>(value)])
            return false;
        seen[static_cast<std::size_t>(value)] = true;
    }
    return std::cmp_equal(order.size(), width);
}

} // namespace espalier::method
