// SPDX-License-Identifier: Apache-2.0
#include "core/method/merge/predicted_error.h"

#include <cmath>

namespace espalier::method {
namespace {

double quadratic(std::span<const float> gram, const std::vector<double>& d)
{
    double sum = 0;
    for (std::size_t i = 0; i < d.size(); ++i) {
        if (d[i] == 0)
            continue;
        double row = 0;
        for (std::size_t j = 0; j < d.size(); ++j)
            row += d[j] * gram[i * d.size() + j];
        sum += d[i] * row;
    }
    return sum;
}

} // namespace

double predictedError(const LayerEvidence& evidence, const std::vector<ExpertGroup>& groups)
{
    const std::size_t experts = evidence.count();
    if (evidence.bank == 0 || evidence.outputGram.empty())
        return -1;
    double lost = 0, whole = 0;
    std::vector<double> gates(experts), change(experts);
    for (std::size_t t = 0; t < static_cast<std::size_t>(evidence.bank); ++t) {
        const std::span<const float> gram(evidence.outputGram.data() + t * experts * experts, experts * experts);
        for (std::size_t e = 0; e < experts; ++e)
            gates[e] = evidence.bankGates[t * experts + e];
        for (const ExpertGroup& group : groups) {
            double sum = 0;
            for (const auto member : group.members)
                sum += gates[static_cast<std::size_t>(member)];
            for (std::size_t m = 0; m < group.members.size(); ++m) {
                const auto e = static_cast<std::size_t>(group.members[m]);
                change[e] = group.members.size() == 1 ? 0 : gates[e] - group.weights[m] * sum;
            }
        }
        const double energy = quadratic(gram, gates), error = quadratic(gram, change);
        if (std::isfinite(energy) && std::isfinite(error)) {
            whole += energy;
            lost += std::max(0.0, error);
        }
    }
    return whole > 0 ? lost / whole : 0;
}

} // namespace espalier::method
