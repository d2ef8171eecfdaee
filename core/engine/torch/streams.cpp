// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/streams.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <numeric>

namespace espalier::engine {

namespace {

using Keep = std::vector<bool>; // empty = everything

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
        if (std::cmp_less(layer.keep.size(), spec.router.topK))
            return wrong(fmt::format("layer {} keeps {} experts, every token needs {}", layer.layer.value(),
                                     layer.keep.size(), spec.router.topK));
        if (reachable(spec, layer) < spec.router.topK)
            return wrong(fmt::format("layer {} keeps so few experts in some router groups that a token may find fewer "
                                     "than {}",
                                     layer.layer.value(), spec.router.topK));
    }
    return {};
}

Keep keepOf(const model::ModelSpec& spec, PlanPointer plan, std::size_t moePosition)
{
    if (plan == nullptr)
        return {};
    const auto& ids = plan->layers[moePosition].keep;
    if (std::cmp_equal(ids.size(), spec.experts))
        return {};
    Keep keep(static_cast<std::size_t>(spec.experts), false);
    for (const std::int32_t id : ids)
        keep[static_cast<std::size_t>(id)] = true;
    return keep;
}

at::Tensor maskOf(const std::vector<Keep>& streams, int experts)
{
    if (std::all_of(streams.begin(), streams.end(), [](const Keep& keep) { return keep.empty(); }))
        return {};
    at::Tensor mask = at::zeros({static_cast<std::int64_t>(streams.size()), experts}, at::kFloat);
    float* value = mask.mutable_data_ptr<float>();
    for (std::size_t s = 0; s < streams.size(); ++s)
        for (std::size_t e = 0; e < streams[s].size(); ++e)
            if (!streams[s][e])
                value[s * static_cast<std::size_t>(experts) + e] = -std::numeric_limits<float>::infinity();
    return mask;
}

} // namespace

Result<Streams> Streams::make(const model::ModelSpec& spec, std::span<const PlanPointer> variants)
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
        std::vector<Keep> keeps;
        std::map<std::pair<std::int64_t, Keep>, std::int64_t> numbers;
        for (std::size_t v = 0; v < variants.size(); ++v) {
            Keep keep = layer.moe ? keepOf(spec, variants[v], moePosition) : Keep{};
            const auto [entry, isNew] =
                numbers.try_emplace({streams.m_ofVariant[v], keep}, static_cast<std::int64_t>(here.parent.size()));
            if (isNew) {
                here.parent.push_back(streams.m_ofVariant[v]);
                keeps.push_back(std::move(keep));
            }
            streams.m_ofVariant[v] = entry->second;
        }
        here.mask = maskOf(keeps, spec.experts);
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
        std::vector<Keep> keeps;
        for (const std::size_t v : member) {
            streams.m_layers[index].entering.push_back(entering[index][v]);
            keeps.push_back(spec.layers[index].moe ? keepOf(spec, variants[v], moePosition) : Keep{});
        }
        streams.m_layers[index].finalMask = maskOf(keeps, spec.experts);
        moePosition += spec.layers[index].moe ? 1 : 0;
    }
    return streams;
}

} // namespace espalier::engine
