// SPDX-License-Identifier: Apache-2.0
// 8-bit floats of the OCP specification (OFP8): E4M3 without infinities (0x7f is NaN) and E5M2, the upper half of a
// binary16.
#include "core/checkpoint/quant/blocks.h"
#include "core/checkpoint/quant/numbers.h"

namespace espalier::checkpoint {

namespace {

float e4m3(std::uint32_t bits)
{
    const std::uint32_t sign = (bits & 0x80U) << 24U;
    const std::uint32_t rest = bits & 0x7fU;
    if (rest == 0x7fU)
        return std::bit_cast<float>(sign | 0x7fc00000U);
    if (rest < 8U) // subnormal: rest / 2^9
        return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(static_cast<float>(rest) * 0x1p-9F));
    return std::bit_cast<float>(sign | ((rest << 20U) + 0x3c000000U));
}

std::array<float, 256> makeTable()
{
    std::array<float, 256> table{};
    for (std::uint32_t bits = 0; bits < 256; ++bits)
        table[bits] = e4m3(bits);
    return table;
}

} // namespace

void expandE4M3(const std::byte* in, std::size_t count, float* out)
{
    static const std::array<float, 256> table = makeTable();
    for (std::size_t i = 0; i < count; ++i)
        out[i] = table[loadU8(in + i)];
}

void expandE5M2(const std::byte* in, std::size_t count, float* out)
{
    for (std::size_t i = 0; i < count; ++i)
        out[i] = halfToFloat(static_cast<std::uint16_t>(loadU8(in + i) << 8U));
}

} // namespace espalier::checkpoint
