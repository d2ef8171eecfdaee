// SPDX-License-Identifier: Apache-2.0
// Exact minimisation of a sum of independent losses under one budget: which count each layer gets. What evolution and
// integer programmes approximate in the papers (EvoESAP, LExI) is a knapsack when the loss is a sum over layers.
#pragma once

#include <cstdint>
#include <vector>

namespace espalier::method {

/// Losses of one layer by its count, in steps: loss[i] is that of the i-th allowed count, the smallest first.
using CountLosses = std::vector<double>;

/// Places into `losses`, one per layer, whose sum is `units` (bounded by what the layers have) and whose summed loss is
/// the least. Layers whose gains only shrink (convex losses) are filled by the largest gain, which is exact for them
/// and nests: more units take nothing from any layer. Only the others need the table of dynamic programming, of
/// units x counts for each such layer. Ties go to the smaller place, then to the earlier layer.
[[nodiscard]] std::vector<std::int32_t> minimiseSeparable(const std::vector<CountLosses>& losses, std::int64_t units);

} // namespace espalier::method
