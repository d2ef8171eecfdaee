// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/quant/int_words.h"

namespace espalier::checkpoint {

void expandPacked(const IntGroups& weight, std::span<float> out)
{
    const std::int64_t perWord = 32 / weight.bits;
    const std::int64_t wordsPerRow = (weight.columns + perWord - 1) / perWord;
    const std::int32_t middle = 1 << (weight.bits - 1);
    for (std::int64_t row = 0; row < weight.rows; ++row) {
        const float* scales = weight.scales.data() + row * weight.groups;
        float* to = out.data() + row * weight.columns;
        for (std::int64_t column = 0; column < weight.columns; ++column) {
            const std::uint32_t word = wordAt(weight.words, row * wordsPerRow + column / perWord);
            const std::int64_t group = groupAt(weight, column);
            std::int32_t zero = middle;
            if (!weight.zeros.empty())
                zero = fieldOf(wordAt(weight.zeros, row / perWord * weight.groups + group), row % perWord, weight.bits);
            to[column] = static_cast<float>(fieldOf(word, column % perWord, weight.bits) - zero) * scales[group];
        }
    }
}

} // namespace espalier::checkpoint
