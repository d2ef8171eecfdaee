// SPDX-License-Identifier: Apache-2.0
#include "core/method/score/score_helpers.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace espalier::method {

double finiteOrZero(double value)
{
    return std::isfinite(value) ? value : 0.0;
}

double PooledTokens::sumError() const
{
    const double m = mean();
    const double residual = m_squares2 - 2 * m * m_sum2 + m * m * m_n2;
    if (!(m_tokens >= 2) || !(m_n > 0) || !std::isfinite(residual))
        return std::numeric_limits<double>::quiet_NaN();
    return std::sqrt(std::max(0.0, residual) * m_tokens / (m_tokens - 1));
}

ScoreTable emptyTable(Domains domains, const ScoreRequest& request)
{
    ScoreTable table;
    table.method = request.method;
    for (const auto* domain : domains) {
        table.domains.push_back(domain->name);
        table.tokens += static_cast<double>(domain->tokens);
    }
    const auto& layers = domains.front()->layers;
    table.layers.resize(layers.size());
    for (std::size_t l = 0; l < layers.size(); ++l) {
        auto& out = table.layers[l];
        out.layer = layers[l].layer();
        out.experts.assign(static_cast<std::size_t>(layers[l].topology().experts),
                           {0.0, std::numeric_limits<double>::quiet_NaN(), 0.0});
        for (const auto* domain : domains) {
            const auto counts = domain->layers[l][stats::Stat::Count];
            if (counts.empty()) // imports may not know
                for (auto& expert : out.experts)
                    expert.tokens = table.tokens = std::numeric_limits<double>::quiet_NaN();
            for (std::size_t e = 0; e < counts.size(); ++e)
                out.experts[e].tokens += counts[e];
        }
    }
    return table;
}

ScoreTable emptyTable(const stats::WeightStats& weights, const ScoreRequest& request)
{
    ScoreTable table;
    table.method = request.method;
    for (const auto& facts : weights.layers) {
        auto& out = table.layers.emplace_back();
        out.layer = facts.layer;
        out.experts.assign(static_cast<std::size_t>(facts.experts),
                           {0.0, std::numeric_limits<double>::quiet_NaN(), 0.0});
    }
    return table;
}

std::vector<PooledTokens> poolLayer(Domains domains, Weights weights, std::size_t layer, stats::Stat sum,
                                    stats::Stat squares, Over over)
{
    std::vector<PooledTokens> pooled(static_cast<std::size_t>(domains.front()->layers[layer].topology().experts));
    for (std::size_t d = 0; d < domains.size(); ++d) {
        const auto& part = domains[d]->layers[layer];
        const auto sums = part[sum], secondMoments = part[squares], counts = part[stats::Stat::Count];
        const double all = over == Over::Bank ? part[stats::Stat::BankTokens][0] : part.tokens();
        for (std::size_t e = 0; e < pooled.size(); ++e)
            pooled[e].add(weights[d], sums[e], secondMoments[e], over == Over::Routed ? counts[e] : all);
    }
    return pooled;
}

ScoreTable sumScore(Domains domains, Weights weights, const ScoreRequest& request, stats::Stat sum, stats::Stat squares)
{
    auto table = emptyTable(domains, request);
    for (std::size_t l = 0; l < table.layers.size(); ++l) {
        const auto pooled = poolLayer(domains, weights, l, sum, squares, Over::AllTokens);
        for (std::size_t e = 0; e < pooled.size(); ++e) {
            table.layers[l].experts[e].score = pooled[e].sum();
            table.layers[l].experts[e].standardError = pooled[e].sumError();
        }
    }
    return table;
}

ScoreTable meanScore(Domains domains, Weights weights, const ScoreRequest& request, stats::Stat sum,
                     stats::Stat squares, Over over)
{
    auto table = emptyTable(domains, request);
    for (std::size_t l = 0; l < table.layers.size(); ++l) {
        const auto pooled = poolLayer(domains, weights, l, sum, squares, over);
        for (std::size_t e = 0; e < pooled.size(); ++e) {
            table.layers[l].experts[e].score = pooled[e].mean();
            table.layers[l].experts[e].standardError = pooled[e].meanError();
        }
    }
    return table;
}

} // namespace espalier::method
