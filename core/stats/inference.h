// SPDX-License-Identifier: Apache-2.0
// Small-sample statistics shown beside measured numbers. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>

namespace espalier::stats {

/// 97.5 % point of the normal distribution: half of a 95 % interval in standard errors.
inline constexpr double kZ95 = 1.959963984540054;

/// 97.5 % point of Student's t with `df` degrees of freedom (W. S. Gosset 1908); between whole numbers the smaller one
/// counts, below 1 infinity. Relative error below 1e-7.
[[nodiscard]] double studentT975(double df);

struct Interval {
    double low = 0, high = 0;
};
/// Wilson score interval of a proportion at 95 % (E. B. Wilson 1927); [0, 1] for n = 0.
[[nodiscard]] Interval wilson95(std::int64_t successes, std::int64_t n);

/// Exact two-sided McNemar test (binomial, p = 1/2) for paired outcomes: lost = only before right, gained = only after
/// right. 1 without flips. Holds for a million flips; relative error about 1e-8 there.
[[nodiscard]] double mcnemarExact(std::int64_t lost, std::int64_t gained);

/// Standard error of a mean from sums over n values: s / sqrt(n), s with n - 1; NaN below two or
/// when a sum overflowed.
[[nodiscard]] double standardErrorOfMean(double sum, double sumOfSquares, double n);

/// Standard error of a sum over n values (zeros included in n, absent from the sums): sqrt(n) s; NaN below two.
[[nodiscard]] double standardErrorOfSum(double sum, double sumOfSquares, double n);

/// q-quantile (0 … 1) by linear interpolation; sorts its copy. NaN when empty.
[[nodiscard]] double quantile(const float* values, std::size_t n, double q);

} // namespace espalier::stats
