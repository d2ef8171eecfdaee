// SPDX-License-Identifier: Apache-2.0
#include "core/method/allocate/allocators.h"

#include <algorithm>

namespace espalier::method {
namespace {

/// Scores of a layer divided by their sum (of the non-negative part), so that layers of different output scale compare.
/// Where a step is several experts its value is their mean.
std::vector<std::int32_t> allocate(const AllocationInput& input)
{
    std::vector<Candidate> candidates;
    for (std::size_t l = 0; l < input.scores->layers.size(); ++l) {
        const auto& layer = input.scores->layers[l];
        double total = 0;
        for (const auto& e : layer.experts)
            total += std::max(e.score, 0.0);
        const auto order = keepOrder(input, l);
        const auto step = static_cast<std::size_t>(input.step);
        for (std::size_t r = 0; r + step <= order.size(); r += step) {
            double score = 0;
            for (std::size_t i = r; i < r + step; ++i)
                score += layer.experts[static_cast<std::size_t>(order[i])].score;
            candidates.push_back({total > 0 ? score / static_cast<double>(step) / total : 0.0,
                                  static_cast<std::int32_t>(l), static_cast<std::int32_t>(r)});
        }
    }
    return fillGreedily(input, std::move(candidates));
}

} // namespace

Allocator globalAllocator()
{
    return {"global",
            "Global threshold",
            "SEER-MoE, arXiv 2404.05089, ranking over all layers",
            "one threshold on score / layer's score sum",
            false,
            allocate};
}

} // namespace espalier::method
