// SPDX-License-Identifier: Apache-2.0
// HC-SMoE (Chen et al. 2024, arXiv 2410.08589, section 3.2): experts whose mean outputs over all tokens are near each
// other, whatever the router thinks of them, are merged with shares by use. The paper keeps all router rows and lets
// those of a group point to one expert; here they become one row with the same shares.
#include "core/method/merge/merge_methods.h"

namespace espalier::method {

std::vector<ExpertGroup> groupHcSmoe(const LayerEvidence& evidence, std::size_t groups)
{
    const Distances distances = rowDistances(evidence.mean, evidence.count());
    std::vector<ExpertGroup> merged;
    for (auto& members : averageLinkage(distances, groups)) {
        ExpertGroup group;
        group.kept = medoid(distances, members);
        group.weights = group.rows = sharesOf(members, evidence.chosen);
        group.members = std::move(members);
        merged.push_back(std::move(group));
    }
    return inOrder(std::move(merged));
}

} // namespace espalier::method
