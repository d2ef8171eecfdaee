// SPDX-License-Identifier: Apache-2.0
#include "core/plan/pattern_plan.h"

#include "core/plan/constraints.h"
#include "core/plan/planner.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::plan {

Result<void> checkLibrary(const model::ModelSummary& model, const method::PatternLibrary& library)
{
    if (library.fingerprint != model.fingerprint)
        return badInput(fmt::format("the pattern library was made for model {} but this model is {}",
                                    library.fingerprint, model.fingerprint),
                        {}, {}, "Make a library from a study of this model");
    bool same = library.layers.size() == model.moeLayers.size();
    for (std::size_t l = 0; same && l < library.layers.size(); ++l)
        same = library.layers[l] == model.moeLayers[l].layer && library.experts == model.moeLayers[l].experts;
    if (!same)
        return badInput("the layers of the pattern library are not those of the model");
    return {};
}

Result<Plan> planFromPattern(const model::ModelSummary& model, const method::PatternLibrary& library,
                             const method::Pattern& pattern, std::int32_t keep)
{
    ESPALIER_CHECK(checkLibrary(model, library));
    if (keep < model.topK || keep > model.experts)
        return usageError(fmt::format("cannot keep {} experts per layer: the model has {} and its router chooses {}",
                                      keep, model.experts, model.topK),
                          fmt::format("Choose {} to {}", model.topK, model.experts));
    const auto count = legalCount(model, keep);
    std::vector<std::vector<std::int32_t>> ranking;
    for (const auto& scores : pattern.scores) {
        method::LayerScores layer;
        for (const double score : scores)
            layer.experts.push_back({score, 0, 0});
        ranking.push_back(method::rankExperts(layer));
    }
    ESPALIER_TRY(auto constraints, constrain(model, ranking, {}, legalCount(model, 1)));
    Plan plan;
    plan.name = fmt::format("{}-{}", pattern.name, count);
    plan.fingerprint = model.fingerprint;
    plan.family = model.family;
    plan.method = library.method;
    plan.allocator = "uniform";
    if (&pattern == &library.generalist)
        for (const auto& one : library.patterns)
            plan.domains.push_back(one.name);
    else
        plan.domains.push_back(pattern.name);
    plan.settings = {{"pattern", pattern.name}, {"keep", keep}};
    for (std::size_t l = 0; l < library.layers.size(); ++l) {
        auto& layer = plan.layers.emplace_back();
        layer.layer = library.layers[l];
        layer.order = std::move(constraints.order[l]);
        layer.keep.assign(layer.order.begin(), layer.order.begin() + count);
        std::sort(layer.keep.begin(), layer.keep.end());
    }
    plan.predicted.bytes = predictBytes(model, plan.layers);
    plan.predicted.memory = predictMemory(model, plan.predicted.bytes, Deployment{});
    return plan;
}

} // namespace espalier::plan
