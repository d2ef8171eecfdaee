// SPDX-License-Identifier: Apache-2.0
#include "core/stats/inference.h"

#include <algorithm>
#include <array>
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

/// Of 1 to 30 degrees of freedom.
constexpr std::array kStudent{
    12.706204736432095, 4.302652729911275, 3.182446305284263, 2.776445105198,    2.570581835636197, 2.446911851144969,
    2.364624251592785,  2.306004135204166, 2.262157162798205, 2.228138851986274, 2.200985160082949, 2.178812829667229,
    2.160368656462793,  2.144786687917804, 2.131449545559323, 2.119905299221011, 2.109815577833181, 2.10092204024096,
    2.093024054408263,  2.085963447265837, 2.079613844727662, 2.073873067904015, 2.068657610419041, 2.063898561628021,
    2.059538552753294,  2.055529438642871, 2.051830516480284, 2.048407141795244, 2.045229642132703, 2.042272456301238};

} // namespace

double studentT975(double df)
{
    if (!(df >= 1))
        return std::numeric_limits<double>::infinity();
    if (df < static_cast<double>(kStudent.size()) + 1)
        return kStudent[static_cast<std::size_t>(df) - 1];
    // Fisher's expansion in 1 / df (Abramowitz and Stegun 26.7.5).
    constexpr double z = kZ95;
    const double z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z;
    const double g1 = (z3 + z) / 4;
    const double g2 = (5 * z5 + 16 * z3 + 3 * z) / 96;
    const double g3 = (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / 384;
    const double g4 = (79 * z7 * z * z + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / 92160;
    return z + (g1 + (g2 + (g3 + g4 / df) / df) / df) / df;
}

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
