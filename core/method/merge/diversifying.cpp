// SPDX-License-Identifier: Apache-2.0
// Diversifying the Expert Knowledge (Zhang et al. 2024, arXiv 2407.09590): experts are alike in feature space, by
// linear CKA of their outputs or, without texts, by a surrogate of their weights; groups are merged together with their
// router rows, all members alike. The paper's rule for cutting the graph of experts is not public: average linkage
// here.
#include "core/method/merge/merge_methods.h"

namespace espalier::method {
namespace {

std::vector<ExpertGroup> groupBySimilarity(std::span<const double> similarities, std::size_t count, std::size_t groups)
{
    const Distances distances = fromSimilarities(similarities, count);
    std::vector<ExpertGroup> merged;
    for (auto& members : averageLinkage(distances, groups)) {
        ExpertGroup group;
        group.kept = medoid(distances, members);
        group.weights.assign(members.size(), 1.0 / static_cast<double>(members.size()));
        group.rows = group.weights;
        group.members = std::move(members);
        merged.push_back(std::move(group));
    }
    return inOrder(std::move(merged));
}

} // namespace

std::vector<ExpertGroup> groupDiversifying(const LayerEvidence& evidence, std::size_t groups)
{
    return groupBySimilarity(evidence.cka, evidence.count(), groups);
}

std::vector<ExpertGroup> groupDiversifyingWeights(const LayerEvidence& evidence, std::size_t groups)
{
    return groupBySimilarity(evidence.weightCosine, evidence.count(), groups);
}

} // namespace espalier::method
