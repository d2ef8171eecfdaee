// SPDX-License-Identifier: Apache-2.0
// A plan that mixes experts (EEP, arXiv 2407.00945) as what a merge writes: sums of experts, and router rows that say
// its mapping of probabilities, exactly or as near as a linear router comes. Nothing is written here.
#pragma once

#include "core/engine/merge_job.h"
#include "core/plan/plan.h"

namespace espalier::engine {

/// Layers whose mapping no linear router says exactly; they need texts to be fitted on.
[[nodiscard]] std::vector<LayerIndex> layersToFit(const model::OpenModel& model, const plan::Plan& plan);

/// `request` gives texts, their bounds and the engine; without layers to fit they are not used and nothing is computed.
/// Usage when the plan mixes nothing, or texts are needed and none are given; BadInput for routers that cannot be
/// mapped (groups, one after the other). Cancelled between batches.
[[nodiscard]] Result<Merging> runMixture(const model::OpenModel& model, const plan::Plan& plan,
                                         const MergeRequest& request, const base::JobContext& job);

/// Whether `map` is what runMixture() makes of the plan: its sums, and its rows where they are said to be exact.
[[nodiscard]] bool isMixtureOf(const method::MergeMap& map, const model::OpenModel& model, const plan::Plan& plan);

} // namespace espalier::engine
