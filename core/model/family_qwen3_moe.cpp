// SPDX-License-Identifier: Apache-2.0
// Qwen3-MoE (Qwen3-30B-A3B, Qwen3-235B-A22B and the bundled demo model): per-expert layout, softmax over all experts,
// no shared expert, dense layers where mlp_only_layers or decoder_sparse_step say so.
#include "core/model/family_list.h"
#include "core/model/spec_builder.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::model {

namespace {

Result<std::vector<bool>> findMoeLayers(const ConfigReader& config, int layers)
{
    ESPALIER_TRY(const std::vector<int> mlpOnly, config.integers("mlp_only_layers"));
    ESPALIER_TRY(const int step, config.integerOr("decoder_sparse_step", 1, 1, 1 << 20));
    std::vector<bool> moe(static_cast<std::size_t>(layers));
    for (int n = 0; n < layers; ++n)
        moe[static_cast<std::size_t>(n)] =
            (n + 1) % step == 0 && std::find(mlpOnly.begin(), mlpOnly.end(), n) == mlpOnly.end();
    if (std::find(moe.begin(), moe.end(), true) == moe.end())
        return config.error("decoder_sparse_step", "no layer is left with routed experts",
                            "Check mlp_only_layers and decoder_sparse_step; dense models have model_type qwen3");
    return moe;
}

Result<void> readRouter(SpecBuilder& builder)
{
    ModelSpec& spec = builder.spec;
    const ConfigReader& config = builder.config();
    // transformers 5 saves the count under the second name only; engines disagree on which of two wins
    ESPALIER_TRY(
        spec.experts,
        config.integerAlias({"num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts"}, 1, 1 << 16));
    spec.expertCountKeys = {"/num_experts", "/num_local_experts"};
    for (const char* stray : {"n_routed_experts", "moe_num_experts"}) // converters look for these, too
        if (config.has(stray))
            spec.expertCountKeys.push_back(std::string("/") + stray);
    ESPALIER_TRY(spec.expertWidth, config.integer("moe_intermediate_size", 1, 1 << 24));
    ESPALIER_TRY(spec.router.topK, config.integer("num_experts_per_tok", 1, 1 << 16));
    if (spec.router.topK > spec.experts)
        return config.error("num_experts_per_tok", fmt::format("{} experts per token are more than the {} there are",
                                                               spec.router.topK, spec.experts));
    ESPALIER_TRY(spec.router.normalizeTopK, config.booleanOr("norm_topk_prob", false));
    spec.router.score = RouterScore::SoftmaxAll;
    return {};
}

Result<ModelSpec> build(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint);
    ModelSpec& spec = builder.spec;
    const ConfigReader& config = builder.config();
    ESPALIER_CHECK(builder.readCommonKeys("Qwen3MoeForCausalLM"));
    ESPALIER_CHECK(builder.readAttention(0));
    ESPALIER_CHECK(builder.readRope());
    spec.attention.qkNorm = true;
    ESPALIER_TRY(const bool windowed, config.booleanOr("use_sliding_window", false));
    if (windowed) { // unlike dense Qwen3, every layer gets it, whatever max_window_layers says
        ESPALIER_TRY(spec.attention.slidingWindow, config.integerOr("sliding_window", 4096, 1, 1 << 30));
    }
    ESPALIER_CHECK(readRouter(builder));
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    ESPALIER_TRY(const std::vector<bool> moe, findMoeLayers(config, layers));
    ESPALIER_CHECK(builder.claimEnds());
    for (int n = 0; n < layers; ++n) {
        LayerSpec layer;
        layer.index = LayerIndex(n);
        const std::string prefix = fmt::format("model.layers.{}.", n);
        ESPALIER_CHECK(builder.claimAttention(layer, prefix));
        if (moe[static_cast<std::size_t>(n)]) {
            ESPALIER_CHECK(builder.claimExperts(layer, prefix + "mlp."));
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
