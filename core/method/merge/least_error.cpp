// SPDX-License-Identifier: Apache-2.0
// Groups by what merging them is predicted to cost. Two experts merged with the constant share a instead of the
// router's r = g_i / (g_i + g_j) lose (g_i + g_j)² (r - a)² |f_i - f_j|² on a token (REAP, Lasby et al. 2025,
// arXiv 2510.13999, section 3); the best a is the mean of r weighted by (g_i + g_j)² |f_i - f_j|². A group's shares are
// those that lose least, by least squares.
#include "core/method/merge/linear_system.h"
#include "core/method/merge/merge_methods.h"

#include <algorithm>
#include <cmath>

namespace espalier::method {
namespace {

/// Least loss of each pair over the bank.
Distances pairLosses(const LayerEvidence& evidence)
{
    const std::size_t count = evidence.count();
    std::vector<double> weight(count * count, 0.0), first(count * count, 0.0), second(count * count, 0.0);
    for (std::size_t t = 0; t < static_cast<std::size_t>(evidence.bank); ++t) {
        const float* gates = evidence.bankGates.data() + t * count;
        const float* gram = evidence.outputGram.data() + t * count * count;
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t j = i + 1; j < count; ++j) {
                const double sum = static_cast<double>(gates[i]) + gates[j];
                if (sum == 0)
                    continue;
                const double apart =
                    static_cast<double>(gram[i * count + i]) + gram[j * count + j] - 2.0 * gram[i * count + j];
                const double w = sum * sum * std::max(0.0, apart), r = gates[i] / sum;
                if (!std::isfinite(w))
                    continue;
                weight[i * count + j] += w;
                first[i * count + j] += w * r;
                second[i * count + j] += w * r * r;
            }
    }
    Distances losses{count, std::vector<double>(count * count, 0.0)};
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = i + 1; j < count; ++j) {
            const std::size_t at = i * count + j;
            const double loss = weight[at] > 0 ? second[at] - first[at] * first[at] / weight[at] : 0;
            losses.values[at] = losses.values[j * count + i] = std::max(0.0, loss);
        }
    return losses;
}

/// Shares w with sum 1 that minimise the sum over tokens of |sum_i (g_i - w_i g) f_i|², g the group's gates: the normal
/// equations with a multiplier for the sum. A little of the trace on the diagonal keeps shares of equal experts equal.
std::vector<double> bestShares(const LayerEvidence& evidence, const std::vector<std::int32_t>& members)
{
    const std::size_t n = members.size(), count = evidence.count();
    std::vector<double> matrix((n + 1) * (n + 1), 0.0), right(n + 1, 0.0);
    double trace = 0;
    for (std::size_t t = 0; t < static_cast<std::size_t>(evidence.bank); ++t) {
        const float* gates = evidence.bankGates.data() + t * count;
        const float* gram = evidence.outputGram.data() + t * count * count;
        double sum = 0;
        for (const auto member : members)
            sum += gates[member];
        if (sum == 0)
            continue;
        for (std::size_t i = 0; i < n; ++i) {
            const float* row = gram + static_cast<std::size_t>(members[i]) * count;
            for (std::size_t j = 0; j < n; ++j) {
                const double product = row[members[j]];
                if (!std::isfinite(product))
                    continue;
                matrix[i * (n + 1) + j] += sum * sum * product;
                right[i] += sum * gates[members[j]] * product;
            }
        }
    }
    for (std::size_t i = 0; i < n; ++i)
        trace += matrix[i * (n + 1) + i];
    const double ridge = trace > 0 ? 1e-4 * trace / static_cast<double>(n) : 1;
    for (std::size_t i = 0; i < n; ++i) {
        matrix[i * (n + 1) + i] += ridge;
        right[i] += ridge / static_cast<double>(n);
        matrix[i * (n + 1) + n] = matrix[n * (n + 1) + i] = 1;
    }
    right[n] = 1;
    const bool solved = solveLinear(matrix, right);
    right.resize(n);
    double total = 0;
    for (double& share : right) { // weights, unlike outputs, are no linear matter: nothing outside their hull
        share = std::max(0.0, share);
        total += share;
    }
    if (!solved || !std::isfinite(total) || total <= 0)
        return sharesOf(members, evidence.chosen);
    for (double& share : right)
        share /= total;
    return right;
}

} // namespace

std::vector<ExpertGroup> groupByError(const LayerEvidence& evidence, std::size_t groups)
{
    std::vector<ExpertGroup> merged;
    for (auto& members : averageLinkage(pairLosses(evidence), groups)) {
        ExpertGroup group;
        group.kept = strongest(members, evidence.chosen);
        group.weights = members.size() == 1 ? std::vector<double>{1.0} : bestShares(evidence, members);
        group.rows = sharesOf(members, evidence.chosen);
        group.members = std::move(members);
        merged.push_back(std::move(group));
    }
    return inOrder(std::move(merged));
}

} // namespace espalier::method
