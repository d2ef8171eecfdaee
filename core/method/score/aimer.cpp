// SPDX-License-Identifier: Apache-2.0
#include "core/method/score/methods.h"
#include "core/method/score/score_helpers.h"

#include <cmath>

namespace espalier::method {
namespace {

/// Flatness mean|w| / rms(w) is 1 when all weights have one size and 0.80 when they are Gaussian; the flattest experts
/// go first, so the score is 1 - flatness. An expert whose weights are all 0 computes nothing and goes before all.
ScoreTable aimer(const stats::WeightStats& weights, const ScoreRequest& request)
{
    auto table = emptyTable(weights, request);
    for (std::size_t l = 0; l < table.layers.size(); ++l) {
        const auto& facts = weights.layers[l];
        for (std::size_t e = 0; e < table.layers[l].experts.size(); ++e)
            table.layers[l].experts[e].score =
                facts.rms[e] > 0 ? std::max(0.0, 1 - facts.absMean[e] / facts.rms[e]) : 0;
    }
    return table;
}

} // namespace

ScoreMethod aimerMethod()
{
    ScoreMethod method;
    method.id = "aimer";
    method.title = "AIMER, from the weights";
    method.paper = "AIMER, arXiv 2603.18492";
    method.formula = "1 - mean|w| / rms(w) over gate, up and down of expert i; no texts";
    method.unit = "1 - flatness";
    method.fromWeights = aimer;
    return method;
}

} // namespace espalier::method
