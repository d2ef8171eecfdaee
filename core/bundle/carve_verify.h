// SPDX-License-Identifier: Apache-2.0
// Private to the room: a carved model against the dense one it was carved from.
#pragma once

#include "core/bundle/verify.h"

namespace espalier::bundle {

/// Largest accepted difference of logits, relative to the largest logit, between the dense model and the carved one
/// with every routed expert chosen and gates of 1: the same products summed in another order, float32.
inline constexpr double kCarvedTolerance = 1e-5;

/// Or, of a model with experts, every block inside each of them. Adds to `report`: every neuron's weights are those of
/// `dense` in the recipe's order, other tensors are the same bytes, and logits as above.
[[nodiscard]] Result<void> verifyCarvedAgainst(const std::filesystem::path& folder, const model::OpenModel& dense,
                                               const base::OrderedJson& recipe, const engine::EngineOptions& options,
                                               VerifyReport& report, const base::JobContext& job);

} // namespace espalier::bundle
