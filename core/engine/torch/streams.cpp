// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/streams.h"

#include "core/engine/torch/router.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <compare>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <numeric>

namespace espalier::engine {

namespace {

/// What a variant does in a layer. Streams part where it differs.
struct Choice {
    std::vector<bool> keep;     // empty = everything
    int topK = 0;               // 0 = the model's
    std::vector<double> skip{}; // empty = nothing is left out
    std::shared_ptr<const method::ExpertMixing> mixing{};
    std::vector<std::int32_t> home{}; // of the mixing's rows
    auto operator<=>(const Choice&) const = default;
};

/// Experts that the poorest groups a router may choose still have.
int reachable(const model::ModelSpec& spec, const plan::PlanLayer& layer)
{
    std::vector<int> counts(static_cast<std::size_t>(spec.router.groups), 0);
    for (const std::int32_t id : layer.keep)
        ++counts[static_cast<std::size_t>(id / (spec.experts / spec.router.groups))];
    std::sort(counts.begin(), counts.end());
    return std::accumulate(counts.begin(), counts.begin() + spec.router.groupsUsed, 0);
}

Result<void> checkPlan(const model::ModelSpec& spec, const plan::Plan& plan)
{
    const auto wrong = [&](std::string why) {
        return base::badInput("the plan does not fit the model: " + std::move(why), plan.name, {},
                              "Make the plan from a study of this model");
    };
    std::vector<LayerIndex> moe;
    for (const model::LayerSpec& layer : spec.layers)
        if (layer.moe)
            moe.push_back(layer.index);
    if (plan.layers.size() != moe.size())
        return wrong(fmt::format("it lists {} layers, the model has {} with experts", plan.layers.size(), moe.size()));
    for (std::size_t i = 0; i < moe.size(); ++i) {
        const plan::PlanLayer& layer = plan.layers[i];
        if (layer.layer != moe[i])
            return wrong(
                fmt::format("its entry {} is layer {}, layer {} was expected", i, layer.layer.value(), moe[i].value()));
        if (std::adjacent_find(layer.keep.begin(), layer.keep.end(), std::greater_equal<>()) != layer.keep.end())
            return wrong(fmt::format("layer {} lists its experts out of order or twice", layer.layer.value()));
        if (!layer.keep.empty() && (layer.keep.front() < 0 || layer.keep.back() >= spec.experts))
            return wrong(
                fmt::format("layer {} keeps an expert outside 0 to {}", layer.layer.value(), spec.experts - 1));
        if (layer.topK < 0 || layer.topK > spec.router.topK)
            return wrong(fmt::format("layer {} gives a token {} experts, the model {}", layer.layer.value(), layer.topK,
                                     spec.router.topK));
        if (layer.topK > 0 && spec.router.score == model::RouterScore::SparseMixer)
            return wrong("its router always chooses two experts");
        const int topK = layer.topK > 0 ? layer.topK : spec.router.topK;
        if (!layer.skip.empty() && spec.router.score == model::RouterScore::UnitGates)
            return wrong("its router gives all chosen experts about the same weight, which says of none that it can be "
                         "left out");
        if (!layer.skip.empty() && std::cmp_not_equal(layer.skip.size(), topK - 1))
            return wrong(fmt::format("layer {} has {} thresholds for leaving out experts, it needs {}",
                                     layer.layer.value(), layer.skip.size(), topK - 1));
        if (std::cmp_less(layer.keep.size(), topK))
            return wrong(fmt::format("layer {} keeps {} experts, every token needs {}", layer.layer.value(),
                                     layer.keep.size(), topK));
        if (layer.mixing) {
            if (std::cmp_not_equal(layer.mixing->kept, layer.keep.size()) || layer.mixing->experts != spec.experts)
                return wrong(fmt::format("layer {} mixes {} experts into {}", layer.layer.value(),
                                         layer.mixing->experts, layer.mixing->kept));
            if (!layer.mixing->selects(layer.keep) && spec.subExperts)
                return wrong("experts are mixed, but the router inside each of them knows its own neurons only");
            if (!layer.mixing->selects(layer.keep) &&
                (spec.router.groups > 1 || spec.router.score == model::RouterScore::SparseMixer ||
                 spec.router.score == model::RouterScore::UnitGates))
                return wrong("experts are mixed, but this router chooses among groups or one after the other, which "
                             "cannot be mapped");
        }
        if (reachable(spec, layer) < topK)
            return wrong(fmt::format("layer {} keeps so few experts in some router groups that a token may find fewer "
                                     "than {}",
                                     layer.layer.value(), topK));
    }
    return {};
}

Choice choiceOf(const model::ModelSpec& spec, PlanPointer plan, std::size_t moePosition)
{
    Choice choice;
    if (plan == nullptr)
        return choice;
    const auto& layer = plan->layers[moePosition];
    choice.topK = layer.topK == spec.router.topK ? 0 : layer.topK;
    if (std::any_of(layer.skip.begin(), layer.skip.end(), [](double threshold) { return threshold > 0; }))
        choice.skip = layer.skip;
    if (layer.mixing && !layer.mixing->selects(layer.keep)) { // the router sees all experts
        choice.mixing = layer.mixing;
        choice.home = layer.keep;
        return choice;
    }
    if (std::cmp_equal(layer.keep.size(), spec.experts))
        return choice;
    choice.keep.assign(static_cast<std::size_t>(spec.experts), false);
    for (const std::int32_t id : layer.keep)
        choice.keep[static_cast<std::size_t>(id)] = true;
    return choice;
}

at::Tensor maskOf(const std::vector<Choice>& streams, int experts)
{
    if (std::all_of(streams.begin(), streams.end(), [](const Choice& choice) { return choice.keep.empty(); }))
        return {};
    at::Tensor mask = at::zeros({static_cast<std::int64_t>(streams.size()), experts}, at::kFloat);
    float* value = mask.mutable_data_ptr<float>();
    for (std::size_t s = 0; s < streams.size(); ++s)
        for (std::size_t e = 0; e < streams[s].keep.size(); ++e)
            if (!streams[s].keep[e])
                value[s * static_cast<std::size_t>(experts) + e] = -std::numeric_limits<float>::infinity();
    return mask;
}

std::shared_ptr<LayerMixing> mixingOf(const std::vector<Choice>& streams, int experts, at::ScalarType type)
{
    if (std::all_of(streams.begin(), streams.end(), [](const Choice& choice) { return choice.mixing == nullptr; }))
        return {};
    std::vector<MixingChoice> choices;
    for (const Choice& choice : streams)
        choices.push_back({choice.mixing, choice.home});
    return std::make_shared<LayerMixing>(std::move(choices), experts, type);
}

at::Tensor limitOf(const std::vector<Choice>& streams, int topK)
{
    if (std::all_of(streams.begin(), streams.end(),
                    [](const Choice& choice) { return choice.topK == 0 && choice.skip.empty(); }))
        return {};
    at::Tensor limits = at::zeros({static_cast<std::int64_t>(streams.size()), topK}, at::kFloat);
    for (std::size_t s = 0; s < streams.size(); ++s) {
        float* row = limits.data_ptr<float>() + static_cast<std::int64_t>(s) * topK;
        for (std::size_t j = 0; j < streams[s].skip.size(); ++j)
            row[j + 1] = static_cast<float>(streams[s].skip[j]);
        if (streams[s].topK > 0)
            std::fill(row + streams[s].topK, row + topK, kBeyond);
    }
    return limits;
}

} // namespace

Result<Streams> Streams::make(const model::ModelSpec& spec, std::span<const PlanPointer> variants,
                              at::ScalarType mixedType)
{
    for (PlanPointer plan : variants)
        if (plan != nullptr)
            ESPALIER_CHECK(checkPlan(spec, *plan));
    Streams streams;
    streams.m_ofVariant.assign(variants.size(), 0);
    std::vector<std::vector<std::int64_t>> entering; // per layer and variant
    std::size_t moePosition = 0;
    for (const model::LayerSpec& layer : spec.layers) {
        entering.push_back(streams.m_ofVariant);
        LayerStreams& here = streams.m_layers.emplace_back();
        std::vector<Choice> choices;
        std::map<std::pair<std::int64_t, Choice>, std::int64_t> numbers;
        for (std::size_t v = 0; v < variants.size(); ++v) {
            Choice choice = layer.moe ? choiceOf(spec, variants[v], moePosition) : Choice{};
            const auto [entry, isNew] =
                numbers.try_emplace({streams.m_ofVariant[v], choice}, static_cast<std::int64_t>(here.parent.size()));
            if (isNew) {
                here.parent.push_back(streams.m_ofVariant[v]);
                choices.push_back(std::move(choice));
            }
            streams.m_ofVariant[v] = entry->second;
        }
        here.mask = maskOf(choices, spec.experts);
        here.limit = limitOf(choices, spec.router.topK);
        here.mixing = mixingOf(choices, spec.experts, mixedType);
        here.splits = std::cmp_greater(here.parent.size(), streams.m_count);
        streams.m_count = static_cast<std::int64_t>(here.parent.size());
        moePosition += layer.moe ? 1 : 0;
    }
    // A variant that stands for each final stream
    std::vector<std::size_t> member(static_cast<std::size_t>(streams.m_count));
    for (std::size_t v = variants.size(); v-- > 0;)
        member[static_cast<std::size_t>(streams.m_ofVariant[v])] = v;
    moePosition = 0;
    for (std::size_t index = 0; index < spec.layers.size(); ++index) {
        std::vector<Choice> choices;
        for (const std::size_t v : member) {
            streams.m_layers[index].entering.push_back(entering[index][v]);
            choices.push_back(spec.layers[index].moe ? choiceOf(spec, variants[v], moePosition) : Choice{});
        }
        streams.m_layers[index].finalMask = maskOf(choices, spec.experts);
        streams.m_layers[index].finalLimit = limitOf(choices, spec.router.topK);
        streams.m_layers[index].finalMixing = mixingOf(choices, spec.experts, mixedType);
        moePosition += spec.layers[index].moe ? 1 : 0;
    }
    return streams;
}

} // namespace espalier::engine
