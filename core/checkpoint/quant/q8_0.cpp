// SPDX-License-Identifier: Apache-2.0
// Q8_0: d f16, 32 signed bytes.
#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

void expandQ8_0(const std::byte* in, std::size_t count, float* out)
{
    for (; count > 0; --count, in += 34, out += 32) {
        const float d = loadHalf(in);
        for (std::size_t j = 0; j < 32; ++j)
            out[j] = d * static_cast<float>(loadI8(in + 2 + j));
    }
}

} // namespace espalier::checkpoint
