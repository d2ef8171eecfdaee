// SPDX-License-Identifier: Apache-2.0
// Grouping a layer's experts from distances, and the distances themselves. Pure functions, any thread; ties by lower
// number.
#pragma once

#include "core/method/merge/evidence.h"

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::method {

/// [E, E], symmetric, 0 on the diagonal.
struct Distances {
    std::size_t count = 0;
    std::vector<double> values;
    [[nodiscard]] double at(std::size_t i, std::size_t j) const { return values[i * count + j]; }
};

/// Members of each group, ascending within a group; groups by their first member.
using Partition = std::vector<std::vector<std::int32_t>>;

/// Agglomerative clustering to `groups` groups: the two clusters with the least mean of the original distances between
/// their members are joined (average linkage, Sokal and Michener 1958).
[[nodiscard]] Partition averageLinkage(const Distances& distances, std::size_t groups);

/// The member with the least sum of distances to the others.
[[nodiscard]] std::int32_t medoid(const Distances& distances, const std::vector<std::int32_t>& members);

/// |a_i - a_j| of the rows of [E, width].
[[nodiscard]] Distances rowDistances(std::span<const float> rows, std::size_t count);
/// Cosines of the rows of [E, width]; 0 with a row of zeros, 1 on the diagonal.
[[nodiscard]] std::vector<double> rowCosines(std::span<const float> rows, std::size_t count);
/// Cosines of the columns of the logits, from their Gram matrix.
[[nodiscard]] std::vector<double> logitCosines(const LayerEvidence& evidence);
/// Their correlations: the same with means taken off.
[[nodiscard]] std::vector<double> logitCorrelations(const LayerEvidence& evidence);
/// 1 - similarity, never below 0; what is no number counts as the farthest.
[[nodiscard]] Distances fromSimilarities(std::span<const double> similarities, std::size_t count);

/// Shares in proportion to `amounts` of the members; equal where they have none.
[[nodiscard]] std::vector<double> sharesOf(const std::vector<std::int32_t>& members, std::span<const double> amounts);

} // namespace espalier::method
