// SPDX-License-Identifier: Apache-2.0
// Qwen3-Next and Qwen3.5-MoE: three of four layers by the gated delta rule, the others attention whose output has a
// gate; a quarter of each head turns; norms store their distance from 1; a shared expert with its gate.
#include "core/model/family_list.h"
#include "core/model/qwen_layers.h"

#include <fmt/format.h>

namespace espalier::model {

namespace {

Result<void> readDelta(SpecBuilder& builder, bool split)
{
    const ConfigReader& config = builder.config();
    DeltaSpec delta;
    constexpr int kMost = 1 << 16;
    ESPALIER_TRY(delta.keyHeads, config.integerOr("linear_num_key_heads", 16, 1, kMost));
    ESPALIER_TRY(delta.valueHeads, config.integerOr("linear_num_value_heads", 32, 1, kMost));
    ESPALIER_TRY(delta.keyDim, config.integerOr("linear_key_head_dim", 128, 1, kMost));
    ESPALIER_TRY(delta.valueDim, config.integerOr("linear_value_head_dim", 128, 1, kMost));
    ESPALIER_TRY(delta.kernel, config.integerOr("linear_conv_kernel_dim", 4, 2, 1 << 10));
    if (delta.valueHeads % delta.keyHeads != 0)
        return config.error("linear_num_value_heads", fmt::format("{} value heads cannot share {} key heads evenly",
                                                                  delta.valueHeads, delta.keyHeads));
    delta.splitProjections = split;
    builder.spec.attention.delta = delta;
    return {};
}

Result<void> claimDelta(SpecBuilder& builder, LayerSpec& layer, const std::string& prefix)
{
    const DeltaSpec& delta = *builder.spec.attention.delta;
    const std::int64_t hidden = builder.spec.hidden;
    const std::int64_t keys = std::int64_t{delta.keyHeads} * delta.keyDim;
    const std::int64_t values = std::int64_t{delta.valueHeads} * delta.valueDim;
    const TensorUse use{TensorRole::Attention, layer.index.value(), -1, -1, {}, {}};
    const std::string self = prefix + "linear_attn.";
    DeltaNames& names = layer.delta;
    layer.isDelta = true;
    const auto claim = [&](std::string& into, const char* tail, std::initializer_list<std::int64_t> shape) {
        into = self + tail;
        return builder.claim(into, shape, use);
    };
    if (delta.splitProjections) {
        ESPALIER_CHECK(claim(names.qkvz, "in_proj_qkv.weight", {2 * keys + values, hidden}));
        ESPALIER_CHECK(claim(names.z, "in_proj_z.weight", {values, hidden}));
        ESPALIER_CHECK(claim(names.ba, "in_proj_b.weight", {delta.valueHeads, hidden}));
        ESPALIER_CHECK(claim(names.a, "in_proj_a.weight", {delta.valueHeads, hidden}));
    } else {
        ESPALIER_CHECK(claim(names.qkvz, "in_proj_qkvz.weight", {2 * keys + 2 * values, hidden}));
        ESPALIER_CHECK(claim(names.ba, "in_proj_ba.weight", {2 * std::int64_t{delta.valueHeads}, hidden}));
    }
    ESPALIER_CHECK(claim(names.convolution, "conv1d.weight", {2 * keys + values, 1, delta.kernel}));
    ESPALIER_CHECK(claim(names.timeBias, "dt_bias", {delta.valueHeads}));
    ESPALIER_CHECK(claim(names.decay, "A_log", {delta.valueHeads}));
    ESPALIER_CHECK(claim(names.norm, "norm.weight", {delta.valueDim}));
    ESPALIER_CHECK(claim(names.out, "out_proj.weight", {hidden, values}));
    return builder.claimLayerNorms(layer, prefix);
}

Result<ModelSpec> finishLayers(SpecBuilder& builder, const std::string& model, int layers, const std::vector<bool>& moe)
{
    ModelSpec& spec = builder.spec;
    const ConfigReader& config = builder.config();
    ESPALIER_TRY(const int interval, config.integerOr("full_attention_interval", 4, 1, 10'000));
    std::vector<bool> delta(static_cast<std::size_t>(layers));
    for (int n = 0; n < layers; ++n)
        delta[static_cast<std::size_t>(n)] = (n + 1) % interval != 0;
    ESPALIER_TRY(delta, builder.readLayerTypes(layers, "linear_attention", delta));
    const auto layouts = projectionLayouts();
    ESPALIER_CHECK(builder.claimEnds(model));
    for (int n = 0; n < layers; ++n) {
        LayerSpec layer;
        layer.index = LayerIndex(n);
        const std::string prefix = fmt::format("{}layers.{}.", model, n);
        if (delta[static_cast<std::size_t>(n)]) {
            ESPALIER_CHECK(claimDelta(builder, layer, prefix));
        } else {
            ESPALIER_CHECK(builder.claimAttention(layer, prefix));
        }
        if (moe[static_cast<std::size_t>(n)]) {
            ESPALIER_CHECK(builder.claimExperts(layer, prefix, layouts));
            ESPALIER_CHECK(claimQwenSharedExpert(builder, layer, prefix));
        } else {
            ESPALIER_TRY(layer.denseWidth, config.integer("intermediate_size", 1, 1 << 24));
            ESPALIER_TRY(layer.dense, builder.claimFfn(prefix + "mlp.", layer.denseWidth,
                                                       {TensorRole::DenseFfn, n, -1, -1, {}, {}}));
        }
        spec.layers.push_back(std::move(layer));
    }
    ESPALIER_CHECK(builder.claimMtp("mtp.", "mtp.layers.0.", layouts));
    builder.addMtpKey("num_nextn_predict_layers", 0);
    builder.addMtpKey("mtp_num_hidden_layers", 0);
    return builder.finish();
}

Result<void> readShared(SpecBuilder& builder, std::string_view architecture)
{
    ModelSpec& spec = builder.spec;
    ESPALIER_CHECK(builder.readCommonKeys({architecture}));
    spec.norm = NormKind::RmsNormPlusOne;
    ESPALIER_CHECK(builder.readAttention({.headDim = 256}));
    spec.attention.qkNorm = QkNorm::PerHead;
    spec.attention.outputGate = true;
    ESPALIER_CHECK(builder.readRope({.partial = 0.25}));
    return builder.readExperts({"num_experts"}, {"num_experts_per_tok"}, "moe_intermediate_size");
}

Result<ModelSpec> buildNext(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint);
    const ConfigReader& config = builder.config();
    ESPALIER_CHECK(readShared(builder, "Qwen3NextForCausalLM"));
    ESPALIER_CHECK(readDelta(builder, false));
    ESPALIER_TRY(builder.spec.router.normalizeTopK, config.booleanOr("norm_topk_prob", true));
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    ESPALIER_TRY(const auto moe, findQwenMoeLayers(config, layers, "qwen3"));
    return finishLayers(builder, "model.", layers, moe);
}

Result<ModelSpec> buildQwen35(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint, "text_config");
    ESPALIER_CHECK(readShared(builder, "Qwen3_5MoeForCausalLM"));
    ESPALIER_CHECK(readDelta(builder, true));
    builder.spec.router.normalizeTopK = true;
    ESPALIER_TRY(const int layers, builder.config().integer("num_hidden_layers", 1, 10'000));
    // With pictures the text model is one of two below "model."
    const std::string model =
        builder.exists("model.language_model.embed_tokens.weight") ? "model.language_model." : "model.";
    return finishLayers(builder, model, layers, std::vector<bool>(static_cast<std::size_t>(layers), true));
}

} // namespace

Family qwen3NextFamily()
{
    return {"qwen3_next", "Qwen3-Next", buildNext};
}

Family qwen35MoeFamily()
{
    return {"qwen3_5_moe", "Qwen3.5-MoE", buildQwen35};
}

Family qwen35MoeTextFamily()
{
    return {"qwen3_5_moe_text", "Qwen3.5-MoE, text alone", buildQwen35};
}

} // namespace espalier::model
