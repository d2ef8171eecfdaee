// SPDX-License-Identifier: Apache-2.0
// Models and statistics made up for planner tests.
#pragma once

#include "core/plan/planner.h"
#include "tests/core/method/synthetic.h"

#include <QTest>
#include <set>

#define QVERIFY_RESULT(result) QVERIFY2((result).ok(), (result).ok() ? "" : (result).error().text().c_str())

namespace espalier::test {

/// Facts of a model with MoE layers from `firstLayer` on (dense before), every expert 1000 bytes, a router row 8.
inline model::ModelSummary madeUpModel(int layers, int experts, int topK, int firstLayer = 1)
{
    model::ModelSummary model;
    model.name = "made-up";
    model.fingerprint = "0123456789abcdef";
    model.family = "qwen3_moe";
    model.layers = firstLayer + layers;
    model.experts = experts;
    model.topK = topK;
    model.vocabulary = 100;
    model.hidden = 4;
    model.expertWidth = 6;
    model.heads = 4;
    model.kvHeads = 2;
    model.headDim = 8;
    for (int l = 0; l < layers; ++l)
        model.moeLayers.push_back({LayerIndex(firstLayer + l), experts,
                                   std::vector<std::uint64_t>(static_cast<std::size_t>(experts), 1000), 8});
    const auto all = static_cast<std::uint64_t>(layers) * static_cast<std::uint64_t>(experts);
    model.bytes = {all * 1000, 0, all * 8, 5000, 7000, 300};
    return model;
}

/// Two domains routed at random, for madeUpModel() of the same numbers.
inline std::shared_ptr<const stats::Statistics> madeUpStatistics(int layers, int experts, int topK, int firstLayer = 1)
{
    auto statistics = std::make_shared<stats::Statistics>();
    std::uint64_t seed = 11;
    for (const char* name : {"alpha", "beta"})
        statistics->domains.push_back(
            sumTokens(makeTokens(name, layers, 150, experts, topK, seed++), topK, firstLayer));
    return statistics;
}

inline plan::PlanRequest requestFor(const std::string& method, std::int32_t keep)
{
    plan::PlanRequest request;
    request.name = "p";
    request.score.method = method;
    request.target.keepPerLayer = keep;
    return request;
}

inline std::set<std::int32_t> setOf(const std::vector<std::int32_t>& ids)
{
    return {ids.begin(), ids.end()};
}

/// True when every layer of `small` keeps a subset of what `large` keeps.
inline bool nested(const plan::Plan& small, const plan::Plan& large)
{
    for (std::size_t l = 0; l < small.layers.size(); ++l)
        if (!std::includes(large.layers[l].keep.begin(), large.layers[l].keep.end(), small.layers[l].keep.begin(),
                           small.layers[l].keep.end()))
            return false;
    return true;
}

} // namespace espalier::test
