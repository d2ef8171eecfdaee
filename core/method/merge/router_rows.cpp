// SPDX-License-Identifier: Apache-2.0
#include "core/method/merge/router_rows.h"

#include "core/method/merge/linear_system.h"

#include <algorithm>
#include <cmath>

namespace espalier::method {
namespace {

/// log sum exp over some of a token's logits.
template <typename Ids>
double logSumExp(const float* logits, const Ids& ids)
{
    double largest = -INFINITY, sum = 0;
    for (const auto id : ids)
        largest = std::max(largest, static_cast<double>(logits[id]));
    for (const auto id : ids)
        sum += std::exp(logits[id] - largest);
    return largest + std::log(sum);
}

} // namespace

std::vector<double> fittedRows(const LayerEvidence& evidence, const std::vector<std::int32_t>& members)
{
    const std::size_t n = members.size(), count = evidence.count();
    const double equal = 1.0 / static_cast<double>(n);
    std::vector<double> matrix(n * n, 0.0), right(n, 0.0);
    std::vector<std::int32_t> all(count);
    for (std::size_t e = 0; e < count; ++e)
        all[e] = static_cast<std::int32_t>(e);
    for (std::size_t t = 0; t < static_cast<std::size_t>(evidence.bank); ++t) {
        const float* logits = evidence.bankLogits.data() + t * count;
        const double wanted = logSumExp(logits, members);
        const double weight = std::exp(wanted - logSumExp(logits, all));
        if (!std::isfinite(wanted) || !std::isfinite(weight))
            continue;
        for (std::size_t i = 0; i < n; ++i) {
            const double z = logits[members[i]];
            right[i] += weight * z * wanted;
            for (std::size_t j = 0; j < n; ++j)
                matrix[i * n + j] += weight * z * logits[members[j]];
        }
    }
    double trace = 0;
    for (std::size_t i = 0; i < n; ++i)
        trace += matrix[i * n + i];
    constexpr double kPull = 1e-2;
    const double ridge = trace > 0 ? kPull * trace / static_cast<double>(n) : 1;
    for (std::size_t i = 0; i < n; ++i) {
        matrix[i * n + i] += ridge;
        right[i] += ridge * equal;
    }
    const bool fine = solveLinear(matrix, right) &&
                      std::all_of(right.begin(), right.end(), [](double share) { return std::isfinite(share); });
    return fine ? right : std::vector<double>(n, equal);
}

} // namespace espalier::method
