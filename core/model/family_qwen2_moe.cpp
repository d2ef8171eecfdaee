// SPDX-License-Identifier: Apache-2.0
// Qwen2-MoE (Qwen1.5-MoE-A2.7B, Qwen2-57B-A14B): a shared expert whose output a gate of its own weighs.
#include "core/model/family_list.h"
#include "core/model/qwen_layers.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::model {

namespace {

/// Unlike the dense families: every second layer below max_window_layers.
Result<std::vector<int>> readWindows(SpecBuilder& builder, int layers)
{
    const ConfigReader& config = builder.config();
    std::vector<bool> windowed(static_cast<std::size_t>(layers), false);
    ESPALIER_TRY(const bool used, config.booleanOr("use_sliding_window", false));
    if (!used)
        return builder.windowsOf(windowed, 0);
    ESPALIER_TRY(const int window, config.integerOr("sliding_window", 4096, 1, 1 << 30));
    ESPALIER_TRY(const int first, config.integerOr("max_window_layers", 28, 0, 1 << 20));
    for (int n = 0; n < std::min(layers, first); n += 2)
        windowed[static_cast<std::size_t>(n)] = true;
    ESPALIER_TRY(windowed, builder.readLayerTypes(layers, "sliding_attention", windowed));
    return builder.windowsOf(windowed, window);
}

Result<ModelSpec> build(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint);
    ModelSpec& spec = builder.spec;
    const ConfigReader& config = builder.config();
    ESPALIER_CHECK(builder.readCommonKeys({"Qwen2MoeForCausalLM"}));
    ESPALIER_CHECK(builder.readAttention({.biasKey = "qkv_bias", .bias = true, .outputBias = false}));
    ESPALIER_CHECK(builder.readRope());
    ESPALIER_CHECK(builder.readExperts({"num_experts"}, {"num_experts_per_tok"}, "moe_intermediate_size"));
    ESPALIER_TRY(spec.router.normalizeTopK, config.booleanOr("norm_topk_prob", false));
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    ESPALIER_TRY(const auto moe, findQwenMoeLayers(config, layers, "qwen2"));
    ESPALIER_TRY(const auto windows, readWindows(builder, layers));
    const auto layouts = projectionLayouts();
    ESPALIER_CHECK(builder.claimEnds());
    for (int n = 0; n < layers; ++n) {
        LayerSpec layer;
        layer.index = LayerIndex(n);
        layer.window = windows[static_cast<std::size_t>(n)];
        const std::string prefix = fmt::format("model.layers.{}.", n);
        ESPALIER_CHECK(builder.claimAttention(layer, prefix));
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
    return builder.finish();
}

} // namespace

Family qwen2MoeFamily()
{
    return {"qwen2_moe", "Qwen2-MoE", build};
}

} // namespace espalier::model
