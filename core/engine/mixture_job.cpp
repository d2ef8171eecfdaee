// SPDX-License-Identifier: Apache-2.0
#include "core/engine/mixture_job.h"

#include "core/method/merge/mapped_router.h"
#include "core/model/weight_reader.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace espalier::engine {
namespace {

bool isSoftmax(const model::OpenModel& model)
{
    return model.spec.router.score != model::RouterScore::Sigmoid;
}

/// A layer that mixes nothing takes its experts as they are.
method::ExpertMixing mixingOf(const plan::PlanLayer& layer, std::int32_t experts)
{
    return layer.mixing ? *layer.mixing : method::ExpertMixing::selection(layer.keep, experts);
}

const plan::PlanLayer& layerOf(const plan::Plan& plan, LayerIndex index)
{
    return *std::find_if(plan.layers.begin(), plan.layers.end(), [&](const auto& l) { return l.layer == index; });
}

Result<void> checkMixable(const model::OpenModel& model, const plan::Plan& plan)
{
    if (!plan.mixes())
        return usageError(fmt::format("plan {} mixes no experts", plan.name), "Write it with `espalier export`");
    const auto& router = model.spec.router;
    if (router.groups > 1 || router.score == model::RouterScore::SparseMixer ||
        router.score == model::RouterScore::UnitGates)
        return badInput("experts are mixed, but this router chooses among groups or one after the other, which cannot "
                        "be mapped",
                        model.checkpoint.path().string());
    return {};
}

Result<method::RouterRule> ruleOf(const model::OpenModel& model, const plan::PlanLayer& layer)
{
    method::RouterRule rule{isSoftmax(model), layer.topK > 0 ? layer.topK : model.spec.router.topK, {}};
    const auto& names = model.spec.layers[layer.layer.index()];
    if (!names.correctionBias.empty()) {
        ESPALIER_TRY(rule.bias, model::WeightReader(model).read(names.correctionBias));
    }
    return rule;
}

} // namespace

std::vector<LayerIndex> layersToFit(const model::OpenModel& model, const plan::Plan& plan)
{
    std::vector<LayerIndex> layers;
    for (const auto& layer : plan.layers)
        if (layer.mixing && !method::mapsExactly(*layer.mixing, isSoftmax(model)))
            layers.push_back(layer.layer);
    return layers;
}

Result<Merging> runMixture(const model::OpenModel& model, const plan::Plan& plan, const MergeRequest& request,
                           const base::JobContext& job)
{
    const auto begin = std::chrono::steady_clock::now();
    ESPALIER_CHECK(checkMixable(model, plan));
    Merging merging;
    merging.map.method = plan.method.empty() ? "eep" : plan.method;
    for (const auto& layer : plan.layers)
        merging.map.layers.push_back(method::layerOfSums(layer.layer, mixingOf(layer, model.spec.experts), layer.keep));
    const auto open = layersToFit(model, plan);
    if (!open.empty()) {
        if (request.data.empty())
            return usageError(fmt::format("the router of {} of {} layers has to be fitted, which needs texts",
                                          open.size(), plan.layers.size()),
                              "Give some with --data DOMAIN=FILE");
        ESPALIER_CHECK(checkComputable(model));
        ESPALIER_TRY(const auto windows, readMergeTexts(model, request, merging));
        ESPALIER_TRY(const auto engine, openEngine(model, request.engine));
        ESPALIER_CHECK(engine->mergeEvidence(
            windows, {.needs = {}, .bankTokens = request.bankTokens},
            [&](method::LayerEvidence&& evidence) -> Result<void> {
                if (std::find(open.begin(), open.end(), evidence.layer) == open.end())
                    return {};
                const auto& layer = layerOf(plan, evidence.layer);
                ESPALIER_TRY(const auto rule, ruleOf(model, layer));
                for (auto& merge : merging.map.layers)
                    if (merge.layer == evidence.layer)
                        method::fitRows(merge, evidence, *layer.mixing, rule);
                return {};
            },
            job));
        merging.counters = engine->counters();
    }
    merging.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return merging;
}

bool isMixtureOf(const method::MergeMap& map, const model::OpenModel& model, const plan::Plan& plan)
{
    if (map.layers.size() != plan.layers.size())
        return false;
    for (std::size_t l = 0; l < map.layers.size(); ++l) {
        const auto& layer = map.layers[l];
        const auto mixing = mixingOf(plan.layers[l], model.spec.experts);
        const auto wanted = method::layerOfSums(layer.layer, mixing, plan.layers[l].keep);
        if (!layer.fit && (layer != wanted || !method::mapsExactly(mixing, isSoftmax(model))))
            return false;
        std::vector<float> weights(mixing.merge.size(), 0.0F);
        if (layer.groups.size() != wanted.groups.size())
            return false;
        for (std::size_t j = 0; j < layer.groups.size(); ++j) {
            const auto& group = layer.groups[j];
            for (std::size_t m = 0; m < group.members.size(); ++m)
                weights[j * static_cast<std::size_t>(mixing.experts) + static_cast<std::size_t>(group.members[m])] =
                    static_cast<float>(group.weights[m]);
        }
        if (weights != mixing.merge)
            return false;
    }
    return true;
}

} // namespace espalier::engine
