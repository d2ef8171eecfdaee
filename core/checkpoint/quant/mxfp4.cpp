// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/quant/mxfp4.h"

#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

namespace {

/// Half the scale, as ggml computes it with doubled levels: 255 is a number there.
float halfE8m0(std::uint32_t bits)
{
    return std::bit_cast<float>(bits < 2 ? 0x00200000U << bits : (bits - 1) << 23U);
}

} // namespace

void expandMxfp4(std::span<const std::byte> blocks, std::span<const std::byte> scales, std::span<float> out)
{
    const std::byte* in = blocks.data();
    float* to = out.data();
    for (const std::byte scale : scales) {
        const float d = e8m0ToFloat(std::to_integer<std::uint32_t>(scale));
        for (std::size_t j = 0; j < 16; ++j) {
            const std::uint32_t q = loadU8(in + j);
            to[2 * j] = d * kE2m1[q & 15U];
            to[2 * j + 1] = d * kE2m1[q >> 4U];
        }
        in += 16;
        to += 32;
    }
}

void expandMXFP4Blocks(const std::byte* in, std::size_t count, float* out)
{
    for (; count > 0; --count, in += 17, out += 32) {
        const float d = halfE8m0(loadU8(in));
        for (std::size_t j = 0; j < 16; ++j) {
            const std::uint32_t q = loadU8(in + 1 + j);
            out[j] = d * (2 * kE2m1[q & 15U]);
            out[j + 16] = d * (2 * kE2m1[q >> 4U]);
        }
    }
}

} // namespace espalier::checkpoint
