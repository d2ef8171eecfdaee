// SPDX-License-Identifier: Apache-2.0
// Q5_0: d f16, 32 fifth bits, 16 bytes of low bits; 32 elements.
#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

void expandQ5_0(const std::byte* in, std::size_t count, float* out)
{
    for (; count > 0; --count, in += 22, out += 32) {
        const float d = loadHalf(in);
        const std::uint32_t high = loadU32(in + 2);
        for (std::uint32_t j = 0; j < 16; ++j) {
            const std::uint32_t q = loadU8(in + 6 + j);
            const std::uint32_t low = (q & 15U) | ((high >> j & 1U) << 4U);
            const std::uint32_t up = q >> 4U | ((high >> (j + 16U) & 1U) << 4U);
            out[j] = d * static_cast<float>(static_cast<int>(low) - 16);
            out[j + 16] = d * static_cast<float>(static_cast<int>(up) - 16);
        }
    }
}

} // namespace espalier::checkpoint
