// SPDX-License-Identifier: Apache-2.0
// Llama 2 and 3 and what is stored as them (SmolLM2), Mistral, Qwen2: the plain dense decoder.
#include "core/model/carved_layers.h"
#include "core/model/family_list.h"
#include "core/model/qwen_layers.h"

#include <fmt/format.h>

namespace espalier::model {

namespace {

/// Layers alike but for their windows; `windows` may be empty.
Result<ModelSpec> finishDense(SpecBuilder& builder, const std::vector<int>& windows, int layers, bool ffnBias)
{
    ModelSpec& spec = builder.spec;
    ESPALIER_CHECK(builder.claimEnds());
    for (int n = 0; n < layers; ++n) {
        LayerSpec layer;
        layer.index = LayerIndex(n);
        layer.window = windows.empty() ? 0 : windows[static_cast<std::size_t>(n)];
        const std::string prefix = fmt::format("model.layers.{}.", n);
        ESPALIER_CHECK(builder.claimAttention(layer, prefix));
        ESPALIER_CHECK(claimFeedForward(builder, layer, prefix, ffnBias));
        spec.layers.push_back(std::move(layer));
    }
    return builder.finish();
}

Result<ModelSpec> buildLlama(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint);
    const ConfigReader& config = builder.config();
    ESPALIER_CHECK(builder.readCommonKeys({"LlamaForCausalLM"}));
    ESPALIER_CHECK(builder.readAttention({.kvHeadsAsHeads = true}));
    ESPALIER_CHECK(builder.readRope());
    ESPALIER_TRY(const bool ffnBias, config.booleanOr("mlp_bias", false));
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    return finishDense(builder, {}, layers, ffnBias);
}

Result<ModelSpec> buildMistral(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint);
    const ConfigReader& config = builder.config();
    ESPALIER_CHECK(builder.readCommonKeys({"MistralForCausalLM"}));
    ESPALIER_CHECK(builder.readAttention({.biasKey = {}}));
    ESPALIER_CHECK(builder.readRope());
    ESPALIER_TRY(const int layers, config.integer("num_hidden_layers", 1, 10'000));
    // Null says none; a missing key means the first release's 4096
    const bool none = checkpoint.config().contains("sliding_window") && !config.has("sliding_window");
    ESPALIER_TRY(const int window, config.integerOr("sliding_window", none ? 0 : 4096, 1, 1 << 30));
    const auto windows = builder.windowsOf(std::vector<bool>(static_cast<std::size_t>(layers), window > 0), window);
    return finishDense(builder, windows, layers, false);
}

Result<ModelSpec> buildQwen2(const checkpoint::Checkpoint& checkpoint)
{
    SpecBuilder builder(checkpoint);
    ESPALIER_CHECK(builder.readCommonKeys({"Qwen2ForCausalLM"}));
    ESPALIER_CHECK(builder.readAttention({.kvHeadsAsHeads = true, .biasKey = {}, .bias = true, .outputBias = false}));
    ESPALIER_CHECK(builder.readRope());
    ESPALIER_TRY(const int layers, builder.config().integer("num_hidden_layers", 1, 10'000));
    ESPALIER_TRY(const auto windows, readQwenWindows(builder, layers));
    return finishDense(builder, windows, layers, false);
}

} // namespace

Family llamaFamily()
{
    return {"llama", "Llama", buildLlama};
}

Family mistralFamily()
{
    return {"mistral", "Mistral", buildMistral};
}

Family qwen2Family()
{
    return {"qwen2", "Qwen2", buildQwen2};
}

} // namespace espalier::model
