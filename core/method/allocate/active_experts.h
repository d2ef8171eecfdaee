// SPDX-License-Identifier: Apache-2.0
// Experts per token, layer by layer, under one mean (LExI, arXiv 2509.02753, with the exact knapsack in place of its
// evolution). LExI's loss is the change of the layer's output on random inputs, which needs a pass of its own; here the
// loss is what a profile has: (w_l x mean share of the gate weight that the dropped choices had)^2, w_l = mean |y| /
// |h|.
#pragma once

#include "core/base/result.h"
#include "core/stats/statistics.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace espalier::method {

/// lost[l][m - 1]: mean share of a token's gate weight beyond its m largest, m = 1 … k, over the tokens of the domains
/// (empty = all), from the cumulative histograms (256 bins, so within 1 / 512). BadInput when they were not measured.
[[nodiscard]] Result<std::vector<std::vector<double>>> lostGateShares(const stats::Statistics& statistics,
                                                                      std::span<const std::string> domains);

/// Experts per token of each layer, 1 … k, that sum to `total` and lose least; `layerWeight` empty = the same
/// everywhere.
[[nodiscard]] std::vector<std::int32_t> allocateActive(const std::vector<std::vector<double>>& lost,
                                                       const std::vector<double>& layerWeight, std::int64_t total);

} // namespace espalier::method
