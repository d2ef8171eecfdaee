// SPDX-License-Identifier: Apache-2.0
// Private to the room: the logits by which two models are told equal.
#pragma once

#include "core/engine/engine.h"

#include <cstdint>
#include <string>
#include <vector>

namespace espalier::bundle {

/// Logits of a few sequences whose ids spread over the whole vocabulary, the same on every machine: float32, since a
/// narrower compute type would only show its own rounding. `plan`: nullptr for all experts.
[[nodiscard]] Result<std::vector<float>> verifyLogits(const model::OpenModel& model, engine::PlanPointer plan,
                                                      engine::EngineOptions options, const base::JobContext& job);
/// "4 sequences of 32 tokens"
[[nodiscard]] std::string verifyTexts(const model::ModelSpec& spec);

/// Infinite where one is not a number or the sizes differ.
[[nodiscard]] double largestDifference(const std::vector<float>& a, const std::vector<float>& b);

} // namespace espalier::bundle
