// SPDX-License-Identifier: Apache-2.0
// A plan from a pattern: the best K experts of every layer by the pattern's own scores (PreMoe, section 3.3), as far as
// the router's groups allow.
#pragma once

#include "core/method/retrieve/patterns.h"
#include "core/plan/plan.h"

namespace espalier::plan {

/// `keep` is raised to the next legal count. BadInput when the library was made for another model, Usage error for a
/// count that the model does not have.
[[nodiscard]] Result<Plan> planFromPattern(const model::ModelSummary& model, const method::PatternLibrary& library,
                                           const method::Pattern& pattern, std::int32_t keep);

/// BadInput when the library does not belong to the model.
[[nodiscard]] Result<void> checkLibrary(const model::ModelSummary& model, const method::PatternLibrary& library);

} // namespace espalier::plan
