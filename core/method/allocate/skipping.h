// SPDX-License-Identifier: Apache-2.0
// Dynamic expert skipping (NAEE, Lu et al. 2024, arXiv 2402.14800, section 3.3), for any number of experts per token.
// Of a token's k weights, sorted w_1 >= w_2 >= ... >= w_k, the longest beginning is kept in which every w_j, j >= 2, is
// at least beta_j w_1; kept weights are renormalised where the model renormalises. The paper has k = 2 and the median
// of w_2 / w_1 over the calibration tokens of the layer for beta; here beta_j is any quantile of w_j / w_1.
#pragma once

#include "core/base/result.h"
#include "core/stats/statistics.h"

#include <span>
#include <string>
#include <vector>

namespace espalier::method {

/// A threshold that no weight reaches.
inline constexpr double kNeverReached = 2;

/// The `share`-quantile, 0 … 1, of values in [0, 1] that were counted in bins of equal width, by linear interpolation
/// inside the bin. Counts are whole numbers, so parts of a run add up to the quantiles of the whole run, whatever their
/// order. 0 for share 0 or where nothing was counted, kNeverReached for share 1.
[[nodiscard]] double quantileOfBins(std::span<const double> counts, double share);

/// beta_{j + 2} at [layer][j], j = 0 … k - 2: quantiles over the tokens of the domains (empty = all), pooled by tokens,
/// from the ratio histograms (256 bins). BadInput when they were not measured; empty for layers of one expert per
/// token.
[[nodiscard]] Result<std::vector<std::vector<double>>>
skipThresholds(const stats::Statistics& statistics, std::span<const std::string> domains, double share);

} // namespace espalier::method
