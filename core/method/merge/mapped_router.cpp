// SPDX-License-Identifier: Apache-2.0
#include "core/method/merge/mapped_router.h"

#include "core/method/merge/linear_system.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace espalier::method {
namespace {

using Rows = std::vector<std::vector<double>>; ///< [K][E] shares of the router's rows

/// Of a probability whose logit is asked for.
constexpr double kLeastScore = 1e-6;

/// The expert with the largest coefficient.
std::size_t mainExpert(std::span<const float> row)
{
    return static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

/// Scores of one token's logits.
std::vector<double> scoresOf(std::span<const double> logits, bool softmax)
{
    std::vector<double> scores(logits.size());
    const double largest = *std::max_element(logits.begin(), logits.end());
    for (std::size_t i = 0; i < logits.size(); ++i)
        scores[i] = softmax ? std::exp(logits[i] - largest) : 1 / (1 + std::exp(-logits[i]));
    if (const double sum = std::accumulate(scores.begin(), scores.end(), 0.0); softmax)
        for (double& score : scores)
            score /= sum;
    return scores;
}

/// W_RM g, negative values as 0, before it is divided by its sum.
std::vector<double> mapped(const ExpertMixing& mixing, std::span<const double> scores)
{
    std::vector<double> out(static_cast<std::size_t>(mixing.kept));
    for (std::size_t j = 0; j < out.size(); ++j) {
        const auto row = mixing.routerRow(j);
        double sum = 0;
        for (std::size_t i = 0; i < row.size(); ++i)
            sum += row[i] * scores[i];
        out[j] = std::max(0.0, sum);
    }
    return out;
}

/// Shares of the experts a token chooses, 0 for the others.
std::vector<double> chosenShares(std::span<const double> scores, const RouterRule& rule,
                                 const std::vector<ExpertGroup>& groups)
{
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), 0);
    const auto key = [&](std::size_t j) {
        return scores[j] + (rule.bias.empty() ? 0.0 : rule.bias[static_cast<std::size_t>(groups[j].kept)]);
    };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return key(a) > key(b); });
    order.resize(std::min(order.size(), static_cast<std::size_t>(rule.topK)));
    double sum = 0;
    for (const std::size_t j : order)
        sum += scores[j];
    std::vector<double> shares(scores.size(), 0.0);
    for (const std::size_t j : order) // chosen with a score of 0 is not the same as not chosen
        shares[j] = std::max(sum > 0 ? scores[j] / sum : 0, std::numeric_limits<double>::min());
    return shares;
}

struct Token {
    std::vector<double> logits; ///< [E]
    std::vector<double> mapped; ///< [K], of a softmax divided by their sum
    std::vector<double> wanted; ///< [K] logits that give them; NaN where nothing maps
};

std::vector<Token> tokensOf(const LayerEvidence& evidence, const ExpertMixing& mixing, bool softmax)
{
    std::vector<Token> tokens;
    const std::size_t experts = evidence.count();
    for (std::size_t t = 0; t < static_cast<std::size_t>(evidence.bank); ++t) {
        const auto begin = evidence.bankLogits.begin() + static_cast<std::ptrdiff_t>(t * experts);
        Token token{{begin, begin + static_cast<std::ptrdiff_t>(experts)}, {}, {}};
        if (!std::all_of(token.logits.begin(), token.logits.end(), [](double z) { return std::isfinite(z); }))
            continue;
        const auto scores = scoresOf(token.logits, softmax);
        token.mapped = mapped(mixing, scores);
        const double largest = *std::max_element(token.logits.begin(), token.logits.end());
        const double scale = // log of a softmax's divisor
            largest - std::log(*std::max_element(scores.begin(), scores.end()));
        for (const double score : token.mapped) {
            const double inside = std::clamp(score, kLeastScore, 1 - kLeastScore);
            const double logit = softmax ? std::log(score) + scale : std::log(inside / (1 - inside));
            token.wanted.push_back(score > 0 ? logit : std::nan(""));
        }
        if (const double sum = std::accumulate(token.mapped.begin(), token.mapped.end(), 0.0); softmax && sum > 0)
            for (double& score : token.mapped)
                score /= sum;
        tokens.push_back(std::move(token));
    }
    return tokens;
}

std::vector<double> fittedRow(std::span<const Token> tokens, std::size_t step, std::size_t j,
                              std::vector<double> towards)
{
    const std::size_t experts = towards.size();
    std::vector<double> matrix(experts * experts, 0.0), right(experts, 0.0);
    for (std::size_t t = 0; t < tokens.size(); t += step) {
        const Token& token = tokens[t];
        if (!std::isfinite(token.wanted[j]))
            continue;
        for (std::size_t i = 0; i < experts; ++i) {
            const double weighed = token.mapped[j] * token.logits[i];
            right[i] += weighed * token.wanted[j];
            for (std::size_t k = 0; k <= i; ++k)
                matrix[i * experts + k] += weighed * token.logits[k];
        }
    }
    double trace = 0;
    for (std::size_t i = 0; i < experts; ++i) {
        trace += matrix[i * experts + i];
        for (std::size_t k = i + 1; k < experts; ++k)
            matrix[i * experts + k] = matrix[k * experts + i];
    }
    constexpr double kPull = 1e-3;
    const double ridge = trace > 0 ? kPull * trace / static_cast<double>(experts) : 1;
    for (std::size_t i = 0; i < experts; ++i) {
        matrix[i * experts + i] += ridge;
        right[i] += ridge * towards[i];
    }
    const bool fine = solveLinear(matrix, right) &&
                      std::all_of(right.begin(), right.end(), [](double share) { return std::isfinite(share); });
    return fine ? right : towards;
}

GateFit judge(std::span<const Token> tokens, std::size_t begin, std::size_t step, const Rows& rows,
              const RouterRule& rule, const std::vector<ExpertGroup>& groups)
{
    GateFit fit;
    double weight = 0;
    for (std::size_t t = begin; t < tokens.size(); t += step) {
        const Token& token = tokens[t];
        std::vector<double> logits(rows.size(), 0.0);
        for (std::size_t j = 0; j < rows.size(); ++j) {
            for (std::size_t i = 0; i < token.logits.size(); ++i)
                logits[j] += rows[j][i] * token.logits[i];
            if (std::isfinite(token.wanted[j])) {
                fit.logitError += token.mapped[j] * (logits[j] - token.wanted[j]) * (logits[j] - token.wanted[j]);
                weight += token.mapped[j];
            }
        }
        const auto wanted = chosenShares(token.mapped, rule, groups);
        const auto found = chosenShares(scoresOf(logits, rule.softmax), rule, groups);
        bool same = true;
        for (std::size_t j = 0; j < wanted.size(); ++j) {
            same = same && (wanted[j] > 0) == (found[j] > 0);
            fit.movedGate += std::abs(wanted[j] - found[j]) / 2;
        }
        fit.sameChoice += same ? 1 : 0;
        ++fit.tokens;
    }
    const auto count = static_cast<double>(std::max<std::int64_t>(1, fit.tokens));
    fit.sameChoice /= count;
    fit.movedGate /= count;
    fit.logitError = weight > 0 ? std::sqrt(fit.logitError / weight) : 0;
    return fit;
}

} // namespace

bool mapsExactly(const ExpertMixing& mixing, bool softmax)
{
    float factor = softmax ? 0.0F : 1.0F; // a softmax does not see a common one
    for (std::size_t row = 0; row < static_cast<std::size_t>(mixing.kept); ++row) {
        const auto values = mixing.routerRow(row);
        const float own = values[mainExpert(values)];
        if (std::count_if(values.begin(), values.end(), [](float v) { return v != 0.0F; }) != 1 || own <= 0.0F ||
            (factor != 0.0F && own != factor))
            return false;
        factor = own;
    }
    return true;
}

LayerMerge layerOfSums(LayerIndex layer, const ExpertMixing& mixing, const std::vector<std::int32_t>& keep)
{
    LayerMerge merge;
    merge.layer = layer;
    merge.sums = true;
    for (std::size_t j = 0; j < keep.size(); ++j) {
        const auto weights = mixing.mergeRow(j);
        const std::size_t main = mainExpert(mixing.routerRow(j));
        ExpertGroup group;
        group.kept = keep[j];
        for (std::size_t i = 0; i < weights.size(); ++i) {
            if (weights[i] == 0.0F && i != main && std::cmp_not_equal(i, keep[j]))
                continue;
            group.members.push_back(static_cast<std::int32_t>(i));
            group.weights.push_back(weights[i]);
            group.rows.push_back(i == main ? 1 : 0);
        }
        merge.groups.push_back(std::move(group));
    }
    return merge;
}

void fitRows(LayerMerge& layer, const LayerEvidence& evidence, const ExpertMixing& mixing, const RouterRule& rule)
{
    const auto tokens = tokensOf(evidence, mixing, rule.softmax);
    const std::size_t step = tokens.size() > 1 ? 2 : 1, judged = step - 1;
    Rows main, fitted;
    for (std::size_t j = 0; j < layer.groups.size(); ++j) {
        main.emplace_back(evidence.count(), 0.0)[mainExpert(mixing.routerRow(j))] = 1;
        fitted.push_back(fittedRow(tokens, step, j, main.back()));
    }
    const GateFit asNamed = judge(tokens, judged, step, main, rule, layer.groups);
    layer.fit = judge(tokens, judged, step, fitted, rule, layer.groups);
    if (asNamed.movedGate <= layer.fit->movedGate) {
        layer.fit = asNamed;
        return; // layerOfSums() has those rows
    }
    for (std::size_t j = 0; j < layer.groups.size(); ++j) {
        ExpertGroup& group = layer.groups[j];
        const auto weights = mixing.mergeRow(j);
        group.members.resize(evidence.count());
        std::iota(group.members.begin(), group.members.end(), 0);
        group.weights.assign(weights.begin(), weights.end());
        group.rows = fitted[j];
    }
}

} // namespace espalier::method
