// SPDX-License-Identifier: GPL-3.0-or-later
// Two domains of a study beside each other, and how alike all of them are: the numbers of the compare page. Pure
// functions, any thread.
#pragma once

#include "views/models/overview_map.h"

#include <string>
#include <vector>

namespace espalier::views {

struct Comparison {
    OverviewMap first, second, delta; ///< share of assignments in percent
    int differing = 0;                ///< cells whose 95 % interval does not contain 0
    double moved = 0; ///< share of assignments that would have to move, mean of layers, 0 … 1 (total variation)
    std::vector<double> firstCurve,
        secondCurve; ///< cumulative share of the n most used experts, mean of layers; [E + 1]
};
/// Errors as overviewMap.
[[nodiscard]] Result<Comparison> compareDomains(const stats::Statistics& statistics, const std::string& first,
                                                const std::string& second);

/// Whether the 95 % interval of a difference leaves 0 out; not corrected over cells.
[[nodiscard]] bool differs(const MapCell& cell);

/// Likeness of all domains: Jaccard index |A ∩ B| / |A ∪ B| of the `top` experts with the largest gate mass per layer,
/// mean of layers.
struct Likeness {
    std::vector<std::string> domains;        ///< ordered so that related ones are neighbours (average linkage)
    std::vector<std::vector<double>> values; ///< [domain][domain], 1 on the diagonal
    int top = 0;
    double chance = 0; ///< expected index of two random sets of this size
};
[[nodiscard]] Likeness likenessOf(const stats::Statistics& statistics, int top);

/// Order of leaves of an average-linkage tree over similarities; neighbours are alike. Ties by index.
[[nodiscard]] std::vector<int> linkageOrder(const std::vector<std::vector<double>>& similarity);

} // namespace espalier::views
