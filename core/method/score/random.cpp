// SPDX-License-Identifier: Apache-2.0
#include "core/base/split_mix.h"
#include "core/method/score/methods.h"
#include "core/method/score/score_helpers.h"

namespace espalier::method {
namespace {

ScoreTable randomScores(Domains domains, Weights, const ScoreRequest& request)
{
    auto table = emptyTable(domains, request);
    for (auto& layer : table.layers)
        for (std::size_t e = 0; e < layer.experts.size(); ++e) {
            const std::uint64_t bits = base::splitMix(
                base::splitMix(base::splitMix(request.seed) ^ static_cast<std::uint64_t>(layer.layer.value())) ^ e);
            layer.experts[e].score = static_cast<double>(bits >> 11U) * 0x1.0p-53;
        }
    return table;
}

} // namespace

ScoreMethod randomMethod()
{
    return {"random", "Random control", "control", "uniform in [0, 1) from (seed, layer, expert)", "none", {}, false,
            false,    randomScores};
}

} // namespace espalier::method
