// SPDX-License-Identifier: Apache-2.0
#include "core/method/allocate/allocators.h"
#include "core/method/allocate/separable.h"

#include <algorithm>

namespace espalier::method {
namespace {

/// Predicted loss of a layer: (w_l x lost share of its score)^2, w_l the size of what its experts add relative to the
/// residual stream. Errors of layers are taken to be orthogonal, so their squares add.
std::vector<std::int32_t> allocate(const AllocationInput& input)
{
    std::vector<CountLosses> losses;
    std::int64_t lowest = 0;
    for (std::size_t l = 0; l < input.scores->layers.size(); ++l) {
        const auto& layer = input.scores->layers[l];
        const auto order = keepOrder(input, l);
        std::vector<double> covered(order.size() + 1, 0.0);
        for (std::size_t r = 0; r < order.size(); ++r)
            covered[r + 1] = covered[r] + std::max(layer.experts[static_cast<std::size_t>(order[r])].score, 0.0);
        const double total = covered.back();
        const double weight = l < input.layerWeight.size() ? input.layerWeight[l] : 1.0;
        auto& loss = losses.emplace_back();
        const auto low = lowerBound(input, l);
        lowest += low;
        for (std::int32_t c = low; c <= upperBound(input, l); c += input.step) {
            const double lost = total > 0 ? weight * (1 - covered[static_cast<std::size_t>(c)] / total) : 0;
            loss.push_back(lost * lost);
        }
    }
    const auto units = (input.totalKept - lowest + input.step - 1) / input.step;
    auto counts = minimiseSeparable(losses, units);
    for (std::size_t l = 0; l < counts.size(); ++l)
        counts[l] = lowerBound(input, l) + counts[l] * input.step;
    return counts;
}

} // namespace

Allocator knapsackAllocator()
{
    return {"knapsack",
            "Least predicted loss",
            "exact in place of the evolution of EvoESAP, arXiv 2603.06003; loss of our own",
            "min over counts of sum_l (w_l lost score share)^2, w_l = mean |y|/|h| of the layer",
            false,
            allocate,
            "layer-ratio (without it all layers weigh the same)"};
}

} // namespace espalier::method
