// SPDX-License-Identifier: Apache-2.0
#include "core/engine/merge_job.h"

#include "core/engine/domain_texts.h"
#include "core/method/merge/expert_matrices.h"
#include "core/method/merge/mone.h"
#include "core/method/merge/predicted_error.h"
#include "core/method/merge/router_rows.h"
#include "core/tokenizer/model_tokenizer.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <optional>

namespace espalier::engine {
namespace {

/// Beyond this many neurons an exact assignment takes minutes per expert.
constexpr int kWidest = 4096;

class LayerMerger {
public:
    LayerMerger(const model::OpenModel& model, const MergeRequest& request, const method::MergeMethod& method,
                const base::JobContext& job)
        : m_model(model), m_request(request), m_method(method), m_job(job), m_reader(model)
    {
    }

    [[nodiscard]] Result<method::LayerMerge> merge(method::LayerEvidence evidence)
    {
        const auto& layers = m_model.spec.layers;
        const auto spec = std::find_if(layers.begin(), layers.end(),
                                       [&](const auto& layer) { return layer.index == evidence.layer; });
        if (m_method.evidence.weightCosine) {
            ESPALIER_TRY(evidence.weightCosine, method::weightSurrogates(m_reader, m_model.spec, *spec, m_job));
        }
        method::LayerMerge merge;
        merge.layer = evidence.layer;
        merge.groups = method::groupExperts(m_method, evidence, static_cast<std::size_t>(m_request.keep),
                                            static_cast<std::size_t>(m_model.spec.router.groups));
        merge.predictedError = method::predictedError(evidence, merge.groups);
        for (method::ExpertGroup& group : merge.groups) {
            if (m_request.rows == RouterRows::Mean)
                group.rows = method::sharesOf(group.members, evidence.chosen);
            else if (m_request.rows == RouterRows::Kept)
                group.rows = method::ownRow(group);
            else if (m_request.rows == RouterRows::Fitted && group.members.size() > 1)
                group.rows = method::fittedRows(evidence, group.members);
            if (m_request.align && m_method.alignment != method::Alignment::None && group.members.size() > 1)
                ESPALIER_CHECK(align(*spec, evidence, group));
        }
        return merge;
    }

private:
    [[nodiscard]] Result<method::NeuronFeatures> features(const model::LayerSpec& layer,
                                                          const method::LayerEvidence& evidence, std::int32_t expert)
    {
        ESPALIER_TRY(const auto matrices, method::readExpert(m_reader, m_model.spec, layer, expert));
        method::NeuronFeatures features = method::featuresOf(matrices);
        if (m_method.alignment == method::Alignment::ActivationsAndWeights && !evidence.activations.empty()) {
            const std::size_t size = evidence.activations.size() / evidence.count();
            const auto begin =
                evidence.activations.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(expert) * size);
            features.activations.assign(begin, begin + static_cast<std::ptrdiff_t>(size));
        }
        return features;
    }

    [[nodiscard]] Result<void> align(const model::LayerSpec& layer, const method::LayerEvidence& evidence,
                                     method::ExpertGroup& group)
    {
        ESPALIER_TRY(const auto reference, features(layer, evidence, group.kept));
        for (const auto member : group.members) {
            if (m_job.stopRequested())
                return cancelledError();
            auto& order = group.order.emplace_back();
            if (member == group.kept)
                continue;
            ESPALIER_TRY(const auto other, features(layer, evidence, member));
            order = method::alignNeurons(reference, other);
        }
        return {};
    }

    const model::OpenModel& m_model;
    const MergeRequest& m_request;
    const method::MergeMethod& m_method;
    const base::JobContext& m_job;
    model::WeightReader m_reader;
};

ConstantLayer constantLayer(const method::LayerEvidence& evidence, std::int32_t keep)
{
    auto constants = method::constantExperts(evidence, static_cast<std::size_t>(keep));
    ConstantLayer layer{evidence.layer, std::move(constants.replaced), std::move(constants.score), -1};
    layer.error = method::constantError(evidence, layer.replaced);
    return layer;
}

} // namespace

Result<void> checkMergeCount(const model::OpenModel& model, std::int32_t keep, std::int32_t topK)
{
    const model::ModelSpec& spec = model.spec;
    if (!spec.isMoe())
        return badInput("the model has no routed experts to merge", model.checkpoint.path().string());
    if (topK < 0 || topK > spec.router.topK)
        return usageError(fmt::format("{} experts per token are more than the model's router takes", topK),
                          fmt::format("--top-k takes 1 to {} here", spec.router.topK));
    const std::int32_t active = topK > 0 ? topK : spec.router.topK;
    if (keep < active || keep > spec.experts)
        return usageError(
            fmt::format("{} experts cannot be kept", keep),
            fmt::format("--keep takes {} to {} here: every token needs {} experts", active, spec.experts, active));
    plan::Plan plan = plan::Plan::keepAll(model.summary);
    const int groups = std::max(1, spec.router.groups), size = spec.experts / groups;
    for (plan::PlanLayer& layer : plan.layers) {
        layer.keep.clear();
        layer.topK = topK;
        for (std::int32_t i = 0; i < keep; ++i)
            layer.keep.push_back(i % groups * size + i / groups);
        std::sort(layer.keep.begin(), layer.keep.end());
    }
    if (const auto problem = plan::groupProblem(model.summary, plan.layers))
        return usageError(*problem);
    return {};
}

Result<std::vector<tokenizer::Window>> readMergeTexts(const model::OpenModel& model, const MergeRequest& request,
                                                      Merging& merging)
{
    ESPALIER_TRY(const auto tokenizer, tokenizer::tokenizerOf(model.checkpoint));
    ESPALIER_TRY(const auto texts,
                 readDomainTexts(request.data, tokenizer, model.spec, request.context, request.maxTokens));
    std::vector<tokenizer::Window> windows;
    merging.data = base::OrderedJson::object();
    for (const DomainTexts& domain : texts) {
        windows.insert(windows.end(), domain.windows.begin(), domain.windows.end());
        merging.tokens[domain.name] = domain.tokens;
        merging.data[domain.name] = {{"tokens", domain.tokens}, {"sha256", domain.joinedSha256()}};
    }
    return windows;
}

Result<Merging> runMerging(const model::OpenModel& model, const MergeRequest& request, const base::JobContext& job)
{
    const auto begin = std::chrono::steady_clock::now();
    const bool constants = request.method == kConstants;
    const method::MergeMethod* method = nullptr;
    if (!constants) {
        ESPALIER_TRY(method, method::findMergeMethod(request.method));
    }
    ESPALIER_CHECK(checkMergeCount(model, request.keep, request.topK));
    if (!constants && request.align && method->alignment != method::Alignment::None && model.spec.expertWidth > kWidest)
        return usageError(fmt::format("{} neurons per expert are too many to match", model.spec.expertWidth),
                          "Add --no-align, or use a method that averages neurons as they stand");
    ESPALIER_CHECK(checkComputable(model));
    Merging merging;
    merging.map.method = request.method;
    ESPALIER_TRY(const auto windows, readMergeTexts(model, request, merging));
    ESPALIER_TRY(const auto engine, openEngine(model, request.engine));
    EvidenceSettings settings;
    settings.needs = constants ? method::MergeNeeds{.meanProducts = true} : method->evidence;
    settings.needs.activations = settings.needs.activations && request.align;
    settings.bankTokens = request.bankTokens;
    std::optional<LayerMerger> merger;
    if (!constants)
        merger.emplace(model, request, *method, job);
    ESPALIER_CHECK(engine->mergeEvidence(
        windows, settings,
        [&](method::LayerEvidence&& evidence) -> Result<void> {
            if (constants) {
                merging.constants.push_back(constantLayer(evidence, request.keep));
                return {};
            }
            ESPALIER_TRY(auto layer, merger->merge(std::move(evidence)));
            merging.map.layers.push_back(std::move(layer));
            return {};
        },
        job));
    merging.counters = engine->counters();
    merging.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return merging;
}

} // namespace espalier::engine
