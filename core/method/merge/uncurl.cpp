// SPDX-License-Identifier: Apache-2.0
// UNCURL (Sarkar et al. 2024, arXiv 2409.01483): experts that the router treats alike on a task collapse into one. No
// code is public; "alike" is the correlation of their logits over the task's tokens here, and a group's shares, of
// weights and router rows, are its members' use.
#include "core/method/merge/merge_methods.h"

namespace espalier::method {

std::vector<ExpertGroup> groupUncurl(const LayerEvidence& evidence, std::size_t groups)
{
    const Distances distances = fromSimilarities(logitCorrelations(evidence), evidence.count());
    std::vector<ExpertGroup> merged;
    for (auto& members : averageLinkage(distances, groups)) {
        ExpertGroup group;
        group.kept = strongest(members, evidence.chosen);
        group.weights = group.rows = sharesOf(members, evidence.chosen);
        group.members = std::move(members);
        merged.push_back(std::move(group));
    }
    return inOrder(std::move(merged));
}

} // namespace espalier::method
