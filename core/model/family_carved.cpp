// SPDX-License-Identifier: Apache-2.0
// Carved models: attention and everything else of the dense family that `base_model_type` names, with the feed-forward
// half of every layer cut into a shared expert and routed ones whose gates are 1 + gain · score (CMoE, arXiv
// 2502.04416). The router's tensors stand below mlp.gate.
#include "core/model/carved_layers.h"
#include "core/model/family_list.h"

#include <array>
#include <fmt/format.h>
#include <utility>

namespace espalier::model {

namespace {

constexpr std::array<std::pair<std::string_view, RouterEstimate>, 4> kEstimates{
    {{"linear", RouterEstimate::Linear},
     {"energies", RouterEstimate::Energies},
     {"magnitudes", RouterEstimate::Magnitudes},
     {"low_rank", RouterEstimate::LowRank}}};

Result<void> readRouter(SpecBuilder& builder)
{
    ModelSpec& spec = builder.spec;
    ESPALIER_CHECK(builder.readExperts({"n_routed_experts"}, {"num_experts_per_tok"}, "moe_intermediate_size"));
    ESPALIER_TRY(spec.sharedExperts, builder.config().integerOr("n_shared_experts", 0, 0, 1 << 16));
    ESPALIER_TRY(const std::string name, builder.config().textOr("router_estimate", "linear"));
    spec.router.score = RouterScore::UnitGates;
    spec.router.float32Logits = true;
    for (const auto& [known, estimate] : kEstimates)
        if (known == name) {
            spec.router.estimate = estimate;
            return {};
        }
    return builder.config().error("router_estimate", fmt::format("\"{}\" is not known", name.substr(0, 100)),
                                  "Supported: linear, energies, magnitudes, low_rank");
}

Result<void> claimRouter(SpecBuilder& builder, LayerSpec& layer, const std::string& prefix)
{
    const ModelSpec& spec = builder.spec;
    const std::string head = prefix + "mlp.gate.";
    const TensorUse use{TensorRole::Router, layer.index.value(), -1, 0, {}, {}};
    RouterNeuronNames& names = layer.neurons;
    layer.correctionBias = head + "e_score_correction_bias";
    names.gain = head + "gain";
    ESPALIER_CHECK(builder.claim(layer.correctionBias, {spec.experts}, use));
    ESPALIER_CHECK(builder.claim(names.gain, {spec.experts}, use));
    if (spec.router.estimate == RouterEstimate::Linear) {
        layer.router.bias = head + "bias";
        return builder.claim(layer.router.bias, {spec.experts}, use);
    }
    ESPALIER_TRY(const int rows, builder.config().integer("router_rows", 1, 1 << 16));
    names.gate = head + "gate_rows";
    names.up = head + "up_rows";
    ESPALIER_CHECK(builder.claim(names.gate, {spec.experts, rows, spec.hidden}, use));
    ESPALIER_CHECK(builder.claim(names.up, {spec.experts, rows, spec.hidden}, use));
    if (spec.router.estimate == RouterEstimate::LowRank) {
        names.gateOut = head + "gate_out";
        names.upOut = head + "up_out";
        ESPALIER_CHECK(builder.claim(names.gateOut, {spec.experts, spec.expertWidth, rows}, use));
        return builder.claim(names.upOut, {spec.experts, spec.expertWidth, rows}, use);
    }
    names.scale = head + "scale";
    ESPALIER_CHECK(builder.claim(names.scale, {spec.experts, rows}, use));
    if (spec.router.estimate == RouterEstimate::Magnitudes)
        return {};
    names.offset = head + "offset";
    return builder.claim(names.offset, {spec.experts}, use);
}

Result<ModelSpec> build(const checkpoint::Checkpoint& checkpoint)
{
    const ConfigReader config(checkpoint.config(), checkpoint.configFile());
    ESPALIER_TRY(const std::string base, config.textOr("base_model_type", ""));
    for (const Family& family : {llamaFamily(), mistralFamily(), qwen2Family(), qwen3Family()})
        if (family.modelType == base)
            return family.build(checkpoint);
    return config.error("base_model_type", fmt::format("\"{}\" is not a dense family", base.substr(0, 100)),
                        "Supported: llama, mistral, qwen2, qwen3");
}

} // namespace

Result<void> claimFeedForward(SpecBuilder& builder, LayerSpec& layer, const std::string& prefix, bool bias)
{
    const std::int32_t index = layer.index.value();
    if (builder.spec.family != kCarvedType) {
        ESPALIER_TRY(layer.denseWidth, builder.config().integer("intermediate_size", 1, 1 << 24));
        ESPALIER_TRY(layer.dense, builder.claimFfn(prefix + "mlp.", layer.denseWidth,
                                                   {TensorRole::DenseFfn, index, -1, -1, {}, {}}, bias));
        return {};
    }
    if (builder.spec.experts == 0)
        ESPALIER_CHECK(readRouter(builder));
    ExpertLayout layout = projectionLayouts().front();
    if (builder.spec.router.estimate != RouterEstimate::Linear)
        layout.router = {};
    ESPALIER_CHECK(builder.claimExperts(layer, prefix, {&layout, 1}));
    ESPALIER_CHECK(claimRouter(builder, layer, prefix));
    if (builder.spec.sharedExperts == 0)
        return {};
    layer.sharedWidth = builder.spec.sharedExperts * builder.spec.expertWidth;
    ESPALIER_TRY(layer.shared, builder.claimFfn(prefix + "mlp.shared_experts.", layer.sharedWidth,
                                                {TensorRole::SharedExpert, index, -1, -1, {}, {}}));
    return {};
}

Family carvedFamily()
{
    return {kCarvedType, "carved by Espalier", build};
}

} // namespace espalier::model
