// SPDX-License-Identifier: Apache-2.0
// Q6_K: 128 bytes of low bits, 64 bytes of high bits, 16 signed scales, d f16; 256 elements.
#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

void expandQ6K(const std::byte* in, std::size_t count, float* out)
{
    for (; count > 0; --count, in += 210) {
        const float d = loadHalf(in + 208);
        for (std::size_t row = 0; row < 8; ++row, out += 32) { // rows of 32 elements, four to each half
            const std::size_t half = row / 4;
            const std::size_t part = row % 4;
            const std::byte* low = in + 64 * half + 32 * (part % 2);
            const std::byte* high = in + 128 + 32 * half;
            const std::byte* scales = in + 192 + 2 * row;
            for (std::size_t l = 0; l < 32; ++l) {
                const std::uint32_t q =
                    (loadU8(low + l) >> (4 * (part / 2)) & 15U) | (loadU8(high + l) >> (2 * part) & 3U) << 4U;
                const float dl = d * static_cast<float>(loadI8(scales + l / 16));
                out[l] = dl * static_cast<float>(static_cast<int>(q) - 32);
            }
        }
    }
}

} // namespace espalier::checkpoint
