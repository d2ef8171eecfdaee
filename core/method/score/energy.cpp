// SPDX-License-Identifier: Apache-2.0
// Scores from importance matrices: a is the input of the expert's down projection. Neither gate weight nor projection
// is in it, so it ranks experts by how strongly they fire, not by what they add to the residual stream.
#include "core/method/score/methods.h"
#include "core/method/score/score_helpers.h"

namespace espalier::method {

using stats::Stat;

namespace {

/// Means of several domains: over tokens where they are known, else over domains; both weighted.
ScoreTable energyMean(Domains domains, Weights weights, const ScoreRequest& request)
{
    ScoreTable table = emptyTable(domains, request);
    for (std::size_t l = 0; l < table.layers.size(); ++l) {
        bool counted = true;
        for (const auto* domain : domains)
            counted = counted && domain->layers[l].has(Stat::Count);
        for (std::size_t e = 0; e < table.layers[l].experts.size(); ++e) {
            double sum = 0, weight = 0;
            for (std::size_t d = 0; d < domains.size(); ++d) {
                const auto& layer = domains[d]->layers[l];
                const double w = weights[d] * (counted ? layer[Stat::Count][e] : 1);
                sum += w * layer[Stat::InnerEnergy][e];
                weight += w;
            }
            table.layers[l].experts[e].score = weight > 0 ? sum / weight : 0;
        }
    }
    return table;
}

ScoreTable energySum(Domains domains, Weights weights, const ScoreRequest& request)
{
    ScoreTable table = emptyTable(domains, request);
    for (std::size_t l = 0; l < table.layers.size(); ++l)
        for (std::size_t e = 0; e < table.layers[l].experts.size(); ++e)
            for (std::size_t d = 0; d < domains.size(); ++d)
                table.layers[l].experts[e].score +=
                    weights[d] * domains[d]->layers[l][Stat::Count][e] * domains[d]->layers[l][Stat::InnerEnergy][e];
    return table;
}

} // namespace

ScoreMethod energyMethod()
{
    return {"energy",
            "Inner energy, mean",
            "llama.cpp importance matrix, in_sum2 / counts of ffn_down_exps",
            "mean over routed tokens of |a_i(x)|^2, a the input of the down projection",
            "squared norm",
            {Stat::InnerEnergy},
            false,
            true,
            energyMean,
            nullptr,
            nullptr,
            false,
            true};
}

ScoreMethod energySumMethod()
{
    return {"energy-sum",
            "Inner energy, sum",
            "llama.cpp importance matrix, in_sum2 of ffn_down_exps",
            "sum over routed tokens of |a_i(x)|^2, a the input of the down projection",
            "squared norm",
            {Stat::Count, Stat::InnerEnergy},
            false,
            false,
            energySum,
            nullptr,
            nullptr,
            false,
            true};
}

} // namespace espalier::method
