// SPDX-License-Identifier: Apache-2.0
// STUN with (lambda_1, lambda_2) = (1, 0): experts are alike when their router rows are close; no texts.
#include "core/method/score/methods.h"
#include "core/method/score/score_helpers.h"

#include <limits>
#include <numeric>
#include <vector>

namespace espalier::method {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

/// Agglomeration with complete linkage: a merge at height t is one that the paper's threshold t allows (no cross
/// distance above it), so cutting at t gives its clusters, and one threshold over all layers its counts. Of the two
/// representatives that meet, the one farther from the cluster's mean router row goes, at that height; its height is
/// its score. So plans of every size are one order, and nest. Two alone are equally far from their mean: then the
/// larger row, which speaks louder, stays.
class Agglomeration {
public:
    explicit Agglomeration(const stats::LayerWeights& facts)
        : m_facts(facts), m_n(static_cast<std::size_t>(facts.experts)), m_distance(facts.routerDistance),
          m_members(m_n), m_representative(m_n), m_nearest(m_n, kNone), m_active(m_n, true)
    {
        for (std::size_t i = 0; i < m_n; ++i) {
            m_members[i] = {i};
            m_representative[i] = i;
        }
        for (std::size_t i = 0; i < m_n; ++i)
            findNearest(i);
    }

    /// Height at which each expert stops being a representative; the last one's is larger than any.
    std::vector<double> heights()
    {
        std::vector<double> out(m_n, 0);
        double height = 0;
        std::size_t last = 0;
        for (std::size_t left = m_n; left > 1; --left) {
            std::size_t a = kNone;
            for (std::size_t i = 0; i < m_n; ++i)
                if (m_active[i] && m_nearest[i] != kNone && (a == kNone || at(i, m_nearest[i]) < at(a, m_nearest[a])))
                    a = i;
            const std::size_t b = m_nearest[a];
            height = at(a, b);
            out[merge(a, b)] = height;
            last = m_representative[a];
        }
        if (m_n > 0)
            out[last] = height * (1 + 1 / static_cast<double>(m_n));
        return out;
    }

private:
    [[nodiscard]] double at(std::size_t i, std::size_t j) const { return m_distance[i * m_n + j]; }

    void findNearest(std::size_t i)
    {
        m_nearest[i] = kNone;
        for (std::size_t j = 0; j < m_n; ++j)
            if (j != i && m_active[j] && (m_nearest[i] == kNone || at(i, j) < at(i, m_nearest[i])))
                m_nearest[i] = j;
    }

    /// Square distance of a row to the mean of a cluster: mean_j d(i,j)^2 less a term that is the same for all i.
    [[nodiscard]] double toMean(std::size_t row, const std::vector<std::size_t>& members) const
    {
        double sum = 0;
        for (const auto j : members)
            sum += m_facts.routerDistance[row * m_n + j] * m_facts.routerDistance[row * m_n + j];
        return sum;
    }

    /// b joins a; returns the representative that goes.
    std::size_t merge(std::size_t a, std::size_t b)
    {
        m_members[a].insert(m_members[a].end(), m_members[b].begin(), m_members[b].end());
        std::size_t stays = m_representative[a], goes = m_representative[b];
        const double one = toMean(stays, m_members[a]), other = toMean(goes, m_members[a]);
        const bool equal = std::abs(one - other) <= 1e-12 * (one + other);
        const double rowOne = m_facts.routerNorm[stays], rowOther = m_facts.routerNorm[goes];
        if (equal ? rowOther > rowOne || (rowOther == rowOne && goes < stays) : other < one)
            std::swap(stays, goes);
        m_representative[a] = stays;
        m_active[b] = false;
        for (std::size_t j = 0; j < m_n; ++j)
            if (m_active[j] && j != a)
                m_distance[a * m_n + j] = m_distance[j * m_n + a] = std::max(at(a, j), at(b, j));
        findNearest(a);
        for (std::size_t j = 0; j < m_n; ++j)
            if (m_active[j] && j != a && (m_nearest[j] == a || m_nearest[j] == b))
                findNearest(j);
        return goes;
    }

    const stats::LayerWeights& m_facts;
    std::size_t m_n;
    std::vector<double> m_distance; // between clusters, by the place of their first member
    std::vector<std::vector<std::size_t>> m_members;
    std::vector<std::size_t> m_representative, m_nearest;
    std::vector<bool> m_active;
};

ScoreTable stun(const stats::WeightStats& weights, const ScoreRequest& request)
{
    auto table = emptyTable(weights, request);
    for (std::size_t l = 0; l < table.layers.size(); ++l) {
        const auto heights = Agglomeration(weights.layers[l]).heights();
        for (std::size_t e = 0; e < heights.size(); ++e)
            table.layers[l].experts[e].score = heights[e];
    }
    return table;
}

} // namespace

ScoreMethod stunMethod()
{
    ScoreMethod method;
    method.id = "stun";
    method.title = "STUN, router rows";
    method.paper = "STUN, arXiv 2409.06211, (lambda_1, lambda_2) = (1, 0); representatives by router rows";
    method.formula = "height at which complete linkage on |R_i - R_j| merges expert i into a nearer one; no texts";
    method.unit = "distance of router rows";
    method.fromWeights = stun;
    return method;
}

} // namespace espalier::method
