// SPDX-License-Identifier: Apache-2.0
// Q5_1: d f16, minimum f16, 32 fifth bits, 16 bytes of low bits; 32 elements.
#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

void expandQ5_1(const std::byte* in, std::size_t count, float* out)
{
    for (; count > 0; --count, in += 24, out += 32) {
        const float d = loadHalf(in);
        const float m = loadHalf(in + 2);
        const std::uint32_t high = loadU32(in + 4);
        for (std::uint32_t j = 0; j < 16; ++j) {
            const std::uint32_t q = loadU8(in + 8 + j);
            out[j] = d * static_cast<float>((q & 15U) | ((high >> j & 1U) << 4U)) + m;
            out[j + 16] = d * static_cast<float>(q >> 4U | ((high >> (j + 16U) & 1U) << 4U)) + m;
        }
    }
}

} // namespace espalier::checkpoint
