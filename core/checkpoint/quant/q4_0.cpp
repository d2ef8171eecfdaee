// SPDX-License-Identifier: Apache-2.0
// Q4_0: d f16, 16 bytes of quants; 32 elements, the low halves first.
#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

void expandQ4_0(const std::byte* in, std::size_t count, float* out)
{
    for (; count > 0; --count, in += 18, out += 32) {
        const float d = loadHalf(in);
        for (std::size_t j = 0; j < 16; ++j) {
            const auto q = static_cast<int>(loadU8(in + 2 + j));
            out[j] = d * static_cast<float>((q & 15) - 8);
            out[j + 16] = d * static_cast<float>((q >> 4) - 8);
        }
    }
}

} // namespace espalier::checkpoint
