// SPDX-License-Identifier: Apache-2.0
#include "core/method/allocate/allocators.h"

#include <algorithm>

namespace espalier::method {
namespace {

/// Each layer keeps the smallest set that covers the share alpha of its score mass; alpha is the one that gives the
/// total. Giving the next expert to the layer with the least mass covered so far walks through all alphas in order: the
/// candidate's key is the mass already covered before it, smallest first. That is the bisection's limit, exact and
/// nested.
std::vector<std::int32_t> allocate(const AllocationInput& input)
{
    std::vector<Candidate> candidates;
    for (std::size_t l = 0; l < input.scores->layers.size(); ++l) {
        const auto& layer = input.scores->layers[l];
        double total = 0;
        for (const auto& e : layer.experts)
            total += std::max(e.score, 0.0);
        double covered = 0;
        const auto order = keepOrder(input, l);
        for (std::size_t r = 0; r < order.size(); ++r) {
            if (r % static_cast<std::size_t>(input.step) == 0)
                candidates.push_back({-covered, static_cast<std::int32_t>(l), static_cast<std::int32_t>(r)});
            const double score = std::max(layer.experts[static_cast<std::size_t>(order[r])].score, 0.0);
            covered += total > 0 ? score / total : 1.0 / static_cast<double>(order.size());
        }
    }
    return fillGreedily(input, std::move(candidates));
}

} // namespace

Allocator coverageAllocator()
{
    return {"coverage",
            "Coverage",
            "SHAPE, arXiv 2606.09886, coverage alpha",
            "smallest set per layer covering alpha of its score mass; alpha meets the total",
            false,
            allocate};
}

} // namespace espalier::method
