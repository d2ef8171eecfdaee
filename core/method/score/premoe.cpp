// SPDX-License-Identifier: Apache-2.0
// PreMoe's two scores on raw router logits s (no bias, before softmax or sigmoid).
#include "core/method/score/methods.h"
#include "core/method/score/score_helpers.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace espalier::method {
namespace {

using stats::Stat;

/// Softmax over the token's pool of k logits (largest first) into p.
void poolProbabilities(const float* logits, std::size_t k, double* p)
{
    double total = 0;
    for (std::size_t j = 0; j < k; ++j)
        total += p[j] = std::exp(static_cast<double>(logits[j]) - static_cast<double>(logits[0]));
    for (std::size_t j = 0; j < k; ++j)
        p[j] /= total;
}

/// Sums of f(s) and f(s)^2 per expert over one domain's tokens that pass the domain's own threshold.
void addPeu(const stats::LogitPool& pool, std::vector<double>& sum, std::vector<double>& squares)
{
    const auto k = static_cast<std::size_t>(pool.k);
    const std::size_t n = pool.logits.size() / k;
    std::vector<double> p(n * k);
    double threshold = 0;
    for (std::size_t t = 0; t < n; ++t) {
        poolProbabilities(&pool.logits[t * k], k, &p[t * k]);
        threshold += p[t * k];
    }
    // Tokens that all agree must pass although their average is rounded.
    threshold = threshold / static_cast<double>(std::max<std::size_t>(n, 1)) * (1 - 1e-12);
    for (std::size_t t = 0; t < n; ++t)
        for (std::size_t j = t * k; j < (t + 1) * k && p[j] >= threshold; ++j) {
            const double s = pool.logits[j];
            const double f = std::max(s, 1 / (1 + std::exp(-s)));
            sum[pool.ids[j]] += f;
            squares[pool.ids[j]] += f * f;
        }
}

/// v3, section 3.2: pool of K_a = k, threshold r = mean over the domain's tokens of the winner's pool probability,
/// f(s) = max(s, sigmoid(s)), mean over all tokens; domains pooled by tokens (appendix A.2).
ScoreTable peu(Domains domains, Weights weights, const ScoreRequest& request)
{
    auto table = emptyTable(domains, request);
    std::vector<double> sum, squares;
    for (std::size_t l = 0; l < table.layers.size(); ++l) {
        auto& experts = table.layers[l].experts;
        std::vector<PooledTokens> pooled(experts.size());
        for (std::size_t d = 0; d < domains.size(); ++d) {
            const auto& layer = domains[d]->layers[l];
            sum.assign(experts.size(), 0.0);
            squares.assign(experts.size(), 0.0);
            if (layer.tokens() > 0)
                addPeu(layer.pool(), sum, squares);
            for (std::size_t e = 0; e < experts.size(); ++e)
                pooled[e].add(weights[d], sum[e], squares[e], layer.tokens());
        }
        for (std::size_t e = 0; e < experts.size(); ++e) {
            experts[e].score = pooled[e].mean();
            experts[e].standardError = pooled[e].meanError();
        }
    }
    return table;
}

} // namespace

ScoreMethod tcessMethod()
{
    return {
        "tcess",
        "TCESS",
        "PreMoe v1, arXiv 2505.17639v1, K_a = 1",
        "mean over all tokens of s_i where s_i is the largest logit",
        "logit",
        {Stat::LogitTop1, Stat::LogitTop1Sq},
        false,
        false,
        // Paper's known flaw, kept: logits may be negative, so an expert that never wins (0) can outrank one that does.
        [](Domains d, Weights w, const ScoreRequest& r) {
            return meanScore(d, w, r, Stat::LogitTop1, Stat::LogitTop1Sq, Over::AllTokens);
        }};
}

ScoreMethod peuMethod()
{
    return {"peu",
            "PEU",
            "PreMoe v3, arXiv 2505.17639v3, section 3.2",
            "mean over all tokens of max(s_i, sigmoid(s_i)) where i is in the top-k pool with p_i >= r",
            "logit",
            {Stat::Count},
            true,
            false,
            peu};
}

} // namespace espalier::method
