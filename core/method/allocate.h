// SPDX-License-Identifier: Apache-2.0
// Allocators: from scores and a total to counts per layer; protectors: experts that must stay (or go). One file each
// under allocate/ and protect/. Pure functions, deterministic: ties by (score, id).
#pragma once

#include "core/base/result.h"
#include "core/method/score.h"
#include "core/model/model_summary.h"

#include <span>
#include <string_view>
#include <vector>

namespace espalier::method {

/// Keep (or drop) decided by the user or a protector, before scores are looked at.
struct Lock {
    LayerIndex layer;
    ExpertIndex expert;
    bool keep = true;
    bool operator==(const Lock&) const = default;
};

struct AllocationInput {
    const ScoreTable* scores = nullptr;
    std::int64_t totalKept = 0;       ///< sum over layers to keep
    std::int32_t minimumPerLayer = 1; ///< at least top-k
    /// Per layer: all ids in the order in which they are kept, so that `count` means the first `count` of them. Locks
    /// and router groups differ from the plain ranking. Empty: rankExperts().
    std::vector<std::vector<std::int32_t>> order;
    std::vector<std::int32_t> lockedKept;    ///< per layer: the first so many must stay
    std::vector<std::int32_t> lockedDropped; ///< per layer: the last so many must go
    std::int32_t step = 1;                   ///< counts are multiples of it (equal survivors per router group)
    std::vector<double> layerWeight;         ///< per layer: what a lost share of it costs; empty = the same everywhere
};
struct Allocator {
    std::string_view id; ///< "uniform", "global", "coverage", "knapsack"
    std::string_view title;
    std::string_view paper;
    std::string_view formula;
    bool uniformCounts = false;
    /// Experts kept per layer, sum = totalKept where the minimum and the locks allow it.
    std::vector<std::int32_t> (*allocate)(const AllocationInput& input);
    std::string_view needs{}; ///< statistics beside the score's, for people; empty = none
};
[[nodiscard]] const std::vector<Allocator>& allocators();
[[nodiscard]] const Allocator* findAllocator(std::string_view id);

struct Protector {
    std::string_view id; ///< "min-k", "super-experts", "outliers", "domain-floor"
    std::string_view title;
    std::string_view paper;
    std::string_view formula;
    std::vector<Lock> (*protect)(const stats::Statistics& statistics, const model::ModelSummary& model,
                                 double parameter);
    /// "domain-floor:0.8" gives a number; what it means, its default and its range. Empty: takes none.
    std::string_view parameter{};
    double standard = 0, low = 0, high = 0;
    std::string_view needs{};  ///< statistics, for people; empty = none
    bool boundsCounts = false; ///< the number is the smallest count of a layer, not for protect()
};
[[nodiscard]] const std::vector<Protector>& protectors();
[[nodiscard]] const Protector* findProtector(std::string_view id);

/// A protector with its number, as plans and --protect write it: "super-experts", "domain-floor:0.8".
struct ProtectorChoice {
    const Protector* protector = nullptr;
    double parameter = 0;
};
/// Usage error for an unknown id (names the known ones) or a number that makes no sense.
[[nodiscard]] Result<ProtectorChoice> chooseProtector(std::string_view text);

} // namespace espalier::method
