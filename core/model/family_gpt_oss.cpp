// SPDX-License-Identifier: Apache-2.0
// gpt-oss (20B, 120B): a sink in every head, windows in every second layer, router and experts with biases, clamped
// activation. Experts are fused: bfloat16 transposed with gate and up interleaved, or MXFP4 blocks and scales.
#include "core/model/family_list.h"
#include "core/model/spec_builder.h"

#include <fmt/format.h>

namespace espalier::model {

namespace {

std::vector<ExpertLayout> layouts()
{
    ExpertLayout plain{"mlp.router.weight", "mlp.experts.", true, "gate_up_proj", {}, "down_proj"};
    plain.routerBias = "mlp.router.bias";
    plain.bias = plain.transposed = plain.interleaved = true;
    ExpertLayout packed = plain;
    packed.packed = true;
    packed.transposed = false; // rows are outputs there
    return {plain, packed};
}

Result<ModelSpec> build(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint);
    ModelSpec& spec = builder.spec;
    const ConfigReader& config = builder.config();
    ESPALIER_CHECK(builder.readCommonKeys({"GptOssForCausalLM", 1e-5}));
    ESPALIER_CHECK(builder.readAttention({.headDim = 64, .bias = true}));
    if (!config.has("rope_scaling") && !config.has("rope_parameters"))
        return config.error("rope_scaling", "the key is missing", "Released files have YaRN there");
    ESPALIER_CHECK(builder.readRope({.theta = 150000.0}));
    ESPALIER_CHECK(builder.readExperts({"num_local_experts"}, {"num_experts_per_tok"}, "intermediate_size"));
    if (config.has("experts_per_token")) { // the same number once more in the released files
        ESPALIER_TRY(spec.router.topK, config.integerAlias({"num_experts_per_tok", "experts_per_token"}, 1, 1 << 16));
    }
    spec.router.score = RouterScore::SoftmaxChosen;
    spec.activation.kind = ActivationKind::ClampedSwiglu;
    ESPALIER_TRY(spec.activation.alpha, config.positiveOr("swiglu_alpha", 1.702));
    ESPALIER_TRY(spec.activation.limit, config.positiveOr("swiglu_limit", 7.0));
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    std::vector<bool> windowed(static_cast<std::size_t>(layers));
    for (std::size_t n = 0; n < windowed.size(); ++n)
        windowed[n] = n % 2 == 0;
    ESPALIER_TRY(windowed, builder.readLayerTypes(layers, "sliding_attention", windowed));
    ESPALIER_TRY(const int window, config.integerOr("sliding_window", 128, 1, 1 << 30));
    const auto windows = builder.windowsOf(windowed, window);
    ESPALIER_CHECK(builder.claimEnds());
    for (int n = 0; n < layers; ++n) {
        LayerSpec layer;
        layer.index = LayerIndex(n);
        layer.window = windows[static_cast<std::size_t>(n)];
        const std::string prefix = fmt::format("model.layers.{}.", n);
        layer.sinks = prefix + "self_attn.sinks";
        ESPALIER_CHECK(builder.claimAttention(layer, prefix));
        ESPALIER_CHECK(builder.claimExperts(layer, prefix, layouts()));
        spec.layers.push_back(std::move(layer));
    }
    return builder.finish();
}

} // namespace

Family gptOssFamily()
{
    return {"gpt_oss", "gpt-oss", build};
}

} // namespace espalier::model
