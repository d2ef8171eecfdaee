// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/checkpoint.h"

#include <algorithm>
#include <tuple>

namespace espalier::checkpoint {

std::vector<ReadRequest> planReads(const Checkpoint& checkpoint, std::span<const std::size_t> tensors,
                                   std::uint64_t gap, std::uint64_t largest)
{
    const auto& all = checkpoint.tensors();
    std::vector<std::size_t> order(tensors.begin(), tensors.end());
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::tie(all[a].shard, all[a].offset, a) < std::tie(all[b].shard, all[b].offset, b);
    });
    order.erase(std::unique(order.begin(), order.end()), order.end());
    std::vector<ReadRequest> requests;
    for (const std::size_t i : order) {
        const TensorInfo& tensor = all[i];
        const std::uint64_t end = tensor.offset + tensor.bytes;
        if (!requests.empty() && requests.back().shard == tensor.shard) {
            ReadRequest& last = requests.back();
            const std::uint64_t lastEnd = last.offset + last.bytes;
            // Sorted by offset and without overlaps, so offset >= lastEnd
            if (tensor.offset - lastEnd <= gap && end - last.offset <= largest) {
                last.bytes = end - last.offset;
                last.tensors.push_back(i);
                continue;
            }
        }
        requests.push_back({tensor.shard, tensor.offset, tensor.bytes, {i}}); // may exceed `largest` by itself
    }
    return requests;
}

} // namespace espalier::checkpoint
