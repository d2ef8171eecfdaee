// SPDX-License-Identifier: Apache-2.0
// OLMoE (1B-7B): norms over all heads' queries and keys together, optional clipping, not renormalised by default.
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
    ESPALIER_CHECK(builder.readCommonKeys({"OlmoeForCausalLM", 1e-5}));
    ESPALIER_CHECK(builder.readAttention({.kvHeadsAsHeads = true}));
    ESPALIER_CHECK(builder.readRope());
    spec.attention.qkNorm = QkNorm::Projection;
    ESPALIER_TRY(spec.attention.clip, config.positiveOr("clip_qkv", 0.0));
    ESPALIER_CHECK(builder.readExperts({"num_experts"}, {"num_experts_per_tok"}, "intermediate_size"));
    ESPALIER_TRY(spec.router.normalizeTopK, config.booleanOr("norm_topk_prob", false));
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    const auto layouts = projectionLayouts();
    ESPALIER_CHECK(builder.claimEnds());
    for (int n = 0; n < layers; ++n) {
        LayerSpec layer;
        layer.index = LayerIndex(n);
        const std::string prefix = fmt::format("model.layers.{}.", n);
        ESPALIER_CHECK(builder.claimAttention(layer, prefix));
        ESPALIER_CHECK(builder.claimExperts(layer, prefix, layouts));
        spec.layers.push_back(std::move(layer));
    }
    return builder.finish();
}

} // namespace

Family olmoeFamily()
{
    return {"olmoe", "OLMoE", build};
}

} // namespace espalier::model
