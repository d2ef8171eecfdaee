// SPDX-License-Identifier: Apache-2.0
// M-SMoE (Li et al. 2024, arXiv 2310.01334, section 3.1): the most used experts stay and every other one joins the one
// whose router logits are most like its own. The paper ranks experts over all layers, so that layers keep different
// numbers; one configuration has one number, so each layer keeps its own most used here.
#include "core/method/merge/merge_methods.h"

#include <algorithm>

namespace espalier::method {

std::vector<ExpertGroup> groupMSmoe(const LayerEvidence& evidence, std::size_t groups)
{
    const auto cosines = logitCosines(evidence);
    const auto order = ranked(evidence.chosen);
    std::vector<std::int32_t> dominant(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(groups));
    std::sort(dominant.begin(), dominant.end());
    std::vector<ExpertGroup> merged;
    for (const auto kept : dominant)
        merged.push_back({kept, {kept}, {}, {}, {}});
    for (std::size_t i = groups; i < order.size(); ++i) {
        const auto row = static_cast<std::size_t>(order[i]) * evidence.count();
        const auto nearest = std::max_element(merged.begin(), merged.end(), [&](const auto& a, const auto& b) {
            return cosines[row + static_cast<std::size_t>(a.kept)] < cosines[row + static_cast<std::size_t>(b.kept)];
        });
        nearest->members.push_back(order[i]);
    }
    for (ExpertGroup& group : merged) {
        std::sort(group.members.begin(), group.members.end());
        group.weights = sharesOf(group.members, evidence.chosen);
        group.rows = ownRow(group);
    }
    return merged;
}

} // namespace espalier::method
