// SPDX-License-Identifier: Apache-2.0
// Private to the room: reading packed words.
#pragma once

#include "core/checkpoint/quant/int_groups.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

inline std::uint32_t wordAt(std::span<const std::byte> words, std::int64_t index)
{
    return loadU32(words.data() + 4 * index);
}

/// Value `index` of a word, from the lowest bits up.
inline std::int32_t fieldOf(std::uint32_t word, std::int64_t index, int bits)
{
    return static_cast<std::int32_t>(word >> (index * bits) & ((1U << static_cast<unsigned>(bits)) - 1U));
}

inline std::int64_t groupSizeOf(const IntGroups& weight)
{
    return weight.groupSize > 0 ? weight.groupSize : (weight.columns + weight.groups - 1) / weight.groups;
}

inline std::int64_t groupAt(const IntGroups& weight, std::int64_t column)
{
    return weight.groupOf.empty() ? column / groupSizeOf(weight)
                                  : static_cast<std::int32_t>(wordAt(weight.groupOf, column));
}

} // namespace espalier::checkpoint
