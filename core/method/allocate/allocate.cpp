// SPDX-License-Identifier: Apache-2.0
#include "core/method/allocate.h"

#include "core/method/allocate/allocators.h"

#include <algorithm>

namespace espalier::method {

const std::vector<Allocator>& allocators()
{
    static const std::vector<Allocator> list{uniformAllocator(), globalAllocator(), coverageAllocator(),
                                             knapsackAllocator()};
    return list;
}

const Allocator* findAllocator(std::string_view id)
{
    for (const auto& a : allocators())
        if (a.id == id)
            return &a;
    return nullptr;
}

std::int32_t lowerBound(const AllocationInput& input, std::size_t layer)
{
    const std::int32_t locked = layer < input.lockedKept.size() ? input.lockedKept[layer] : 0;
    return std::min(std::max(input.minimumPerLayer, locked), upperBound(input, layer));
}

std::int32_t upperBound(const AllocationInput& input, std::size_t layer)
{
    const auto experts = static_cast<std::int32_t>(input.scores->layers[layer].experts.size());
    return experts - (layer < input.lockedDropped.size() ? input.lockedDropped[layer] : 0);
}

std::vector<std::int32_t> keepOrder(const AllocationInput& input, std::size_t layer)
{
    return input.order.empty() ? rankExperts(input.scores->layers[layer]) : input.order[layer];
}

std::vector<std::int32_t> fillGreedily(const AllocationInput& input, std::vector<Candidate> candidates)
{
    // Within a layer a worse rank must come after a better one, whatever the values say, so that counts are prefixes.
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        if (a.value != b.value)
            return a.value > b.value;
        return a.rank != b.rank ? a.rank < b.rank : a.layer < b.layer;
    });
    std::vector<std::int32_t> counts(input.scores->layers.size());
    std::int64_t total = 0;
    for (std::size_t l = 0; l < counts.size(); ++l)
        total += counts[l] = lowerBound(input, l);
    for (const auto& c : candidates) {
        if (total >= input.totalKept)
            break;
        const auto l = static_cast<std::size_t>(c.layer);
        if (c.rank < lowerBound(input, l) || counts[l] + input.step > upperBound(input, l))
            continue;
        counts[l] += input.step;
        total += input.step;
    }
    return counts;
}

} // namespace espalier::method
