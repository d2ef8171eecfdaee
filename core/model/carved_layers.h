// SPDX-License-Identifier: Apache-2.0
// Private to the room: the feed-forward half of dense families, and of what was carved from them.
#pragma once

#include "core/model/spec_builder.h"

namespace espalier::model {

/// model_type of checkpoints whose dense layers were carved into experts and kept their attention.
inline constexpr std::string_view kCarvedType = "espalier_carved";

/// `prefix` mlp.{gate,up,down}_proj of width intermediate_size; in carved checkpoints router, shared and routed
/// experts.
[[nodiscard]] Result<void> claimFeedForward(SpecBuilder& builder, LayerSpec& layer, const std::string& prefix,
                                            bool bias);

} // namespace espalier::model
