// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sampled_tokens.h"

#include <algorithm>
#include <iterator>

namespace espalier::engine {

std::uint32_t textKey(std::span<const TokenId> ids)
{
    std::uint32_t hash = 2166136261U;
    for (const TokenId id : ids)
        for (unsigned shift = 0; shift < 32; shift += 8)
            hash = (hash ^ (static_cast<std::uint32_t>(id) >> shift & 0xFFU)) * 16777619U;
    return hash;
}

bool isSampled(std::int64_t place, std::uint32_t key, std::int64_t step)
{
    return (place + std::int64_t{key}) % step == step / 2;
}

std::int64_t countSampled(std::span<const TokenId> ids, std::int64_t step)
{
    const std::uint32_t key = textKey(ids);
    std::int64_t count = 0;
    for (std::int64_t place = 0; place < std::ssize(ids); ++place)
        count += isSampled(place, key, step) ? 1 : 0;
    return count;
}

std::int64_t bankStep(int experts)
{
    return std::max(1, 3 * (experts + 1) / 2);
}

} // namespace espalier::engine
