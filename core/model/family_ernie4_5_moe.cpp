// SPDX-License-Identifier: Apache-2.0
// ERNIE-4.5-MoE (21B-A3B, 300B-A47B): neighbours turn together, softmax scores with a correction bias stored as a row,
// MoE layers between a first and a last at an interval, optional biases everywhere.
#include "core/model/family_list.h"
#include "core/model/spec_builder.h"

#include <fmt/format.h>

namespace espalier::model {

namespace {

Result<std::vector<bool>> findMoeLayers(const ConfigReader& config, int layers)
{
    ESPALIER_TRY(const int first, config.integerOr("moe_layer_start_index", 1, 0, 10'000));
    ESPALIER_TRY(const int last, config.integerOr("moe_layer_end_index", -1, -1, 10'000));
    ESPALIER_TRY(const int interval, config.integerOr("moe_layer_interval", 1, 1, 10'000));
    std::vector<bool> moe(static_cast<std::size_t>(layers));
    for (int n = 0; n < layers; ++n)
        moe[static_cast<std::size_t>(n)] = (n + 1) % interval == 0 && n >= first && n <= (last < 0 ? layers - 1 : last);
    if (std::find(moe.begin(), moe.end(), true) == moe.end())
        return config.error("moe_layer_start_index", "no layer is left with routed experts");
    return moe;
}

std::vector<ExpertLayout> layouts()
{
    auto all = projectionLayouts("mlp.moe_statics.e_score_correction_bias");
    all[1].correction = "mlp.gate.moe_statics.e_score_correction_bias";
    for (ExpertLayout& layout : all)
        layout.correctionIsRow = true;
    return all;
}

Result<ModelSpec> build(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint);
    ModelSpec& spec = builder.spec;
    const ConfigReader& config = builder.config();
    ESPALIER_CHECK(builder.readCommonKeys({"Ernie4_5_MoeForCausalLM", 1e-5, true}));
    ESPALIER_CHECK(builder.readAttention({.biasKey = "use_bias"}));
    const bool bias = spec.attention.bias;
    if (bias)
        spec.lmHeadBias = "lm_head.bias";
    ESPALIER_CHECK(builder.readRope({.theta = 500000.0, .interleaved = true}));
    ESPALIER_CHECK(builder.readExperts({"moe_num_experts"}, {"moe_k"}, "moe_intermediate_size"));
    spec.router.normalizeTopK = true;
    spec.router.float32Logits = true;
    ESPALIER_TRY(spec.router.normFloor, config.positiveOr("moe_norm_min", 1e-12));
    ESPALIER_TRY(spec.sharedExperts, config.integerOr("moe_num_shared_experts", 2, 0, 1 << 10));
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    ESPALIER_TRY(const auto moe, findMoeLayers(config, layers));
    ESPALIER_CHECK(builder.claimEnds());
    for (int n = 0; n < layers; ++n) {
        LayerSpec layer;
        layer.index = LayerIndex(n);
        const std::string prefix = fmt::format("model.layers.{}.", n);
        ESPALIER_CHECK(builder.claimAttention(layer, prefix));
        if (moe[static_cast<std::size_t>(n)]) {
            ESPALIER_CHECK(builder.claimExperts(layer, prefix, layouts()));
            layer.sharedWidth = spec.sharedExperts * spec.expertWidth;
            if (spec.sharedExperts > 0) {
                ESPALIER_TRY(layer.shared, builder.claimFfn(prefix + "mlp.shared_experts.", layer.sharedWidth,
                                                            {TensorRole::SharedExpert, n, -1, -1, {}, {}}, bias));
            }
        } else {
            ESPALIER_TRY(layer.denseWidth, config.integer("intermediate_size", 1, 1 << 24));
            ESPALIER_TRY(layer.dense, builder.claimFfn(prefix + "mlp.", layer.denseWidth,
                                                       {TensorRole::DenseFfn, n, -1, -1, {}, {}}, bias));
        }
        spec.layers.push_back(std::move(layer));
    }
    // Its block for further tokens has no experts
    ESPALIER_CHECK(builder.claimMtp("model.mtp_", "model.mtp_block.0.", {}));
    builder.addMtpKey("num_nextn_predict_layers", 0);
    return builder.finish();
}

} // namespace

Family ernie45MoeFamily()
{
    return {"ernie4_5_moe", "ERNIE-4.5-MoE", build};
}

} // namespace espalier::model
