// SPDX-License-Identifier: Apache-2.0
// Where --plan takes plans from: a file, or the name of a plan in --study.
#pragma once

#include "core/plan/plan.h"
#include "core/study/study.h"

#include <optional>
#include <string>
#include <vector>

namespace espalier::cli {

/// `study` may be empty. BadInput when neither the file nor a plan of that name exists. A plan without a name is called
/// after its file.
[[nodiscard]] Result<plan::Plan> findPlan(const std::string& argument, const std::string& study,
                                          const model::ModelSummary& model);

/// The same; none for an empty argument.
[[nodiscard]] Result<std::optional<plan::Plan>> optionalPlan(const std::string& argument, const std::string& study,
                                                             const model::ModelSummary& model);

/// The lines of `espalier plan` for people; `statistics` may be nullptr.
[[nodiscard]] std::string describePlan(const plan::Plan& plan, const model::ModelSummary& model,
                                       const stats::Statistics* statistics);

/// Whether scores by `method` need the logit pools of a study.
[[nodiscard]] study::Pools poolsFor(const std::string& method);

} // namespace espalier::cli
