// SPDX-License-Identifier: Apache-2.0
// IQ4_NL: d f16, 16 bytes of indices into 16 uneven levels; 32 elements, the low halves first.
#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

void expandIQ4NL(const std::byte* in, std::size_t count, float* out)
{
    for (; count > 0; --count, in += 18, out += 32) {
        const float d = loadHalf(in);
        for (std::size_t j = 0; j < 16; ++j) {
            const std::uint32_t q = loadU8(in + 2 + j);
            out[j] = d * kIq4Levels[q & 15U];
            out[j + 16] = d * kIq4Levels[q >> 4U];
        }
    }
}

} // namespace espalier::checkpoint
