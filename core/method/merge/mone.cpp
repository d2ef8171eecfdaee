// SPDX-License-Identifier: Apache-2.0
#include "core/method/merge/mone.h"

#include "core/method/merge/merge_methods.h"

#include <algorithm>
#include <cmath>

namespace espalier::method {

ConstantExperts constantExperts(const LayerEvidence& evidence, std::size_t keep)
{
    ConstantExperts result;
    const std::size_t count = evidence.count(), width = static_cast<std::size_t>(evidence.hidden);
    for (std::size_t e = 0; e < count; ++e) {
        double squares = 0;
        for (std::size_t c = 0; c < width; ++c) {
            const double value = evidence.routedMean[e * width + c];
            squares += value * value;
        }
        const double deviation = std::sqrt(std::max(0.0, evidence.squares[e] - squares));
        const double use = evidence.tokens > 0 ? evidence.gates[e] / evidence.tokens : 0;
        const double score = deviation * use;
        result.score.push_back(std::isnan(score) ? 0 : score);
    }
    const auto order = ranked(result.score);
    result.replaced.assign(order.begin() + static_cast<std::ptrdiff_t>(std::min(keep, count)), order.end());
    std::sort(result.replaced.begin(), result.replaced.end());
    for (const auto e : result.replaced) {
        const auto begin =
            evidence.routedMean.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(e) * width);
        result.constants.insert(result.constants.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
    }
    return result;
}

double constantError(const LayerEvidence& evidence, const std::vector<std::int32_t>& replaced)
{
    const std::size_t count = evidence.count(), width = static_cast<std::size_t>(evidence.hidden);
    std::vector<double> constants(count * count, 0.0); // products of two means
    for (const auto i : replaced)
        for (const auto j : replaced)
            for (std::size_t c = 0; c < width; ++c)
                constants[static_cast<std::size_t>(i) * count + static_cast<std::size_t>(j)] +=
                    static_cast<double>(evidence.routedMean[static_cast<std::size_t>(i) * width + c]) *
                    evidence.routedMean[static_cast<std::size_t>(j) * width + c];
    double lost = 0, whole = 0;
    for (std::size_t t = 0; t < static_cast<std::size_t>(evidence.bank); ++t) {
        const float* gates = evidence.bankGates.data() + t * count;
        const float* gram = evidence.outputGram.data() + t * count * count;
        const float* means = evidence.meanProducts.data() + t * count * count;
        double error = 0, energy = 0;
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t j = 0; j < count; ++j)
                energy += static_cast<double>(gates[i]) * gates[j] * gram[i * count + j];
        for (const auto i : replaced)
            for (const auto j : replaced) {
                const std::size_t at = static_cast<std::size_t>(i) * count + static_cast<std::size_t>(j);
                error += static_cast<double>(gates[i]) * gates[j] * (gram[at] - 2.0 * means[at] + constants[at]);
            }
        if (std::isfinite(energy) && std::isfinite(error)) {
            whole += energy;
            lost += std::max(0.0, error);
        }
    }
    return whole > 0 ? lost / whole : 0;
}

} // namespace espalier::method
