// SPDX-License-Identifier: Apache-2.0
#include "core/method/allocate/allocators.h"

#include <algorithm>

namespace espalier::method {

Allocator uniformAllocator()
{
    return {"uniform",
            "Uniform",
            "stock engines read one expert count for all layers",
            "the same count in every layer",
            true,
            [](const AllocationInput& input) {
                std::vector<std::int32_t> counts(input.scores->layers.size());
                const auto layers = static_cast<std::int64_t>(std::max<std::size_t>(counts.size(), 1));
                const auto share = static_cast<std::int32_t>(input.totalKept / layers);
                for (std::size_t l = 0; l < counts.size(); ++l)
                    counts[l] = std::clamp(share, lowerBound(input, l), upperBound(input, l));
                return counts;
            }};
}

} // namespace espalier::method
