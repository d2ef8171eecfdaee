// SPDX-License-Identifier: Apache-2.0
// What locks, protectors and router groups leave to an allocator. Pure functions.
#pragma once

#include "core/base/result.h"
#include "core/method/allocate.h"
#include "core/model/model_summary.h"

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::plan {

/// Groups of a layer in which equal numbers must survive; 1 for routers without groups.
[[nodiscard]] std::int32_t routerGroups(const model::ModelSummary& model);

/// Usage error when `keep` experts in every layer are not possible: too few for the router, unequal in its groups.
[[nodiscard]] Result<void> checkKeep(const model::ModelSummary& model, std::int32_t keep);

struct Constraints {
    /// Per layer: all ids in the order in which they are kept. Locked ones first, dropped ones last; for grouped
    /// routers in rounds (the best of every group, then the second best of every group …), so that any whole number of
    /// rounds keeps equally many per group.
    std::vector<std::vector<std::int32_t>> order;
    std::vector<std::int32_t> lockedKept;    ///< per layer: smallest count that keeps every locked expert
    std::vector<std::int32_t> lockedDropped; ///< per layer: how many of the last must go
};

/// `ranking[l]` are the ids of model.moeLayers[l], best first. Of two locks on one expert the first counts. Usage error
/// for experts that do not exist and for locks that leave a layer fewer than the smallest legal count.
[[nodiscard]] Result<Constraints> constrain(const model::ModelSummary& model,
                                            const std::vector<std::vector<std::int32_t>>& ranking,
                                            std::span<const method::Lock> locks, std::int32_t smallest);

/// Counts by hand, one per layer: Usage error naming the layer when a count is illegal or breaks a lock.
[[nodiscard]] Result<void> checkCounts(const model::ModelSummary& model, const Constraints& constraints,
                                       const std::vector<std::int32_t>& counts, std::int32_t smallest);

/// One count for all layers: the largest that any layer's locks ask for. Usage error when another layer's locks do not
/// leave as many.
[[nodiscard]] Result<std::int32_t> commonCount(const model::ModelSummary& model, const Constraints& constraints,
                                               const std::vector<std::int32_t>& counts);

} // namespace espalier::plan
