// SPDX-License-Identifier: Apache-2.0
// Mixtral (8x7B, 8x22B): "block_sparse_moe" with experts w1, w3, w2 = gate, up, down; always renormalised.
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
    ESPALIER_CHECK(builder.readCommonKeys({"MixtralForCausalLM", 1e-5}));
    ESPALIER_CHECK(builder.readAttention({.biasKey = {}}));
    ESPALIER_CHECK(builder.readRope({.theta = 1e6}));
    ESPALIER_CHECK(builder.readExperts({"num_local_experts"}, {"num_experts_per_tok"}, "intermediate_size"));
    spec.router.normalizeTopK = true;
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    ESPALIER_TRY(const int window, config.integerOr("sliding_window", 0, 1, 1 << 30));
    const auto windows = builder.windowsOf(std::vector<bool>(static_cast<std::size_t>(layers), window > 0), window);
    const auto layouts = numberedLayouts();
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

Family mixtralFamily()
{
    return {"mixtral", "Mixtral", build};
}

} // namespace espalier::model
