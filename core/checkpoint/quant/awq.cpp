// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/quant/int_words.h"

#include <array>

namespace espalier::checkpoint {

namespace {

/// Place inside a word of output 8c + i.
constexpr std::array<std::int64_t, 8> kPlace{0, 4, 1, 5, 2, 6, 3, 7};

} // namespace

void expandAwq(const IntGroups& weight, std::span<float> out)
{
    const std::int64_t words = weight.rows / 8;
    for (std::int64_t column = 0; column < weight.columns; ++column) {
        const std::int64_t group = groupAt(weight, column);
        for (std::int64_t row = 0; row < weight.rows; ++row) {
            const std::int64_t place = kPlace[static_cast<std::size_t>(row % 8)];
            const std::int32_t q = fieldOf(wordAt(weight.words, column * words + row / 8), place, 4);
            const std::int32_t zero =
                weight.zeros.empty() ? 8 : fieldOf(wordAt(weight.zeros, group * words + row / 8), place, 4);
            out[static_cast<std::size_t>(row * weight.columns + column)] =
                static_cast<float>(q - zero) * weight.scales[static_cast<std::size_t>(group * weight.rows + row)];
        }
    }
}

} // namespace espalier::checkpoint
