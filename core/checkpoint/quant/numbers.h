// SPDX-License-Identifier: Apache-2.0
// Private to the room: stored numbers of 8 and 16 bits as float32, exactly.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace espalier::checkpoint {

inline std::uint16_t loadU16(const std::byte* at)
{
    std::uint16_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
}
inline std::uint32_t loadU32(const std::byte* at)
{
    std::uint32_t value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
}
inline std::uint32_t loadU8(const std::byte* at)
{
    return std::to_integer<std::uint32_t>(*at);
}
inline int loadI8(const std::byte* at)
{
    return static_cast<std::int8_t>(std::to_integer<std::uint8_t>(*at));
}

/// IEEE binary16.
inline float halfToFloat(std::uint16_t half)
{
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000U) << 16U;
    const std::uint32_t rest = half & 0x7fffU;
    if (rest >= 0x7c00U) // infinity and NaN
        return std::bit_cast<float>(sign | 0x7f800000U | (rest & 0x3ffU) << 13U);
    if (rest < 0x0400U) // subnormal: rest / 2^24
        return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(static_cast<float>(rest) * 0x1p-24F));
    return std::bit_cast<float>(sign | ((rest << 13U) + 0x38000000U));
}
inline float loadHalf(const std::byte* at)
{
    return halfToFloat(loadU16(at));
}
inline float bfloatToFloat(std::uint16_t bits)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}
/// A power of two stored as its exponent (OCP MX E8M0): 2^(bits - 127), 255 is NaN.
inline float e8m0ToFloat(std::uint32_t bits)
{
    if (bits == 0)
        return 0x1p-127F;
    return std::bit_cast<float>(bits == 255 ? 0x7fc00000U : bits << 23U);
}

} // namespace espalier::checkpoint
