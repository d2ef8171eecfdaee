// SPDX-License-Identifier: Apache-2.0
// Q3_K: 32 bytes of third bits, 64 bytes of low bits, 12 bytes that pack 16 scales of 6 bits, d f16; 256 elements.
#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

namespace {

/// Scale i of 16: low four bits in the first eight bytes, high two in the last four.
int scaleOf(const std::byte* packed, std::size_t i)
{
    const std::uint32_t low = i < 8 ? loadU8(packed + i) & 15U : loadU8(packed + i - 8) >> 4U;
    const std::uint32_t high = loadU8(packed + 8 + i % 4) >> (2 * (i / 4)) & 3U;
    return static_cast<int>(low | high << 4U) - 32;
}

} // namespace

void expandQ3K(const std::byte* in, std::size_t count, float* out)
{
    for (; count > 0; --count, in += 110) {
        const float d = loadHalf(in + 108);
        for (std::size_t group = 0; group < 16; ++group, out += 16) {
            const float dl = d * static_cast<float>(scaleOf(in + 96, group));
            const std::byte* q = in + 32 + 32 * (group / 8) + 16 * (group % 2);
            const std::byte* mask = in + 16 * (group % 2);
            const std::size_t shift = 2 * (group / 2 % 4);
            for (std::size_t l = 0; l < 16; ++l) {
                const auto low = static_cast<int>(loadU8(q + l) >> shift & 3U);
                const bool set = (loadU8(mask + l) >> (group / 2) & 1U) != 0;
                out[l] = dl * static_cast<float>(set ? low : low - 4);
            }
        }
    }
}

} // namespace espalier::checkpoint
