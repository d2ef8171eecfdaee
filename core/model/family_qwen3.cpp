// SPDX-License-Identifier: Apache-2.0
// Qwen3, dense: the same decoder as Qwen3-MoE without routed experts.
#include "core/model/carved_layers.h"
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
    ESPALIER_CHECK(builder.readCommonKeys({"Qwen3ForCausalLM"}));
    ESPALIER_CHECK(builder.readAttention({.headDim = 128})); // the class's own default, not hidden / heads
    ESPALIER_CHECK(builder.readRope());
    spec.attention.qkNorm = QkNorm::PerHead;
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    ESPALIER_TRY(const auto windows, readQwenWindows(builder, layers));
    ESPALIER_CHECK(builder.claimEnds());
    for (int n = 0; n < layers; ++n) {
        LayerSpec layer;
        layer.index = LayerIndex(n);
        layer.window = windows[static_cast<std::size_t>(n)];
        const std::string prefix = fmt::format("model.layers.{}.", n);
        ESPALIER_CHECK(builder.claimAttention(layer, prefix));
        ESPALIER_CHECK(claimFeedForward(builder, layer, prefix, false));
        spec.layers.push_back(std::move(layer));
    }
    return builder.finish();
}

} // namespace

Family qwen3Family()
{
    return {"qwen3", "Qwen3", build};
}

} // namespace espalier::model
