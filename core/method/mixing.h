// SPDX-License-Identifier: Apache-2.0
// What EEP (Liu et al. 2024, arXiv 2407.00945, section 4.2) makes of a layer: fewer experts, each a weighted sum of the
// layer's own, and the router's probabilities mapped to them. Plain values, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::method {

/// Row j of both matrices makes the new expert j.
struct ExpertMixing {
    std::int32_t kept = 0, experts = 0;
    std::vector<float> merge;  ///< [kept, experts] W_EM: each matrix and bias of j is the sum of merge[j, i] times i's
    std::vector<float> router; ///< [kept, experts] W_RM: probability of j is the sum of router[j, i] times i's

    /// Experts `keep` as they are: one 1 in every row.
    [[nodiscard]] static ExpertMixing selection(std::span<const std::int32_t> keep, std::int32_t experts);
    /// True when it says no more than that `keep` stay.
    [[nodiscard]] bool selects(std::span<const std::int32_t> keep) const;
    [[nodiscard]] std::span<const float> mergeRow(std::size_t row) const { return rowOf(merge, row); }
    [[nodiscard]] std::span<const float> routerRow(std::size_t row) const { return rowOf(router, row); }
    /// The expert that a row is a copy of, -1 when it mixes.
    [[nodiscard]] static std::int32_t copied(std::span<const float> row);
    bool operator==(const ExpertMixing&) const = default;

private:
    [[nodiscard]] std::span<const float> rowOf(const std::vector<float>& matrix, std::size_t row) const
    {
        return std::span(matrix).subspan(row * static_cast<std::size_t>(experts), static_cast<std::size_t>(experts));
    }
};

} // namespace espalier::method
