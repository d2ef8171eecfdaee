// SPDX-License-Identifier: Apache-2.0
// The allocator files' contributions to the registry, and what they share.
#pragma once

#include "core/method/allocate.h"

namespace espalier::method {

[[nodiscard]] Allocator uniformAllocator();
[[nodiscard]] Allocator globalAllocator();
[[nodiscard]] Allocator coverageAllocator();
[[nodiscard]] Allocator knapsackAllocator();

/// Bounds of a layer's count: at least the minimum and the locked ones, at most what is not locked away.
[[nodiscard]] std::int32_t lowerBound(const AllocationInput& input, std::size_t layer);
[[nodiscard]] std::int32_t upperBound(const AllocationInput& input, std::size_t layer);

/// The order in which a layer's experts are kept.
[[nodiscard]] std::vector<std::int32_t> keepOrder(const AllocationInput& input, std::size_t layer);

/// The next `step` experts of a layer, from position `rank` of its order on; `rank` is a multiple of `step`. Taken
/// largest value first beyond each layer's lower bound, until the total is reached. Shared by allocators that fill one
/// step at a time, so that plans nest.
struct Candidate {
    double value = 0;
    std::int32_t layer = 0, rank = 0;
};
[[nodiscard]] std::vector<std::int32_t> fillGreedily(const AllocationInput& input, std::vector<Candidate> candidates);

} // namespace espalier::method
