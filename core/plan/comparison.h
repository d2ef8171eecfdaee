// SPDX-License-Identifier: Apache-2.0
// The plans of a comparison of methods: every method with every allocator at every size, beside what they have to beat,
// random choices and the same count in every layer. Pure planning; a validation measures them all in one pass.
#pragma once

#include "core/plan/planner.h"

#include <cstdint>
#include <string>
#include <vector>

namespace espalier::plan {

struct ComparisonRequest {
    std::vector<std::string> methods;
    std::vector<Target> targets;
    std::vector<std::string> allocators{"uniform"}; ///< uniform is added as a baseline when it is missing
    std::int32_t randomSeeds = 3;                   ///< random plans of every size, seeds 1 to n
    /// Sets of domains to score by, one plan for each; an empty set means all domains. Without any, those of `common`.
    std::vector<std::vector<std::string>> domainSets;
    /// Everything else that the plans have in common: domains, exponents, protectors, locks, deployment.
    PlanRequest common;
};

enum class Baseline { None, Random, Uniform };

struct ComparisonPlan {
    Plan plan;              ///< named "reap-sum, half", "reap-sum, global, half", "random 2, half"
    std::size_t target = 0; ///< index of ComparisonRequest::targets
    std::string scoredBy;   ///< "json", "json+arithmetic", "all domains"; empty for random plans
    Baseline baseline = Baseline::None;
};

/// In the order methods, allocators, sets of domains, then random, target by target. With several sets a name says its
/// own: "reap-sum by json, keep 8". Usage error for an empty list, a name given twice,
/// and whatever Planner::make() refuses; the message names the plan.
[[nodiscard]] Result<std::vector<ComparisonPlan>> comparisonPlans(Planner& planner, const ComparisonRequest& request);

/// "keep 8", "remove 50 %", "15.0 GiB": how a target is named in tables.
[[nodiscard]] std::string targetName(const Target& target);

} // namespace espalier::plan
