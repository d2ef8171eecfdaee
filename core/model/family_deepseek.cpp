// SPDX-License-Identifier: Apache-2.0
// DeepSeek-V2 (Lite, 236B), DeepSeek-V3, R1 and Kimi-K2: latent attention, first layers dense, shared experts,
// optionally groups. V2 scores by softmax, V3 by sigmoid with a correction bias; V3 stores a block for one further
// token.
#include "core/model/family_list.h"
#include "core/model/spec_builder.h"

#include <cmath>
#include <fmt/format.h>

namespace espalier::model {

namespace {

Result<void> readLatent(SpecBuilder& builder)
{
    const ConfigReader& config = builder.config();
    AttentionSpec& attention = builder.spec.attention;
    LatentSpec latent;
    constexpr int kMost = 1 << 20;
    ESPALIER_TRY(attention.heads, config.integer("num_attention_heads", 1, 1 << 16));
    attention.kvHeads = attention.heads;
    ESPALIER_TRY(latent.queryRank, config.integerOr("q_lora_rank", 0, 1, kMost)); // null: not compressed
    ESPALIER_TRY(latent.keyValueRank, config.integer("kv_lora_rank", 1, kMost));
    ESPALIER_TRY(latent.nopeDim, config.integer("qk_nope_head_dim", 1, kMost));
    ESPALIER_TRY(latent.ropeDim, config.integer("qk_rope_head_dim", 2, kMost));
    ESPALIER_TRY(latent.valueDim, config.integer("v_head_dim", 1, kMost));
    attention.headDim = latent.nopeDim + latent.ropeDim;
    attention.latent = latent;
    ESPALIER_TRY(attention.bias, config.booleanOr("attention_bias", false));
    attention.outputBias = attention.bias;
    return {};
}

/// Scaled positions also make the scores steeper (YaRN's temperature over all elements).
Result<void> readScale(SpecBuilder& builder)
{
    const ConfigReader& config = builder.config();
    AttentionSpec& attention = builder.spec.attention;
    attention.scale = 1 / std::sqrt(static_cast<double>(attention.headDim));
    ESPALIER_TRY(const auto scaling, config.object("rope_scaling"));
    ESPALIER_TRY(const auto parameters, config.object("rope_parameters"));
    const auto& source = scaling ? scaling : parameters;
    if (!source || builder.spec.rope.kind == RopeKind::Default)
        return {};
    ESPALIER_TRY(const double allDim, source->numberOr("mscale_all_dim", 0.0));
    if (allDim != 0 && builder.spec.rope.factor > 1) {
        const double temperature = 0.1 * allDim * std::log(builder.spec.rope.factor) + 1;
        attention.scale *= temperature * temperature;
    }
    return {};
}

struct Variant {
    int defaultFirstDense;
    std::string_view correction;
};

Result<ModelSpec> finishLayers(SpecBuilder& builder, const Variant& variant)
{
    ModelSpec& spec = builder.spec;
    const ConfigReader& config = builder.config();
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    ESPALIER_TRY(const int firstMoe, config.integerOr("first_k_dense_replace", variant.defaultFirstDense, 0, 10'000));
    ESPALIER_TRY(const int every, config.integerOr("moe_layer_freq", 1, 1, 10'000));
    if (firstMoe >= layers)
        return config.error("first_k_dense_replace", "no layer is left with routed experts");
    ESPALIER_TRY(spec.sharedExperts, config.integerOr("n_shared_experts", 0, 0, 1 << 10));
    const auto layouts = projectionLayouts(variant.correction);
    ESPALIER_CHECK(builder.claimEnds());
    for (int n = 0; n < layers; ++n) {
        LayerSpec layer;
        layer.index = LayerIndex(n);
        const std::string prefix = fmt::format("model.layers.{}.", n);
        ESPALIER_CHECK(builder.claimLatentAttention(layer, prefix));
        if (n >= firstMoe && n % every == 0) {
            ESPALIER_CHECK(builder.claimExperts(layer, prefix, layouts));
            layer.sharedWidth = spec.sharedExperts * spec.expertWidth;
            if (spec.sharedExperts > 0) {
                ESPALIER_TRY(layer.shared, builder.claimFfn(prefix + "mlp.shared_experts.", layer.sharedWidth,
                                                            {TensorRole::SharedExpert, n, -1, -1, {}, {}}));
            }
        } else {
            ESPALIER_TRY(layer.denseWidth, config.integer("intermediate_size", 1, 1 << 24));
            ESPALIER_TRY(layer.dense, builder.claimFfn(prefix + "mlp.", layer.denseWidth,
                                                       {TensorRole::DenseFfn, n, -1, -1, {}, {}}));
        }
        spec.layers.push_back(std::move(layer));
    }
    ESPALIER_CHECK(builder.claimMtpLayers("num_nextn_predict_layers", layouts));
    return builder.finish();
}

Result<ModelSpec> buildV2(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint);
    ModelSpec& spec = builder.spec;
    const ConfigReader& config = builder.config();
    ESPALIER_CHECK(builder.readCommonKeys({"DeepseekV2ForCausalLM"}));
    ESPALIER_CHECK(readLatent(builder));
    ESPALIER_CHECK(builder.readRope({.dim = spec.attention.latent->ropeDim, .interleaved = true}));
    ESPALIER_CHECK(readScale(builder));
    ESPALIER_CHECK(builder.readExperts({"n_routed_experts"}, {"num_experts_per_tok"}, "moe_intermediate_size"));
    ESPALIER_TRY(const std::string method, config.textOr("topk_method", "greedy"));
    if (method == "group_limited_greedy") {
        ESPALIER_CHECK(builder.readGroups(1, 1, GroupScore::Largest));
    } else if (method != "greedy") {
        return config.error("topk_method", fmt::format("\"{}\" is not supported", method.substr(0, 100)),
                            "Supported: greedy, group_limited_greedy");
    }
    ESPALIER_TRY(const std::string scoring, config.textOr("scoring_func", "softmax"));
    if (scoring != "softmax")
        return config.error("scoring_func", fmt::format("\"{}\" is not supported", scoring.substr(0, 100)),
                            "Supported: softmax");
    // norm_topk_prob is not looked at by transformers; released models have it false
    ESPALIER_TRY(spec.router.scale, config.positiveOr("routed_scaling_factor", 1.0));
    spec.router.float32Logits = true;
    return finishLayers(builder, {0, {}});
}

Result<ModelSpec> buildV3(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint);
    ModelSpec& spec = builder.spec;
    const ConfigReader& config = builder.config();
    ESPALIER_CHECK(builder.readCommonKeys({"DeepseekV3ForCausalLM"}));
    ESPALIER_CHECK(readLatent(builder));
    ESPALIER_TRY(const bool interleaved, config.booleanOr("rope_interleave", true));
    ESPALIER_CHECK(builder.readRope({.dim = spec.attention.latent->ropeDim, .interleaved = interleaved}));
    ESPALIER_CHECK(readScale(builder));
    ESPALIER_CHECK(builder.readExperts({"n_routed_experts"}, {"num_experts_per_tok"}, "moe_intermediate_size"));
    ESPALIER_CHECK(builder.readGroups(8, 4, GroupScore::TopTwoSum));
    RouterSpec& router = spec.router;
    router.score = RouterScore::Sigmoid;
    router.float32Logits = true;
    router.normAddend = 1e-20;
    ESPALIER_TRY(router.normalizeTopK, config.booleanOr("norm_topk_prob", true));
    ESPALIER_TRY(router.scale, config.positiveOr("routed_scaling_factor", 2.5));
    return finishLayers(builder, {3, "mlp.gate.e_score_correction_bias"});
}

} // namespace

Family deepseekV2Family()
{
    return {"deepseek_v2", "DeepSeek-V2", buildV2};
}

Family deepseekV3Family()
{
    return {"deepseek_v3", "DeepSeek-V3", buildV3};
}

Family kimiK2Family()
{
    return {"kimi_k2", "Kimi-K2", buildV3};
}

} // namespace espalier::model
