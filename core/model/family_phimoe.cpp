// SPDX-License-Identifier: Apache-2.0
// PhiMoE (Phi-3.5-MoE, Phi-mini-MoE): layer norms with biases, two experts per token by SparseMixer, Mixtral's names,
// optional LongRoPE. With LongRoPE transformers takes the short factors at every length and another scale of cos and
// sin for long texts; so do we, and say so.
#include "core/model/family_list.h"
#include "core/model/spec_builder.h"

#include <fmt/format.h>

namespace espalier::model {

namespace {

Result<void> readLongRope(SpecBuilder& builder)
{
    const ConfigReader& config = builder.config();
    RopeSpec& rope = builder.spec.rope;
    if (rope.kind == RopeKind::Default)
        return {};
    ESPALIER_TRY(const auto scaling, config.object("rope_scaling"));
    ESPALIER_TRY(const auto parameters, config.object("rope_parameters"));
    const auto& source = scaling ? scaling : parameters;
    if (rope.kind != RopeKind::LongRope)
        return source->error("rope_type", "only longrope is known of this architecture");
    for (const char* key : {"short_mscale", "long_mscale"})
        if (!source->has(key))
            return source->error(key, "the key is missing");
    ESPALIER_TRY(rope.scale, source->positiveOr("short_mscale", 1.0));
    ESPALIER_TRY(rope.scaleLong, source->positiveOr("long_mscale", 1.0));
    if (rope.longFactors != rope.shortFactors)
        builder.spec.warnings.push_back(fmt::format(
            "texts longer than {} tokens are computed as transformers does, with the short factors of LongRoPE",
            rope.originalPositions));
    rope.longFactors = rope.shortFactors;
    return {};
}

Result<ModelSpec> build(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint);
    ModelSpec& spec = builder.spec;
    const ConfigReader& config = builder.config();
    ESPALIER_CHECK(builder.readCommonKeys({"PhimoeForCausalLM", 1e-5}));
    spec.norm = NormKind::LayerNorm;
    ESPALIER_CHECK(builder.readAttention({.kvHeadsAsHeads = true}));
    ESPALIER_CHECK(builder.readRope({.theta = 1e6}));
    ESPALIER_CHECK(readLongRope(builder));
    ESPALIER_CHECK(builder.readExperts({"num_local_experts"}, {"num_experts_per_tok"}, "intermediate_size"));
    if (spec.router.topK != 2)
        return config.error("num_experts_per_tok", "this architecture's router chooses two experts, whatever it says",
                            "Set it to 2");
    spec.topKKeys.clear();
    spec.router.score = RouterScore::SparseMixer;
    ESPALIER_TRY(const double noise, config.numberOr("router_jitter_noise", 0.01));
    spec.router.margin = 2 * noise;
    ESPALIER_TRY(const bool headBias, config.booleanOr("lm_head_bias", false));
    if (headBias)
        spec.lmHeadBias = "lm_head.bias";
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    ESPALIER_TRY(const int window, config.integerOr("sliding_window", 0, 1, 1 << 30));
    const auto windows = builder.windowsOf(std::vector<bool>(static_cast<std::size_t>(layers), window > 0), window);
    auto layouts = numberedLayouts();
    layouts[1].router = layouts[2].router = "mlp.router.weight";
    ESPALIER_CHECK(builder.claimEnds());
    for (int n = 0; n < layers; ++n) {
        LayerSpec layer;
        layer.index = LayerIndex(n);
        layer.window = windows[static_cast<std::size_t>(n)];
        const std::string prefix = fmt::format("model.layers.{}.", n);
        ESPALIER_CHECK(builder.claimAttention(layer, prefix));
        ESPALIER_CHECK(builder.claimExperts(layer, prefix, layouts));
        spec.layers.push_back(std::move(layer));
    }
    return builder.finish();
}

} // namespace

Family phimoeFamily()
{
    return {"phimoe", "PhiMoE", build};
}

} // namespace espalier::model
