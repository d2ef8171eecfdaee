// SPDX-License-Identifier: Apache-2.0
#include "core/model/qwen_layers.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::model {

Result<std::vector<bool>> findQwenMoeLayers(const ConfigReader& config, int layers, std::string_view dense)
{
    ESPALIER_TRY(const std::vector<int> mlpOnly, config.integers("mlp_only_layers"));
    ESPALIER_TRY(const int step, config.integerOr("decoder_sparse_step", 1, 1, 1 << 20));
    std::vector<bool> moe(static_cast<std::size_t>(layers));
    for (int n = 0; n < layers; ++n)
        moe[static_cast<std::size_t>(n)] =
            (n + 1) % step == 0 && std::find(mlpOnly.begin(), mlpOnly.end(), n) == mlpOnly.end();
    if (std::find(moe.begin(), moe.end(), true) == moe.end())
        return config.error("decoder_sparse_step", "no layer is left with routed experts",
                            fmt::format("Check mlp_only_layers and decoder_sparse_step; dense models have model_type "
                                        "{}",
                                        dense));
    return moe;
}

Result<std::vector<int>> readQwenWindows(SpecBuilder& builder, int layers)
{
    const ConfigReader& config = builder.config();
    std::vector<bool> windowed(static_cast<std::size_t>(layers), false);
    ESPALIER_TRY(const bool used, config.booleanOr("use_sliding_window", false));
    if (!used)
        return builder.windowsOf(windowed, 0);
    ESPALIER_TRY(const int window, config.integerOr("sliding_window", 4096, 1, 1 << 30));
    ESPALIER_TRY(const int first, config.integerOr("max_window_layers", 28, 0, 1 << 20));
    for (int n = first; n < layers; ++n)
        windowed[static_cast<std::size_t>(n)] = true;
    ESPALIER_TRY(windowed, builder.readLayerTypes(layers, "sliding_attention", windowed));
    return builder.windowsOf(windowed, window);
}

Result<void> claimQwenSharedExpert(SpecBuilder& builder, LayerSpec& layer, const std::string& prefix)
{
    ModelSpec& spec = builder.spec;
    const TensorUse use{TensorRole::SharedExpert, layer.index.value(), -1, -1, {}, {}};
    ESPALIER_TRY(layer.sharedWidth, builder.config().integer("shared_expert_intermediate_size", 1, 1 << 24));
    ESPALIER_TRY(layer.shared, builder.claimFfn(prefix + "mlp.shared_expert.", layer.sharedWidth, use));
    layer.sharedGate = prefix + "mlp.shared_expert_gate.weight";
    spec.sharedExperts = 1;
    return builder.claim(layer.sharedGate, {1, spec.hidden}, use);
}

} // namespace espalier::model
