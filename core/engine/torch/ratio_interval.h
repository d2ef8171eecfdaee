// SPDX-License-Identifier: Apache-2.0
// Uncertainty of a perplexity ratio. Tokens of one window depend on each other, so windows are the units.
#pragma once

#include "core/stats/inference.h"

#include <cstdint>
#include <span>

namespace espalier::engine {

/// 97.5 % quantile of Student's t with `freedom` degrees of freedom; NaN below one.
[[nodiscard]] double studentT975(std::int64_t freedom);

/// 95 % interval of exp(Σ difference / Σ tokens): ratio estimator over windows (Cochran 1977, equation 6.13) with
/// Student's t. `difference[w]`: sum over the window of log p_base − log p_plan; `tokens[w]` > 0. Both ends NaN with
/// fewer than two windows.
[[nodiscard]] stats::Interval ratioInterval(std::span<const double> difference, std::span<const double> tokens);

} // namespace espalier::engine
