// SPDX-License-Identifier: Apache-2.0
// MiniMax-M2: norms over all heads' queries and keys together, a part of each head turns, sigmoid router with
// correction bias, Mixtral's names.
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
    ESPALIER_CHECK(builder.readCommonKeys({"MiniMaxM2ForCausalLM"}));
    ESPALIER_CHECK(builder.readAttention({.headDim = 128, .biasKey = {}}));
    // Released files say how many elements turn, not which share
    ESPALIER_TRY(const int turns, config.integerOr("rotary_dim", spec.attention.headDim, 2, 1 << 16));
    ESPALIER_CHECK(builder.readRope({.theta = 5e6, .partial = static_cast<double>(turns) / spec.attention.headDim}));
    spec.attention.qkNorm = QkNorm::Projection;
    ESPALIER_CHECK(builder.readExperts({"num_local_experts"}, {"num_experts_per_tok"}, "intermediate_size"));
    ESPALIER_TRY(const std::string scoring, config.textOr("scoring_func", "sigmoid"));
    ESPALIER_TRY(const bool biased, config.booleanOr("use_routing_bias", true));
    if (scoring != "sigmoid" || !biased)
        return config.error(scoring != "sigmoid" ? "scoring_func" : "use_routing_bias",
                            "only sigmoid routers with a correction bias are known of this architecture");
    spec.router.score = RouterScore::Sigmoid;
    spec.router.normalizeTopK = true;
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    auto layouts = numberedLayouts();
    layouts[0].correction = "block_sparse_moe.e_score_correction_bias";
    layouts[1].correction = layouts[2].correction = "mlp.e_score_correction_bias";
    ESPALIER_CHECK(builder.claimEnds());
    for (int n = 0; n < layers; ++n) {
        LayerSpec layer;
        layer.index = LayerIndex(n);
        const std::string prefix = fmt::format("model.layers.{}.", n);
        ESPALIER_CHECK(builder.claimAttention(layer, prefix));
        ESPALIER_CHECK(builder.claimExperts(layer, prefix, layouts));
        spec.layers.push_back(std::move(layer));
    }
    builder.addMtpKey("num_mtp_modules", 0);
    builder.addMtpKey("use_mtp", false);
    return builder.finish();
}

} // namespace

Family minimaxM2Family()
{
    return {"minimax_m2", "MiniMax-M2", build};
}

} // namespace espalier::model
