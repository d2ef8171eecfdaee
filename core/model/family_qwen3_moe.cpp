// SPDX-License-Identifier: Apache-2.0
// Qwen3-MoE (Qwen3-30B-A3B, Qwen3-235B-A22B and the bundled demo model): softmax over all experts, no shared expert,
// dense layers where mlp_only_layers or decoder_sparse_step say so.
#include "core/model/family_list.h"
#include "core/model/qwen_layers.h"

#include <fmt/format.h>

namespace espalier::model {

namespace {

Result<ModelSpec> build(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint);
    ModelSpec& spec = builder.spec;
    const ConfigReader& config = builder.config();
    ESPALIER_CHECK(builder.readCommonKeys({"Qwen3MoeForCausalLM"}));
    ESPALIER_CHECK(builder.readAttention({}));
    ESPALIER_CHECK(builder.readRope());
    spec.attention.qkNorm = QkNorm::PerHead;
    // transformers 5 saves the count under the second name only; both are written on export
    ESPALIER_CHECK(
        builder.readExperts({"num_experts", "num_local_experts"}, {"num_experts_per_tok"}, "moe_intermediate_size"));
    ESPALIER_TRY(spec.router.normalizeTopK, config.booleanOr("norm_topk_prob", false));
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    ESPALIER_TRY(const auto moe, findQwenMoeLayers(config, layers, "qwen3"));
    ESPALIER_TRY(const bool windowed, config.booleanOr("use_sliding_window", false));
    int window = 0;
    if (windowed) { // unlike dense Qwen3, every layer gets it, whatever max_window_layers says
        ESPALIER_TRY(window, config.integerOr("sliding_window", 4096, 1, 1 << 30));
    }
    const auto windows = builder.windowsOf(std::vector<bool>(static_cast<std::size_t>(layers), windowed), window);
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

Family qwen3MoeFamily()
{
    return {"qwen3_moe", "Qwen3-MoE", build};
}

} // namespace espalier::model
