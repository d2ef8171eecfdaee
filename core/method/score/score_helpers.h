// SPDX-License-Identifier: Apache-2.0
// Pooling of domains for score files: weighted sums over domains with their standard errors, and the table frame.
#pragma once

#include "core/method/score.h"

#include <span>
#include <vector>

namespace espalier::method {

using Domains = std::span<const stats::DomainStats* const>;
using Weights = std::span<const double>;

/// One value per token, x, over several domains, where every token of domain d weighs w_d. Standard errors hold the
/// weights fixed: Var(sum w x) is estimated by N / (N - 1) sum w^2 (x - m)^2 over the N real tokens, m the weighted
/// mean. With equal weights that is the textbook sqrt(N) s and s / sqrt(N); a weight never makes a token count twice.
class PooledTokens {
public:
    void add(double weight, double sum, double sumOfSquares, double n)
    {
        m_sum += weight * sum;
        m_n += weight * n;
        m_sum2 += weight * weight * sum;
        m_squares2 += weight * weight * sumOfSquares;
        m_n2 += weight * weight * n;
        m_tokens += n;
    }
    [[nodiscard]] double sum() const { return m_sum; }
    [[nodiscard]] double weightedTokens() const { return m_n; }
    [[nodiscard]] double tokens() const { return m_tokens; }
    [[nodiscard]] double mean() const { return m_n > 0 ? m_sum / m_n : 0; } ///< 0 without tokens
    [[nodiscard]] double sumError() const;                                  ///< NaN below two tokens or after overflow
    [[nodiscard]] double meanError() const { return sumError() / m_n; }

private:
    double m_sum = 0, m_n = 0, m_sum2 = 0, m_squares2 = 0, m_n2 = 0, m_tokens = 0;
};

/// Table with layers, experts, tokens and names set, scores 0 and standard errors NaN.
[[nodiscard]] ScoreTable emptyTable(Domains domains, const ScoreRequest& request);
/// The same for a score from the weights: no domains, no tokens.
[[nodiscard]] ScoreTable emptyTable(const stats::WeightStats& weights, const ScoreRequest& request);

/// Per expert of a layer: `sum` and `squares` pooled over the tokens routed to it, over all tokens of the layer, or
/// over those of the bank.
enum class Over { Routed, AllTokens, Bank };
[[nodiscard]] std::vector<PooledTokens> poolLayer(Domains domains, Weights weights, std::size_t layer, stats::Stat sum,
                                                  stats::Stat squares, Over over);

/// A sum over tokens, its standard error over all T tokens of the layer.
[[nodiscard]] ScoreTable sumScore(Domains domains, Weights weights, const ScoreRequest& request, stats::Stat sum,
                                  stats::Stat squares);
/// A mean over routed tokens or over all of them. 0 when never routed.
[[nodiscard]] ScoreTable meanScore(Domains domains, Weights weights, const ScoreRequest& request, stats::Stat sum,
                                   stats::Stat squares, Over over = Over::Routed);

/// Not finite -> 0, for sums that an overflowed expert must not spoil for the others.
[[nodiscard]] double finiteOrZero(double value);

} // namespace espalier::method
