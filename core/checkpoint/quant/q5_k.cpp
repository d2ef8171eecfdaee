// SPDX-License-Identifier: Apache-2.0
// Q5_K: d f16, dmin f16, 12 bytes of packed scales and minima as in Q4_K, 32 bytes of fifth bits, 128 bytes of low
// bits; 256 elements.
#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

void expandQ5K(const std::byte* in, std::size_t count, float* out)
{
    for (; count > 0; --count, in += 176) {
        const float d = loadHalf(in);
        const float dmin = loadHalf(in + 2);
        for (std::size_t j = 0; j < 8; ++j, out += 32) {
            const ScaleAndMin packed = packedScale(in + 4, j);
            const float dl = d * packed.scale;
            const float ml = dmin * packed.min;
            const std::byte* q = in + 48 + 32 * (j / 2);
            const std::size_t shift = 4 * (j % 2);
            for (std::size_t l = 0; l < 32; ++l) {
                const std::uint32_t fifth = loadU8(in + 16 + l) >> j & 1U;
                out[l] = dl * static_cast<float>((loadU8(q + l) >> shift & 15U) | fifth << 4U) - ml;
            }
        }
    }
}

} // namespace espalier::checkpoint
