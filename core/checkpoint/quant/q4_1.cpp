// SPDX-License-Identifier: Apache-2.0
// Q4_1: d f16, minimum f16, 16 bytes of quants; 32 elements, the low halves first.
#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

void expandQ4_1(const std::byte* in, std::size_t count, float* out)
{
    for (; count > 0; --count, in += 20, out += 32) {
        const float d = loadHalf(in);
        const float m = loadHalf(in + 2);
        for (std::size_t j = 0; j < 16; ++j) {
            const std::uint32_t q = loadU8(in + 4 + j);
            out[j] = d * static_cast<float>(q & 15U) + m;
            out[j + 16] = d * static_cast<float>(q >> 4U) + m;
        }
    }
}

} // namespace espalier::checkpoint
