// SPDX-License-Identifier: Apache-2.0
// NAEE (Lu et al. 2024, arXiv 2402.14800, section 3.2): the experts of a layer whose output is nearest to the whole
// layer's. Few experts are enumerated, as in the paper; for many the search is backward elimination, coarse rounds
// first where one expert at a time would take too many sets. Pure: who measures a set is the caller's affair. Any
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace espalier::method {

using KeepSet = std::vector<std::int32_t>; ///< ascending ids
/// What the layer's output loses with each of the sets; smaller is better.
using KeepLosses = std::function<std::vector<double>(std::span<const KeepSet> sets)>;

struct NaeeSettings {
    std::int32_t experts = 0, kept = 0;
    std::int32_t routerGroups = 1;         ///< every one of them keeps as many
    std::int32_t smallest = 1;             ///< a layer with fewer cannot be measured (experts per token)
    std::int64_t mostEnumerated = 20000;   ///< sets that are all measured; more are searched
    std::int64_t mostEliminations = 20000; ///< sets of a search one expert at a time; more make coarse rounds
};
enum class NaeeSearch : std::uint8_t { Exact, Greedy, Coarse };
struct NaeeChoice {
    KeepSet keep;
    std::vector<std::int32_t> order; ///< all ids, best first: kept ones by what the layer loses without them
    double loss = 0;
    NaeeSearch search = NaeeSearch::Exact;
    std::int64_t measured = 0; ///< sets
};
/// Ties go to the set that comes first, and to the removal of the higher id. 1 <= kept <= experts, both divisible by
/// the router's groups.
[[nodiscard]] NaeeChoice chooseByReconstruction(const NaeeSettings& settings, const KeepLosses& losses);

/// Sets of `kept` out of `experts`, at most `limit` + 1.
[[nodiscard]] std::int64_t countSets(std::int64_t experts, std::int64_t kept, std::int64_t limit);

} // namespace espalier::method
