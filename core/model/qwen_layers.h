// SPDX-License-Identifier: Apache-2.0
// Private to the room: rules that the Qwen families share.
#pragma once

#include "core/model/spec_builder.h"

namespace espalier::model {

/// MoE layers by mlp_only_layers and decoder_sparse_step; `dense` names the model type without experts.
[[nodiscard]] Result<std::vector<bool>> findQwenMoeLayers(const ConfigReader& config, int layers,
                                                          std::string_view dense);
/// The window of each layer of the dense families: layer_types, or use_sliding_window from max_window_layers on.
[[nodiscard]] Result<std::vector<int>> readQwenWindows(SpecBuilder& builder, int layers);
/// `prefix` mlp.shared_expert with its gate.
[[nodiscard]] Result<void> claimQwenSharedExpert(SpecBuilder& builder, LayerSpec& layer, const std::string& prefix);

} // namespace espalier::model
