// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/ratio_interval.h"

#include "core/stats/inference.h"

#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace espalier::engine {

double studentT975(std::int64_t freedom)
{
    constexpr std::array kTable{12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624,
                                2.306004,  2.262157, 2.228139, 2.200985, 2.178813, 2.160369, 2.144787,
                                2.131450,  2.119905, 2.109816, 2.100922, 2.093024, 2.085963};
    if (freedom < 1)
        return std::numeric_limits<double>::quiet_NaN();
    if (freedom <= static_cast<std::int64_t>(kTable.size()))
        return kTable[static_cast<std::size_t>(freedom - 1)];
    // Expansion in 1/n around the normal quantile (Abramowitz & Stegun 26.7.5); below 1e-5 from 21 on
    constexpr double z = stats::kZ95;
    constexpr double z3 = z * z * z;
    constexpr double z5 = z3 * z * z;
    constexpr double z7 = z5 * z * z;
    const auto n = static_cast<double>(freedom);
    return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n) +
           (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * n * n * n);
}

stats::Interval ratioInterval(std::span<const double> difference, std::span<const double> tokens)
{
    constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
    if (difference.size() < 2 || tokens.size() != difference.size())
        return {kUnknown, kUnknown};
    const auto windows = static_cast<double>(difference.size());
    const double total = std::accumulate(tokens.begin(), tokens.end(), 0.0);
    const double rate = std::accumulate(difference.begin(), difference.end(), 0.0) / total;
    double squares = 0;
    for (std::size_t w = 0; w < difference.size(); ++w) {
        const double residual = difference[w] - rate * tokens[w];
        squares += residual * residual;
    }
    const double error = std::sqrt(squares * windows / (windows - 1)) / total;
    const double reach = studentT975(static_cast<std::int64_t>(difference.size()) - 1) * error;
    return {std::exp(rate - reach), std::exp(rate + reach)};
}

} // namespace espalier::engine
