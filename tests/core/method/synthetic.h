// SPDX-License-Identifier: Apache-2.0
// Tokens made up at random, kept one by one, so that every score can be computed from its definition; and the sums a
// calibration pass would have made of them. No library code computes anything here.
#pragma once

#include "core/stats/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace espalier::test {

/// What one expert did for one token.
struct RoutedExpert {
    int expert = 0;
    double gate = 0, norm = 0;
};
struct Token {
    std::vector<double> logits, probabilities;
    std::vector<RoutedExpert> routed; ///< k of them, largest logit first
    double turn = 0;                  ///< max(0, 1 - cos(h, h + y))
};
struct TokenDomain {
    std::string name;
    std::vector<std::vector<Token>> layers; ///< [layer][token]
};

inline double uniformIn(std::mt19937_64& random, double low, double high)
{
    return low + (high - low) * (static_cast<double>(random() >> 11U) * 0x1.0p-53);
}

/// Experts of a layer lean to higher or lower logits by `skew`; the last expert is never chosen. Every third token has
/// all its logits shifted far down: the router's choice and probabilities stay, the sign of the chosen logits changes.
inline TokenDomain makeTokens(const std::string& name, int layers, int tokens, int experts, int topK,
                              std::uint64_t seed, double skew = 1.0)
{
    std::mt19937_64 random(seed);
    TokenDomain out;
    out.name = name;
    out.layers.resize(static_cast<std::size_t>(layers));
    for (auto& layer : out.layers) {
        std::vector<double> lean(static_cast<std::size_t>(experts));
        for (double& v : lean)
            v = uniformIn(random, -skew, skew);
        for (int t = 0; t < tokens; ++t) {
            Token token;
            for (int e = 0; e < experts; ++e)
                // Through float, as the router's logits are stored.
                token.logits.push_back(static_cast<float>(lean[static_cast<std::size_t>(e)] +
                                                          uniformIn(random, -1.5, 1.5) - (e == experts - 1 ? 9 : 0) -
                                                          (t % 3 == 2 ? 6 : 0)));
            double total = 0;
            for (const double z : token.logits)
                total += std::exp(z);
            for (const double z : token.logits)
                token.probabilities.push_back(std::exp(z) / total);
            std::vector<int> order(static_cast<std::size_t>(experts));
            std::iota(order.begin(), order.end(), 0);
            std::sort(order.begin(), order.end(), [&](int a, int b) {
                return token.logits[static_cast<std::size_t>(a)] > token.logits[static_cast<std::size_t>(b)];
            });
            double chosen = 0;
            for (int j = 0; j < topK; ++j)
                chosen += token.probabilities[static_cast<std::size_t>(order[static_cast<std::size_t>(j)])];
            for (int j = 0; j < topK; ++j) {
                const int e = order[static_cast<std::size_t>(j)];
                token.routed.push_back(
                    {e, token.probabilities[static_cast<std::size_t>(e)] / chosen, uniformIn(random, 0.1, 4)});
            }
            token.turn = uniformIn(random, 0, 1);
            layer.push_back(std::move(token));
        }
    }
    return out;
}

/// Sums of a domain's tokens; `firstLayer` is the decoder index of the first layer.
inline stats::DomainStats sumTokens(const TokenDomain& domain, int topK, int firstLayer = 0)
{
    using stats::Stat;
    stats::DomainStats out;
    out.name = domain.name;
    out.tokens = static_cast<std::int64_t>(domain.layers.front().size());
    for (std::size_t l = 0; l < domain.layers.size(); ++l) {
        const int experts = static_cast<int>(domain.layers[l].front().logits.size());
        const stats::Topology topology{experts, topK, 4};
        auto& layer = out.layers.emplace_back(LayerIndex(firstLayer + static_cast<int>(l)), topology,
                                              *stats::StatSelection::parse("basic,pool,S9"));
        for (const auto& token : domain.layers[l]) {
            layer.addTokens(1);
            layer.edit(Stat::BankTokens)[0] += 1;
            for (std::size_t e = 0; e < token.probabilities.size(); ++e) {
                layer.edit(Stat::ProbAll)[e] += token.probabilities[e];
                layer.edit(Stat::ProbAll2)[e] += token.probabilities[e] * token.probabilities[e];
            }
            const auto top = static_cast<std::size_t>(token.routed.front().expert);
            layer.edit(Stat::LogitTop1)[top] += token.logits[top];
            layer.edit(Stat::LogitTop1Sq)[top] += token.logits[top] * token.logits[top];
            for (const auto& r : token.routed) {
                const auto e = static_cast<std::size_t>(r.expert);
                const double gn = r.gate * r.norm, turned = gn * token.turn;
                layer.edit(Stat::Count)[e] += 1;
                layer.edit(Stat::Gate)[e] += r.gate;
                layer.edit(Stat::Gate2)[e] += r.gate * r.gate;
                layer.edit(Stat::Norm)[e] += r.norm;
                layer.edit(Stat::Norm2)[e] += std::pow(r.norm, 2);
                layer.edit(Stat::Norm4)[e] += std::pow(r.norm, 4);
                layer.edit(Stat::GateNorm)[e] += gn;
                layer.edit(Stat::GateNorm2)[e] += gn * gn;
                layer.edit(Stat::LeaveOutLoss)[e] += gn * gn; // as if nothing took the expert's place
                layer.edit(Stat::LeaveOutLoss2)[e] += std::pow(gn, 4);
                layer.edit(Stat::Turn)[e] += turned;
                layer.edit(Stat::Turn2)[e] += turned * turned;
                layer.edit(Stat::MaxAbs)[e] = std::max(layer.edit(Stat::MaxAbs)[e], r.norm);
                layer.editPool().logits.push_back(static_cast<float>(token.logits[e]));
                layer.editPool().ids.push_back(static_cast<std::uint16_t>(e));
            }
        }
    }
    return out;
}

} // namespace espalier::test
