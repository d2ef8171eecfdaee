// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/expert_facts.h"

#include "core/stats/inference.h"

#include <algorithm>
#include <cmath>

namespace espalier::views {
namespace {

using stats::Stat;

using stats::kZ95;

struct Sums {
    double count = 0, tokens = 0, gate = 0, gate2 = 0, gateNorm = 0, gateNorm2 = 0;
};

double mean(double sum, double n)
{
    return n > 0 ? sum / n : std::nan(""); // also when the sum is not known
}

} // namespace

Estimate ratioToUniform(double count, double tokens, double experts, double topK)
{
    if (!(tokens > 0) || topK <= 0 || !std::isfinite(count))
        return {std::nan(""), std::nan("")};
    const double p = count / tokens, scale = experts / topK;
    return {p * scale, tokens > 1 ? kZ95 * std::sqrt(p * (1 - p) / tokens) * scale : std::nan("")};
}

ExpertFacts expertFacts(const stats::Statistics& statistics, const std::string& domain, int row, int expert,
                        std::size_t companions)
{
    ExpertFacts facts;
    const auto r = static_cast<std::size_t>(row), e = static_cast<std::size_t>(expert);
    Sums sums;
    std::vector<double> together;
    double experts = 0, topK = 0;
    facts.hasNorms = true;
    for (const auto& each : statistics.domains) {
        if (r >= each.layers.size() || expert < 0 || expert >= each.layers[r].topology().experts)
            return {};
        const stats::LayerStats& layer = each.layers[r];
        experts = layer.topology().experts;
        topK = layer.topology().topK;
        const ExpertIndex id(expert);
        const double unknown = std::nan("");
        const auto valueOf = [&](Stat stat) { return layer.has(stat) ? layer.at(stat, id) : unknown; };
        const double count = valueOf(Stat::Count);
        facts.domains.push_back({each.name, ratioToUniform(count, layer.tokens(), experts, topK), count});
        if (!domain.empty() && each.name != domain)
            continue;
        sums.count += count;
        sums.tokens += layer.tokens();
        sums.gate += valueOf(Stat::Gate);
        sums.gate2 += valueOf(Stat::Gate2);
        sums.gateNorm += layer.at(Stat::GateNorm, id);
        sums.gateNorm2 += layer.at(Stat::GateNorm2, id);
        facts.hasNorms = facts.hasNorms && layer.has(Stat::GateNorm);
        const auto pairs = layer[Stat::Coactivation];
        const auto width = static_cast<std::size_t>(layer.topology().experts);
        if (!pairs.empty()) {
            together.resize(width);
            for (std::size_t other = 0; other < width; ++other)
                together[other] += pairs[e * width + other];
        }
    }
    facts.tokens = sums.count;
    facts.ofTokens = sums.tokens;
    facts.ratio = ratioToUniform(sums.count, sums.tokens, experts, topK);
    const double toShare = experts > 0 ? 1 / experts : 0;
    facts.share = {facts.ratio.value * toShare, facts.ratio.half * toShare};
    facts.gate = {mean(sums.gate, sums.count), kZ95 * stats::standardErrorOfMean(sums.gate, sums.gate2, sums.count)};
    facts.reap = {mean(sums.gateNorm, sums.count),
                  kZ95 * stats::standardErrorOfMean(sums.gateNorm, sums.gateNorm2, sums.count)};
    facts.reapSum = facts.hasNorms ? sums.gateNorm : std::nan("");
    for (std::size_t other = 0; other < together.size() && sums.count > 0; ++other)
        if (other != e && together[other] > 0)
            facts.companions.push_back({static_cast<int>(other), together[other] / sums.count});
    std::stable_sort(facts.companions.begin(), facts.companions.end(),
                     [](const auto& a, const auto& b) { return a.share > b.share; });
    if (facts.companions.size() > companions)
        facts.companions.resize(companions);
    return facts;
}

} // namespace espalier::views
