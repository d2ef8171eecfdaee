// SPDX-License-Identifier: Apache-2.0
// Q4_K: d f16, dmin f16, 12 bytes that pack 8 scales and 8 minima of 6 bits, 128 bytes of quants; 256 elements.
#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

ScaleAndMin packedScale(const std::byte* packed, std::size_t j)
{
    if (j < 4)
        return {static_cast<float>(loadU8(packed + j) & 63U), static_cast<float>(loadU8(packed + j + 4) & 63U)};
    const std::uint32_t low = loadU8(packed + j + 4);
    return {static_cast<float>((low & 15U) | loadU8(packed + j - 4) >> 6U << 4U),
            static_cast<float>(low >> 4U | loadU8(packed + j) >> 6U << 4U)};
}

void expandQ4K(const std::byte* in, std::size_t count, float* out)
{
    for (; count > 0; --count, in += 144) {
        const float d = loadHalf(in);
        const float dmin = loadHalf(in + 2);
        for (std::size_t j = 0; j < 8; ++j, out += 32) {
            const ScaleAndMin packed = packedScale(in + 4, j);
            const float dl = d * packed.scale;
            const float ml = dmin * packed.min;
            const std::byte* q = in + 16 + 32 * (j / 2);
            const std::size_t shift = 4 * (j % 2);
            for (std::size_t l = 0; l < 32; ++l)
                out[l] = dl * static_cast<float>(loadU8(q + l) >> shift & 15U) - ml;
        }
    }
}

} // namespace espalier::checkpoint
