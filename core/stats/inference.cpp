// SPDX-License-Identifier: Apache-2.0
#include "core/stats/inference.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace espalier::stats {
namespace {

/// ln n!; lgamma_r because std::lgamma writes a global sign and would race between threads.
double logFactorial(double n)
{
    int sign = 0;
    return ::lgamma_r(n + 1, &sign);
}

} // namespace

Interval wilson95(std::int64_t successes, std::int64_t n)
{
    if (n <= 0)
        return {0, 1};
    constexpr double z = kZ95;
    const auto count = static_cast<double>(n);
    const double p = static_cast<double>(successes) / count;
    const double denominator = 1 + z * z / count;
    const double centre = (p + z * z / (2 * count)) / denominator;
    const double half = z * std::sqrt(p * (1 - p) / count + z * z / (4 * count * count)) / denominator;
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

double mcnemarExact(std::int64_t lost, std::int64_t gained)
{
    const std::int64_t n = lost + gained;
    if (lost < 0 || gained < 0 || n == 0 || lost == gained)
        return 1;
    const std::int64_t k = std::min(lost, gained);
    // The term at k from log factorials, the smaller ones by their ratio: three logarithms for any n.
    const auto size = static_cast<double>(n);
    double term = std::exp(logFactorial(size) - logFactorial(static_cast<double>(k)) -
                           logFactorial(static_cast<double>(n - k)) - size * std::log(2.0));
    double tail = 0;
    for (std::int64_t i = k; i >= 0 && term > tail * 1e-18; --i) {
        tail += term;
        term *= static_cast<double>(i) / static_cast<double>(n - i + 1);
    }
    return std::min(1.0, 2 * tail);
}

double standardErrorOfMean(double sum, double sumOfSquares, double n)
{
    const double residual = sumOfSquares - sum * sum / n;
    if (!(n >= 2) || !std::isfinite(residual))
        return std::numeric_limits<double>::quiet_NaN();
    return std::sqrt(std::max(0.0, residual) / (n - 1) / n);
}

double standardErrorOfSum(double sum, double sumOfSquares, double n)
{
    return standardErrorOfMean(sum, sumOfSquares, n) * n;
}

double quantile(const float* values, std::size_t n, double q)
{
    if (n == 0)
        return std::numeric_limits<double>::quiet_NaN();
    std::vector<float> copy(values, values + n);
    const double position = std::clamp(q, 0.0, 1.0) * static_cast<double>(n - 1);
    const auto below = static_cast<std::size_t>(position);
    std::nth_element(copy.begin(), copy.begin() + static_cast<std::ptrdiff_t>(below), copy.end());
    const double low = copy[below];
    if (below + 1 >= n)
        return low;
    const double high = *std::min_element(copy.begin() + static_cast<std::ptrdiff_t>(below) + 1, copy.end());
    return low + (high - low) * (position - static_cast<double>(below));
}

} // namespace espalier::stats
