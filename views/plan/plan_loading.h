// SPDX-License-Identifier: GPL-3.0-or-later
// From stored plans back to states of the planner, and the state a fresh study begins with.
#pragma once

#include "core/plan/planner.h"
#include "core/study/study.h"
#include "views/plan/plan_state.h"

#include <optional>
#include <vector>

namespace espalier::views {

/// Key of Plan::settings under which the studio keeps its state; other programs carry it along.
inline constexpr const char* kStateKey = "studio";

/// Something was measured that scores can rest on: a domain, or the weights alone.
[[nodiscard]] bool canPlanWith(const stats::Statistics& statistics);

/// Half of the experts by summed REAP (or by frequency when output norms were not measured), all domains with weight 1,
/// budget line at what that needs.
[[nodiscard]] PlanState defaultState(plan::Planner& planner);

/// The state the studio stored, or for a plan made elsewhere one that gives the same keep lists: what the ranking does
/// not explain becomes edits by hand. Deployment and budget line come from `present` when the plan names none.
[[nodiscard]] PlanState stateFromPlan(const plan::Plan& plan, const model::ModelSummary& model, plan::Planner& planner,
                                      const PlanState& present);

/// What the planner's last step left, when no plan was saved with it and it is more than the `untouched` default: a
/// window that was closed, or a machine that stopped, in the middle of work. Domains are those of the statistics.
[[nodiscard]] std::optional<PlanState> unsavedState(const study::JournalEntry& step,
                                                    const std::vector<study::PlanRecord>& plans,
                                                    const stats::Statistics& statistics, const PlanState& untouched);

/// Keeps and drops what was set by hand. A drop that would leave a layer below top-k is left out.
void applyEdits(const std::vector<HandEdit>& edits, plan::Plan& plan, const model::ModelSummary& model);

} // namespace espalier::views
