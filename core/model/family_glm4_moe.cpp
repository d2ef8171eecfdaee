// SPDX-License-Identifier: Apache-2.0
// GLM-4.5, 4.6 and 4.7 (also Air): grouped queries of which half of each head turns, sigmoid router with correction
// bias, first layers dense, a block for one further token.
#include "core/model/family_list.h"
#include "core/model/spec_builder.h"

#include <fmt/format.h>

namespace espalier::model {

namespace {

Result<ModelSpec> build(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint);
    ModelSpec& spec = builder.spec;
    const ConfigReader& config = builder.config();
    ESPALIER_CHECK(builder.readCommonKeys({"Glm4MoeForCausalLM", 1e-5}));
    ESPALIER_CHECK(builder.readAttention({.outputBias = false}));
    ESPALIER_CHECK(builder.readRope({.partial = 0.5}));
    ESPALIER_TRY(const bool qkNorm, config.booleanOr("use_qk_norm", false));
    spec.attention.qkNorm = qkNorm ? QkNorm::PerHead : QkNorm::None;
    ESPALIER_CHECK(builder.readExperts({"n_routed_experts"}, {"num_experts_per_tok"}, "moe_intermediate_size"));
    ESPALIER_CHECK(builder.readGroups(1, 1, GroupScore::TopTwoSum));
    RouterSpec& router = spec.router;
    router.score = RouterScore::Sigmoid;
    router.float32Logits = true;
    router.normAddend = 1e-20;
    ESPALIER_TRY(router.normalizeTopK, config.booleanOr("norm_topk_prob", true));
    ESPALIER_TRY(router.scale, config.positiveOr("routed_scaling_factor", 1.0));
    ESPALIER_TRY(spec.sharedExperts, config.integerOr("n_shared_experts", 1, 0, 1 << 10));
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    ESPALIER_TRY(const int firstMoe, config.integerOr("first_k_dense_replace", 1, 0, 10'000));
    if (firstMoe >= layers)
        return config.error("first_k_dense_replace", "no layer is left with routed experts");
    const auto layouts = projectionLayouts("mlp.gate.e_score_correction_bias");
    ESPALIER_CHECK(builder.claimEnds());
    for (int n = 0; n < layers; ++n) {
        LayerSpec layer;
        layer.index = LayerIndex(n);
        const std::string prefix = fmt::format("model.layers.{}.", n);
        ESPALIER_CHECK(builder.claimAttention(layer, prefix));
        if (n >= firstMoe) {
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

} // namespace

Family glm4MoeFamily()
{
    return {"glm4_moe", "GLM-4.5", build};
}

} // namespace espalier::model
