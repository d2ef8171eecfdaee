// SPDX-License-Identifier: Apache-2.0
// Qwen3, dense: the same decoder as Qwen3-MoE without routed experts.
#include "core/model/family_list.h"
#include "core/model/spec_builder.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace espalier::model {

namespace {

/// The decoder has one window for all layers. transformers gives layers from max_window_layers on a window when
/// use_sliding_window is set, or lists each layer's kind in layer_types.
Result<void> readWindow(SpecBuilder& builder, int layers)
{
    const ConfigReader& config = builder.config();
    ESPALIER_TRY(const bool used, config.booleanOr("use_sliding_window", false));
    if (!used)
        return {};
    ESPALIER_TRY(const int window, config.integerOr("sliding_window", 4096, 1, 1 << 30));
    ESPALIER_TRY(const int firstWindowed, config.integerOr("max_window_layers", 28, 0, 1 << 20));
    int windowed = std::max(0, layers - firstWindowed);
    if (const auto* types = config.find("layer_types"); types != nullptr) {
        if (!types->is_array() || std::cmp_not_equal(types->size(), layers))
            return config.error("layer_types", "a list with one entry per layer was expected");
        windowed = 0;
        for (const auto& type : *types)
            if (type == "sliding_attention")
                ++windowed;
            else if (type != "full_attention")
                return config.error("layer_types", "unknown kind of attention",
                                    "Supported: full_attention, sliding_attention");
    }
    if (windowed != 0 && windowed != layers)
        return config.error("max_window_layers", "sliding windows in some layers only are not supported",
                            "Models whose layers are all alike work");
    builder.spec.attention.slidingWindow = windowed == 0 ? 0 : window;
    return {};
}

Result<ModelSpec> build(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint);
    ModelSpec& spec = builder.spec;
    const ConfigReader& config = builder.config();
    ESPALIER_CHECK(builder.readCommonKeys("Qwen3ForCausalLM"));
    ESPALIER_CHECK(builder.readAttention(128)); // the class's own default, not hidden / heads
    ESPALIER_CHECK(builder.readRope());
    spec.attention.qkNorm = true;
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    ESPALIER_TRY(const int width, config.integer("intermediate_size", 1, 1 << 24));
    ESPALIER_CHECK(readWindow(builder, layers));
    ESPALIER_CHECK(builder.claimEnds());
    for (int n = 0; n < layers; ++n) {
        LayerSpec layer;
        layer.index = LayerIndex(n);
        const std::string prefix = fmt::format("model.layers.{}.", n);
        ESPALIER_CHECK(builder.claimAttention(layer, prefix));
        layer.denseWidth = width;
        ESPALIER_TRY(layer.dense, builder.claimFfn(prefix + "mlp.", width, {TensorRole::DenseFfn, n, -1, -1, {}, {}}));
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
