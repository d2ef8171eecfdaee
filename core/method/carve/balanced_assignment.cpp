// SPDX-License-Identifier: Apache-2.0
#include "core/method/carve/balanced_assignment.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <queue>
#include <utility>

namespace espalier::method {

namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();

/// What it costs to move a point from its cluster to another one; the cheapest on top, lower numbers first.
using Move = std::pair<double, std::int32_t>;
using Moves = std::priority_queue<Move, std::vector<Move>, std::greater<>>;

class Transport {
public:
    Transport(std::span<const float> costs, std::int64_t points, std::int64_t clusters)
        : m_costs(costs), m_k(static_cast<std::size_t>(clusters)),
          m_capacity(static_cast<std::size_t>(points / clusters)), m_size(m_k, 0), m_moves(m_k * m_k),
          m_clusterOf(static_cast<std::size_t>(points), -1)
    {
    }

    BalancedAssignment solve()
    {
        for (std::size_t point = 0; point < m_clusterOf.size(); ++point)
            insert(point);
        BalancedAssignment result;
        for (std::size_t point = 0; point < m_clusterOf.size(); ++point)
            result.cost += cost(point, static_cast<std::size_t>(m_clusterOf[point]));
        result.clusterOf = std::move(m_clusterOf);
        return result;
    }

private:
    [[nodiscard]] double cost(std::size_t point, std::size_t cluster) const { return m_costs[point * m_k + cluster]; }

    void place(std::size_t point, std::size_t cluster)
    {
        m_clusterOf[point] = static_cast<std::int32_t>(cluster);
        for (std::size_t other = 0; other < m_k; ++other)
            if (other != cluster)
                m_moves[cluster * m_k + other].emplace(cost(point, other) - cost(point, cluster),
                                                       static_cast<std::int32_t>(point));
    }

    /// Cheapest move between two clusters; points that have left the first one are forgotten here.
    [[nodiscard]] Move cheapest(std::size_t from, std::size_t to)
    {
        Moves& moves = m_moves[from * m_k + to];
        while (!moves.empty() && std::cmp_not_equal(m_clusterOf[static_cast<std::size_t>(moves.top().second)], from))
            moves.pop();
        return moves.empty() ? Move{kFar, -1} : moves.top();
    }

    /// One more point, along the cheapest chain of moves that ends in a cluster with room. The points placed before are
    /// assigned optimally, so chains have no cycle of negative cost, and the result is optimal again.
    void insert(std::size_t point)
    {
        std::size_t best = 0;
        for (std::size_t cluster = 1; cluster < m_k; ++cluster)
            if (cost(point, cluster) < cost(point, best))
                best = cluster;
        if (m_size[best] < m_capacity) { // no chain is cheaper than the cheapest place itself
            ++m_size[best];
            place(point, best);
            return;
        }
        std::vector<double> reach(m_k);
        std::vector<std::int32_t> before(m_k, -1), moved(m_k, -1);
        for (std::size_t cluster = 0; cluster < m_k; ++cluster)
            reach[cluster] = cost(point, cluster);
        for (std::size_t round = 0; round < m_k; ++round) { // Bellman-Ford: moves may be gains
            bool changed = false;
            for (std::size_t from = 0; from < m_k; ++from) {
                if (m_size[from] < m_capacity)
                    continue;
                for (std::size_t to = 0; to < m_k; ++to) {
                    if (to == from)
                        continue;
                    const Move move = cheapest(from, to);
                    const double there = reach[from] + move.first;
                    // Below rounding a chain could turn in a cycle
                    if (there < reach[to] - 1e-12 * (1 + std::abs(reach[to]))) {
                        reach[to] = there;
                        before[to] = static_cast<std::int32_t>(from);
                        moved[to] = move.second;
                        changed = true;
                    }
                }
            }
            if (!changed)
                break;
        }
        std::size_t end = m_k;
        for (std::size_t cluster = 0; cluster < m_k; ++cluster)
            if (m_size[cluster] < m_capacity && (end == m_k || reach[cluster] < reach[end]))
                end = cluster;
        ++m_size[end];
        std::vector<std::pair<std::size_t, std::size_t>> chain; // (point, its new cluster)
        for (std::size_t at = end;; at = static_cast<std::size_t>(before[at])) {
            chain.emplace_back(before[at] < 0 ? point : static_cast<std::size_t>(moved[at]), at);
            if (before[at] < 0)
                break;
        }
        for (const auto& [who, where] : chain)
            place(who, where);
    }

    std::span<const float> m_costs;
    std::size_t m_k, m_capacity;
    std::vector<std::size_t> m_size;
    std::vector<Moves> m_moves; ///< [from, to]
    std::vector<std::int32_t> m_clusterOf;
};

} // namespace

Result<BalancedAssignment> assignBalanced(std::span<const float> costs, std::int64_t points, std::int64_t clusters)
{
    if (clusters < 1 || points % clusters != 0)
        return usageError(fmt::format("{} neurons cannot be divided into {} experts of equal size", points, clusters));
    if (std::cmp_not_equal(costs.size(), points * clusters))
        return internalError(fmt::format("{} costs for {} points and {} clusters", costs.size(), points, clusters));
    if (std::any_of(costs.begin(), costs.end(), [](float value) { return !std::isfinite(value); }))
        return badInput("an activation is not a finite number, so neurons cannot be compared", {}, {},
                        "Check the model's weights; compute in float32");
    return Transport(costs, points, clusters).solve();
}

} // namespace espalier::method
