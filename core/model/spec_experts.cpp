// SPDX-License-Identifier: Apache-2.0
// The part of SpecBuilder that finds routers and experts, and blocks that predict further tokens.
#include "core/model/spec_builder.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::model {

std::vector<ExpertLayout> projectionLayouts(std::string_view correction)
{
    ExpertLayout stored{"mlp.gate.weight", "mlp.experts.", false, "gate_proj", "up_proj", "down_proj"};
    ExpertLayout fused{"mlp.gate.weight", "mlp.experts.", true, "gate_up_proj", {}, "down_proj"};
    stored.correction = fused.correction = correction;
    return {stored, fused};
}

std::vector<ExpertLayout> numberedLayouts()
{
    const ExpertLayout stored{"block_sparse_moe.gate.weight", "block_sparse_moe.experts.", false, "w1", "w3", "w2"};
    ExpertLayout renamed = stored;
    renamed.router = "mlp.gate.weight";
    renamed.experts = "mlp.experts.";
    const ExpertLayout fused{"mlp.gate.weight", "mlp.experts.", true, "gate_up_proj", {}, "down_proj"};
    return {stored, fused, renamed};
}

/// How GGUF files hold what a family stores in any of its own ways: names are those of hubName().
static std::vector<ExpertLayout> ggufLayouts(const ExpertLayout& own)
{
    ExpertLayout stacks{"mlp.gate.weight",  "mlp.experts.",   true,
                        "gate_proj.weight", "up_proj.weight", "down_proj.weight"};
    if (!own.routerBias.empty())
        stacks.routerBias = "mlp.gate.bias";
    if (!own.correction.empty())
        stacks.correction = "mlp.gate.e_score_correction_bias";
    stacks.bias = own.bias;
    ExpertLayout joined = stacks;
    joined.gate = "gate_up_proj.weight";
    joined.up = {};
    ExpertLayout single = stacks;
    single.fused = false;
    single.gate = "gate_proj";
    single.up = "up_proj";
    single.down = "down_proj";
    return {stacks, joined, single};
}

Result<void> SpecBuilder::claimFused(LayerSpec& layer, const std::string& prefix, const ExpertLayout& layout)
{
    const std::int64_t experts = spec.experts;
    const std::int64_t hidden = spec.hidden;
    const std::int64_t inner = spec.expertWidth;
    const TensorUse use{TensorRole::RoutedExpert, layer.index.value(), -1, 0, {}, {}};
    const std::string head = prefix + std::string(layout.experts);
    FusedExperts& fused = layer.fused;
    fused.transposed = layout.transposed;
    fused.interleaved = layout.interleaved;
    fused.gateUp.weight = head + std::string(layout.gate);
    fused.down.weight = head + std::string(layout.down);
    if (!layout.up.empty()) {
        fused.up.weight = head + std::string(layout.up);
        ESPALIER_CHECK(claim(fused.gateUp.weight, {experts, inner, hidden}, use));
        ESPALIER_CHECK(claim(fused.up.weight, {experts, inner, hidden}, use));
        ESPALIER_CHECK(claim(fused.down.weight, {experts, hidden, inner}, use));
    } else if (layout.transposed) {
        ESPALIER_CHECK(claim(fused.gateUp.weight, {experts, hidden, 2 * inner}, use));
        ESPALIER_CHECK(claim(fused.down.weight, {experts, inner, hidden}, use));
    } else {
        ESPALIER_CHECK(claim(fused.gateUp.weight, {experts, 2 * inner, hidden}, use));
        ESPALIER_CHECK(claim(fused.down.weight, {experts, hidden, inner}, use));
    }
    if (layout.bias) {
        const auto biasOf = [](const std::string& weight) {
            return weight.ends_with(".weight") ? weight.substr(0, weight.size() - 6) + "bias" : weight + "_bias";
        };
        fused.gateUp.bias = biasOf(fused.gateUp.weight);
        fused.down.bias = biasOf(fused.down.weight);
        ESPALIER_CHECK(claim(fused.gateUp.bias, {experts, layout.up.empty() ? 2 * inner : inner}, use));
        if (!layout.up.empty()) {
            fused.up.bias = biasOf(fused.up.weight);
            ESPALIER_CHECK(claim(fused.up.bias, {experts, inner}, use));
        }
        ESPALIER_CHECK(claim(fused.down.bias, {experts, hidden}, use));
    }
    return {};
}

Result<void> SpecBuilder::claimSubRouter(LayerSpec& layer, const std::string& prefix)
{
    constexpr const char* kKey = "espalier_sub_experts";
    ESPALIER_TRY(const auto config, m_root.object(kKey));
    if (!config || m_mtpLayer >= 0)
        return {};
    SubExpertSpec sub;
    ESPALIER_TRY(sub.experts, config->integer("experts", 2, 1 << 16));
    ESPALIER_TRY(sub.shared, config->integer("shared", 0, sub.experts - 1));
    ESPALIER_TRY(sub.active, config->integer("active", 1, sub.routed()));
    if (spec.expertWidth % sub.experts != 0)
        return m_root.error(kKey, fmt::format("{} parts do not divide {} neurons", sub.experts, spec.expertWidth));
    spec.subExperts = sub;
    layer.subRouter = {prefix + "sub_router.weight", prefix + "sub_router.bias"};
    const TensorUse use{TensorRole::RoutedExpert, layer.index.value(), -1, 0, {}, {}};
    ESPALIER_CHECK(claim(layer.subRouter.weight, {spec.experts, sub.routed(), spec.hidden}, use));
    return claim(layer.subRouter.bias, {spec.experts, sub.routed()}, use);
}

Result<void> SpecBuilder::claimExperts(LayerSpec& layer, const std::string& prefix,
                                       std::span<const ExpertLayout> layouts)
{
    std::vector<ExpertLayout> gguf;
    if (m_checkpoint.gguf() != nullptr)
        layouts = gguf = ggufLayouts(layouts.front());
    const auto present = [&](const ExpertLayout& layout) {
        const std::string head = prefix + std::string(layout.experts);
        return exists(prefix + std::string(layout.router)) &&
               (layout.packed  ? exists(head + std::string(layout.gate) + "_blocks")
                : layout.fused ? exists(head + std::string(layout.gate))
                               : existsStored(fmt::format("{}0.{}.weight", head, layout.gate)));
    };
    const auto found = std::find_if(layouts.begin(), layouts.end(), present);
    const ExpertLayout& layout = found == layouts.end() ? layouts.front() : *found;
    const std::int32_t index = layer.index.value();
    layer.moe = true;
    const TensorUse router{TensorRole::Router, index, -1, 0, {}, {}};
    if (!layout.router.empty()) {
        layer.router.weight = prefix + std::string(layout.router);
        ESPALIER_CHECK(claim(layer.router.weight, {spec.experts, spec.hidden}, router));
    }
    if (!layout.routerBias.empty()) {
        layer.router.bias = prefix + std::string(layout.routerBias);
        ESPALIER_CHECK(claim(layer.router.bias, {spec.experts}, router));
    }
    if (!layout.correction.empty()) {
        layer.correctionBias = prefix + std::string(layout.correction);
        TensorUse correction = router;
        correction.sliceDim = layout.correctionIsRow ? 1 : 0;
        ESPALIER_CHECK(layout.correctionIsRow ? claim(layer.correctionBias, {1, spec.experts}, correction)
                                              : claim(layer.correctionBias, {spec.experts}, correction));
    }
    const std::string head = prefix + std::string(layout.experts);
    m_areas[head] = {m_mtpLayer >= 0 ? m_mtpLayer : index, m_mtpLayer >= 0};
    ESPALIER_CHECK(claimSubRouter(layer, prefix));
    if (layout.fused)
        return claimFused(layer, prefix, layout);
    const std::int64_t hidden = spec.hidden;
    const std::int64_t inner = spec.expertWidth;
    TensorUse use{TensorRole::RoutedExpert, index, -1, -1, head, {}};
    layer.experts.resize(static_cast<std::size_t>(spec.experts));
    for (int expert = 0; expert < spec.experts; ++expert) {
        use.expert = expert;
        FfnNames& names = layer.experts[static_cast<std::size_t>(expert)];
        const auto one = [&](LinearNames& linear, std::string_view which, std::int64_t rows, std::int64_t columns) {
            use.nameTail = fmt::format(".{}.weight", which);
            linear.weight = fmt::format("{}{}{}", head, expert, use.nameTail);
            return claim(linear.weight, {rows, columns}, use);
        };
        ESPALIER_CHECK(one(names.gate, layout.gate, inner, hidden));
        ESPALIER_CHECK(one(names.up, layout.up, inner, hidden));
        ESPALIER_CHECK(one(names.down, layout.down, hidden, inner));
    }
    return {};
}

void SpecBuilder::addMtpKey(std::string_view key, base::OrderedJson none)
{
    if (m_config.has(key))
        spec.mtpKeys.emplace_back(fmt::format("{}/{}", m_pointer, key), std::move(none));
}

Result<bool> SpecBuilder::claimMtp(const std::string& prefix, const std::string& layerPrefix,
                                   std::span<const ExpertLayout> layouts)
{
    const auto& tensors = m_checkpoint.tensors();
    const auto lastMoe =
        std::find_if(spec.layers.rbegin(), spec.layers.rend(), [](const LayerSpec& layer) { return layer.moe; });
    m_mtpLayer = lastMoe == spec.layers.rend() ? 0 : lastMoe->index.value();
    // Its experts must be as many as the decoder's: engines read one count for both
    const bool moe = std::any_of(layouts.begin(), layouts.end(), [&](const ExpertLayout& layout) {
        return exists(layerPrefix + std::string(layout.router));
    });
    if (moe) {
        LayerSpec block;
        block.index = LayerIndex(m_mtpLayer);
        ESPALIER_CHECK(claimExperts(block, layerPrefix, layouts));
    }
    bool any = moe;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (m_claimed[i] || !tensors[i].name.starts_with(prefix))
            continue;
        any = true;
        ESPALIER_TRY(const bool companion, claimCompanion(tensors[i], spec.uses[i]));
        if (companion)
            m_claimed[i] = true;
        else
            claimTensor(i, {TensorRole::Other, m_mtpLayer, -1, -1, {}, {}});
    }
    m_mtpLayer = -1;
    return any;
}

Result<void> SpecBuilder::claimMtpLayers(std::string_view key, std::span<const ExpertLayout> layouts)
{
    ESPALIER_TRY(const int announced, m_config.integerOr(key, 0, 0, 1 << 10));
    const std::size_t decoder = spec.layers.size();
    int found = 0;
    for (std::size_t n = decoder; n < decoder + (1U << 10U); ++n) {
        const std::string prefix = fmt::format("model.layers.{}.", n);
        ESPALIER_TRY(const bool any, claimMtp(prefix, prefix, layouts));
        if (!any)
            break;
        ++found;
    }
    addMtpKey(key, 0);
    if (found != announced)
        spec.warnings.push_back(fmt::format("{} = {}, but {} such blocks are stored", key, announced, found));
    return {};
}

} // namespace espalier::model
