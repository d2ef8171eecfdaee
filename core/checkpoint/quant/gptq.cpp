// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/quant/int_words.h"

namespace espalier::checkpoint {

void expandGptq(const IntGroups& weight, int zeroOffset, std::span<float> out)
{
    const std::int64_t perWord = 32 / weight.bits;
    const std::int64_t zeroWords = (weight.rows + perWord - 1) / perWord;
    const std::int32_t middle = 1 << (weight.bits - 1);
    for (std::int64_t column = 0; column < weight.columns; ++column) {
        const std::int64_t group = groupAt(weight, column);
        for (std::int64_t row = 0; row < weight.rows; ++row) {
            const std::uint32_t word = wordAt(weight.words, column / perWord * weight.rows + row);
            std::int32_t zero = middle;
            if (!weight.zeros.empty())
                zero = fieldOf(wordAt(weight.zeros, group * zeroWords + row / perWord), row % perWord, weight.bits) +
                       zeroOffset;
            out[static_cast<std::size_t>(row * weight.columns + column)] =
                static_cast<float>(fieldOf(word, column % perWord, weight.bits) - zero) *
                weight.scales[static_cast<std::size_t>(group * weight.rows + row)];
        }
    }
}

} // namespace espalier::checkpoint
