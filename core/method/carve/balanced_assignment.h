// SPDX-License-Identifier: Apache-2.0
// Exact balanced assignment: n points to k clusters of equal size at the least total cost. CMoE (arXiv 2502.04416)
// repeats every cluster's column n / k times and solves an n x n assignment; it is a transportation problem with k
// sinks, so successive shortest paths over the k clusters need O(n k) memory. Pure function, thread-safe.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::method {

struct BalancedAssignment {
    std::vector<std::int32_t> clusterOf; ///< [n]
    double cost = 0;                     ///< sum of the chosen costs
};

/// `costs` [n, k] row-major, finite. Every cluster gets exactly n / k points; equal costs are settled by lower number,
/// so the result depends on the input alone. Usage error when k does not divide n; BadInput for a cost that is no
/// number.
[[nodiscard]] Result<BalancedAssignment> assignBalanced(std::span<const float> costs, std::int64_t points,
                                                        std::int64_t clusters);

} // namespace espalier::method
