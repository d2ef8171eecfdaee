// SPDX-License-Identifier: Apache-2.0
// The result of a sweep: rows with the fronts marked, as JSON, CSV, text and picture. Pure functions of the document.
#pragma once

#include "app/cli/method_grid.h"

#include <string>

namespace espalier::cli {

/// What validation found of one plan.
[[nodiscard]] base::OrderedJson sweepRow(const plan::ComparisonPlan& entry, const std::string& size,
                                         const engine::PlanOutcome& outcome, const base::OrderedJson& measured);
/// Sets "front_kl" and "front_accuracy" of every row. Random plans are controls: never on a front.
void markFronts(base::OrderedJson& rows);

/// One line per plan; names quoted, numbers with a point.
[[nodiscard]] std::string sweepCsv(const base::OrderedJson& sweep);
/// The plans on the fronts, least memory first, with the number of all.
[[nodiscard]] std::string sweepText(const base::OrderedJson& sweep);
/// Memory against KL and against the share of task items right, as far as they were measured.
[[nodiscard]] std::string sweepSvg(const base::OrderedJson& sweep);

} // namespace espalier::cli
