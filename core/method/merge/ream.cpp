// SPDX-License-Identifier: Apache-2.0
// REAM (arXiv 2604.04356): the most salient experts stay; starting with the most salient, each takes the most similar
// of those that are left, so most groups stay single. Only the router row of the expert that stays survives. Saliency
// is pooled over tokens here (the public code averages over batches), and layers are measured in the unmerged model.
#include "core/method/merge/merge_methods.h"

#include <algorithm>
#include <cmath>

namespace espalier::method {
namespace {

constexpr std::size_t kMembers = 16; ///< C of the paper

/// Half the cosine of gated mean outputs, mapped to 0 … 1, half the nearness of normalised logit columns.
std::vector<double> similarities(const LayerEvidence& evidence)
{
    const std::size_t count = evidence.count();
    std::vector<double> similarity = rowCosines(evidence.gatedMean, count);
    std::vector<double> distance = logitCosines(evidence);
    double largest = 0;
    for (double& value : distance) {
        value = std::sqrt(std::max(0.0, 2 - 2 * value));
        largest = std::max(largest, value);
    }
    for (std::size_t i = 0; i < similarity.size(); ++i)
        similarity[i] = 0.5 * ((1 + similarity[i]) / 2 + (largest > 0 ? 1 - distance[i] / largest : 1));
    return similarity;
}

} // namespace

std::vector<ExpertGroup> groupReam(const LayerEvidence& evidence, std::size_t groups)
{
    const auto similarity = similarities(evidence);
    const auto order = ranked(evidence.saliency);
    std::vector<std::int32_t> left(order.begin() + static_cast<std::ptrdiff_t>(groups), order.end());
    std::sort(left.begin(), left.end());
    // A layer with few groups needs larger ones
    const std::size_t most = std::max(kMembers, (evidence.count() + groups - 1) / groups);
    std::vector<ExpertGroup> merged;
    for (std::size_t g = 0; g < groups; ++g) {
        ExpertGroup group{order[g], {order[g]}, {}, {}, {}};
        const std::size_t row = static_cast<std::size_t>(group.kept) * evidence.count();
        while (!left.empty() && group.members.size() < most) {
            const auto nearest = std::max_element(left.begin(), left.end(), [&](std::int32_t a, std::int32_t b) {
                return similarity[row + static_cast<std::size_t>(a)] < similarity[row + static_cast<std::size_t>(b)];
            });
            group.members.push_back(*nearest);
            left.erase(nearest);
        }
        std::sort(group.members.begin(), group.members.end());
        group.weights = sharesOf(group.members, evidence.saliency);
        group.rows = ownRow(group);
        merged.push_back(std::move(group));
    }
    return inOrder(std::move(merged));
}

} // namespace espalier::method
