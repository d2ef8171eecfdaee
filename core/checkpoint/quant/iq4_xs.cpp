// SPDX-License-Identifier: Apache-2.0
// IQ4_XS: d f16, 16 bits and 4 bytes that pack 8 scales of 6 bits, 128 bytes of indices into the levels of IQ4_NL; 256
// elements.
#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

void expandIQ4XS(const std::byte* in, std::size_t count, float* out)
{
    for (; count > 0; --count, in += 136) {
        const float d = loadHalf(in);
        const std::uint32_t high = loadU16(in + 2);
        for (std::size_t j = 0; j < 8; ++j, out += 32) {
            const std::uint32_t low = loadU8(in + 4 + j / 2) >> (4 * (j % 2)) & 15U;
            const float dl = d * static_cast<float>(static_cast<int>(low | (high >> (2 * j) & 3U) << 4U) - 32);
            for (std::size_t l = 0; l < 16; ++l) {
                const std::uint32_t q = loadU8(in + 8 + 16 * j + l);
                out[l] = dl * kIq4Levels[q & 15U];
                out[l + 16] = dl * kIq4Levels[q >> 4U];
            }
        }
    }
}

} // namespace espalier::checkpoint
