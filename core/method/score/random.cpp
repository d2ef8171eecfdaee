// SPDX-License-Identifier: Apache-2.0
#include "core/method/score/methods.h"
#include "core/method/score/score_helpers.h"

namespace espalier::method {
namespace {

/// SplitMix64 (Steele, Lea, Flood 2014): the same on every machine.
std::uint64_t mix(std::uint64_t x)
{
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
}

ScoreTable randomScores(Domains domains, Weights, const ScoreRequest& request)
{
    auto table = emptyTable(domains, request);
    for (auto& layer : table.layers)
        for (std::size_t e = 0; e < layer.experts.size(); ++e) {
            const std::uint64_t bits =
                mix(mix(mix(request.seed) ^ static_cast<std::uint64_t>(layer.layer.value())) ^ e);
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
