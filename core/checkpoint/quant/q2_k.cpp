// SPDX-License-Identifier: Apache-2.0
// Q2_K: 16 bytes of 4-bit scales and minima, 64 bytes of quants, d f16, dmin f16; 256 elements in groups of 16.
#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

void expandQ2K(const std::byte* in, std::size_t count, float* out)
{
    for (; count > 0; --count, in += 84) {
        const float d = loadHalf(in + 80);
        const float dmin = loadHalf(in + 82);
        const std::byte* scale = in;
        for (std::size_t half = 0; half < 2; ++half) {
            const std::byte* q = in + 16 + 32 * half;
            for (std::uint32_t shift = 0; shift < 8; shift += 2)
                for (std::size_t side = 0; side < 2; ++side, ++scale, out += 16) {
                    const float dl = d * static_cast<float>(loadU8(scale) & 15U);
                    const float ml = dmin * static_cast<float>(loadU8(scale) >> 4U);
                    for (std::size_t l = 0; l < 16; ++l)
                        out[l] = dl * static_cast<float>(loadU8(q + 16 * side + l) >> shift & 3U) - ml;
                }
        }
    }
}

} // namespace espalier::checkpoint
