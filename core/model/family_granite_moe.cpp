// SPDX-License-Identifier: Apache-2.0
// Granite-MoE (1B-A400M, 3B-A800M) and its variant with a shared expert: multipliers of embedding, residual stream and
// scores, divided logits, softmax over the chosen, fused experts.
#include "core/model/family_list.h"
#include "core/model/spec_builder.h"

#include <fmt/format.h>

namespace espalier::model {

namespace {

std::vector<ExpertLayout> layouts()
{
    const ExpertLayout stored{"block_sparse_moe.router.layer.weight",
                              "block_sparse_moe.",
                              true,
                              "input_linear.weight",
                              {},
                              "output_linear.weight"};
    const ExpertLayout fused{
        "block_sparse_moe.router.weight", "block_sparse_moe.experts.", true, "gate_up_proj", {}, "down_proj"};
    return {stored, fused};
}

Result<ModelSpec> build(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint);
    ModelSpec& spec = builder.spec;
    const ConfigReader& config = builder.config();
    ESPALIER_CHECK(builder.readCommonKeys({"GraniteMoeForCausalLM"}));
    ESPALIER_CHECK(builder.readAttention({.kvHeadsAsHeads = true}));
    ESPALIER_CHECK(builder.readRope());
    ESPALIER_TRY(spec.attention.scale, config.positiveOr("attention_multiplier", 1.0));
    ESPALIER_TRY(spec.embeddingScale, config.positiveOr("embedding_multiplier", 1.0));
    ESPALIER_TRY(spec.residualScale, config.positiveOr("residual_multiplier", 1.0));
    ESPALIER_TRY(spec.logitsScale, config.positiveOr("logits_scaling", 1.0));
    ESPALIER_CHECK(builder.readExperts({"num_local_experts"}, {"num_experts_per_tok"}, "intermediate_size"));
    spec.router.score = RouterScore::SoftmaxChosen;
    ESPALIER_TRY(const int shared, config.integerOr("shared_intermediate_size", 0, 0, 1 << 24));
    spec.sharedExperts = shared > 0 ? 1 : 0;
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    ESPALIER_CHECK(builder.claimEnds());
    for (int n = 0; n < layers; ++n) {
        LayerSpec layer;
        layer.index = LayerIndex(n);
        const std::string prefix = fmt::format("model.layers.{}.", n);
        ESPALIER_CHECK(builder.claimAttention(layer, prefix));
        ESPALIER_CHECK(builder.claimExperts(layer, prefix, layouts()));
        if (shared > 0) { // gate and up in one tensor
            const TensorUse use{TensorRole::SharedExpert, n, -1, -1, {}, {}};
            layer.sharedWidth = shared;
            ESPALIER_CHECK(builder.claimLinear(layer.shared.gate, prefix + "shared_mlp.input_linear",
                                               std::int64_t{2} * shared, spec.hidden, false, use));
            ESPALIER_CHECK(builder.claimLinear(layer.shared.down, prefix + "shared_mlp.output_linear", spec.hidden,
                                               shared, false, use));
        }
        spec.layers.push_back(std::move(layer));
    }
    return builder.finish();
}

} // namespace

Family graniteMoeFamily()
{
    return {"granitemoe", "Granite-MoE", build};
}

Family graniteMoeSharedFamily()
{
    return {"granitemoeshared", "Granite-MoE with a shared expert", build};
}

} // namespace espalier::model
