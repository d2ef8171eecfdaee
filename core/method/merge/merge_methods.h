// SPDX-License-Identifier: Apache-2.0
// Merging methods: evidence of a layer -> groups of experts with shares. One small file per published method. Pure
// functions, any thread; ties by lower number.
#pragma once

#include "core/method/merge/cluster.h"
#include "core/method/merge/merge_map.h"

#include <string_view>

namespace espalier::method {

/// What LayerEvidence must hold besides the layer's own routing.
struct MergeNeeds {
    bool everyToken = false;  ///< mean, gatedMean: all experts on all tokens
    bool cka = false;         ///< bank
    bool activations = false; ///< bank; for the alignment
    bool weightCosine = false;
    bool meanProducts = false; ///< bank
    bool texts = true;         ///< false: the weights say enough
};
/// Which features put neurons in the same order before they are averaged.
enum class Alignment { None, Weights, ActivationsAndWeights };

struct MergeMethod {
    std::string_view id{};
    std::string_view title{};
    std::string_view paper{};
    std::string_view formula{};
    std::string_view needs{}; ///< for people
    std::string_view cost{};  ///< for people
    MergeNeeds evidence{};
    Alignment alignment = Alignment::None;
    /// Exactly `groups` groups, 1 … E.
    std::vector<ExpertGroup> (*group)(const LayerEvidence& evidence, std::size_t groups) = nullptr;
};
[[nodiscard]] const std::vector<MergeMethod>& mergeMethods();
/// Usage error for an unknown id, naming the known ones.
[[nodiscard]] Result<const MergeMethod*> findMergeMethod(std::string_view id);

/// `groups` experts of a layer whose router chooses among `routerGroups` equal ranges of experts first: each range
/// keeps equally many. `groups` must be a multiple of routerGroups, at most E.
[[nodiscard]] std::vector<ExpertGroup> groupExperts(const MergeMethod& method, const LayerEvidence& evidence,
                                                    std::size_t groups, std::size_t routerGroups = 1);

/// Groups sorted by the member that stands for each.
[[nodiscard]] std::vector<ExpertGroup> inOrder(std::vector<ExpertGroup> groups);
/// The member with the largest amount.
[[nodiscard]] std::int32_t strongest(const std::vector<std::int32_t>& members, std::span<const double> amounts);
/// Ids with the largest amounts, best first.
[[nodiscard]] std::vector<std::int32_t> ranked(std::span<const double> amounts);
/// The router row of the member that stands for the group, alone.
[[nodiscard]] std::vector<double> ownRow(const ExpertGroup& group);

[[nodiscard]] std::vector<ExpertGroup> groupHcSmoe(const LayerEvidence& evidence, std::size_t groups);
[[nodiscard]] std::vector<ExpertGroup> groupDiversifying(const LayerEvidence& evidence, std::size_t groups);
[[nodiscard]] std::vector<ExpertGroup> groupDiversifyingWeights(const LayerEvidence& evidence, std::size_t groups);
[[nodiscard]] std::vector<ExpertGroup> groupUncurl(const LayerEvidence& evidence, std::size_t groups);
[[nodiscard]] std::vector<ExpertGroup> groupMSmoe(const LayerEvidence& evidence, std::size_t groups);
[[nodiscard]] std::vector<ExpertGroup> groupReam(const LayerEvidence& evidence, std::size_t groups);
[[nodiscard]] std::vector<ExpertGroup> groupByError(const LayerEvidence& evidence, std::size_t groups);

} // namespace espalier::method
