// SPDX-License-Identifier: Apache-2.0
// Models and statistics made up for planner tests.
#pragma once

#include "core/plan/planner.h"
#include "tests/core/method/synthetic.h"
#include "tests/support/made_up_model.h"

#include <QTest>
#include <set>

/// Evaluates the expression once.
#define QVERIFY_RESULT(expression)                                                                                     \
    do {                                                                                                               \
        const auto& checkedResult = (expression);                                                                      \
        QVERIFY2(checkedResult.ok(), checkedResult.ok() ? "" : checkedResult.error().text().c_str());                  \
    } while (false)

namespace espalier::test {

/// Two domains routed at random, for madeUpModel() of the same numbers.
inline std::shared_ptr<const stats::Statistics> madeUpStatistics(int layers, int experts, int topK, int firstLayer = 1)
{
    auto statistics = std::make_shared<stats::Statistics>();
    std::uint64_t seed = 11;
    for (const char* name : {"alpha", "beta"})
        statistics->domains.push_back(
            sumTokens(makeTokens(name, layers, 150, experts, topK, seed++), topK, firstLayer));
    auto weights = std::make_shared<stats::WeightStats>();
    std::mt19937_64 random(seed);
    const auto n = static_cast<std::size_t>(experts);
    for (int l = 0; l < layers; ++l) {
        auto& layer = weights->layers.emplace_back();
        layer.layer = LayerIndex(firstLayer + l);
        layer.experts = experts;
        layer.routerDistance.assign(n * n, 0.0);
        for (std::size_t i = 0; i < n; ++i) {
            layer.absMean.push_back(uniformIn(random, 0.6, 0.9));
            layer.rms.push_back(1);
            layer.routerNorm.push_back(uniformIn(random, 0.5, 1.5));
            for (std::size_t j = 0; j < i; ++j)
                layer.routerDistance[i * n + j] = layer.routerDistance[j * n + i] = uniformIn(random, 0.5, 2);
        }
    }
    statistics->weights = std::move(weights);
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
