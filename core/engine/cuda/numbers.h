// SPDX-License-Identifier: Apache-2.0
// Elements as they lie in memory, and their exact conversion to and from float32 (round to nearest even, NaN stays
// NaN). The same code on host and device; core/checkpoint/quant/numbers.h is the reference the tests hold it against.
#pragma once

#include "core/engine/cuda/grid.h"

#include <cmath>
#include <cstdint>
#include <cstring>

namespace espalier::engine::cuda {

struct Bf16 {
    std::uint16_t bits;
};
struct F16 {
    std::uint16_t bits;
};

[[nodiscard]] ESPALIER_HD inline float floatOf(std::uint32_t bits)
{
#ifdef __CUDA_ARCH__
    return __uint_as_float(bits);
#else
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
#endif
}
[[nodiscard]] ESPALIER_HD inline std::uint32_t bitsOf(float value)
{
#ifdef __CUDA_ARCH__
    return __float_as_uint(value);
#else
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
#endif
}

[[nodiscard]] ESPALIER_HD inline float widen(float value)
{
    return value;
}
[[nodiscard]] ESPALIER_HD inline float widen(Bf16 value)
{
    return floatOf(static_cast<std::uint32_t>(value.bits) << 16U);
}
[[nodiscard]] ESPALIER_HD inline float widen(F16 value)
{
    const std::uint32_t sign = static_cast<std::uint32_t>(value.bits & 0x8000U) << 16U;
    const std::uint32_t rest = value.bits & 0x7fffU;
    if (rest >= 0x7c00U) // infinity and NaN
        return floatOf(sign | 0x7f800000U | (rest & 0x3ffU) << 13U);
    if (rest < 0x0400U) // subnormal: rest / 2^24
        return floatOf(sign | bitsOf(static_cast<float>(rest) * 0x1p-24F));
    return floatOf(sign | ((rest << 13U) + 0x38000000U));
}

ESPALIER_HD inline void narrow(float& to, float value)
{
    to = value;
}
ESPALIER_HD inline void narrow(Bf16& to, float value)
{
    const std::uint32_t bits = bitsOf(value);
    const std::uint32_t rounded = (bits + 0x7fffU + ((bits >> 16U) & 1U)) >> 16U;
    to.bits = static_cast<std::uint16_t>((bits & 0x7fffffffU) > 0x7f800000U ? 0x7fc0U : rounded);
}
ESPALIER_HD inline void narrow(F16& to, float value)
{
    const std::uint32_t bits = bitsOf(value);
    const std::uint32_t sign = (bits >> 16U) & 0x8000U;
    const std::uint32_t rest = bits & 0x7fffffffU;
    std::uint32_t half = 0;
    if (rest > 0x7f800000U) {
        half = 0x7e00U;
    } else if (rest >= 0x477ff000U) { // 65520 and above round to infinity
        half = 0x7c00U;
    } else if (rest < 0x38800000U) { // below 2^-14: whole steps of 2^-24; adding 2^-1 leaves them in the low bits
        half = bitsOf(floatOf(rest) + 0.5F) - 0x3f000000U;
    } else {
        half = (rest - 0x38000000U + 0xfffU + ((rest >> 13U) & 1U)) >> 13U;
    }
    to.bits = static_cast<std::uint16_t>(sign | half);
}
/// As the element would come back from memory.
template <typename T>
[[nodiscard]] ESPALIER_HD inline float rounded(float value)
{
    T stored;
    narrow(stored, value);
    return widen(stored);
}

/// OCP 8-bit floats: E4M3 without infinities (0x7f is NaN).
[[nodiscard]] ESPALIER_HD inline float fromE4M3(std::uint32_t bits)
{
    const std::uint32_t sign = (bits & 0x80U) << 24U;
    const std::uint32_t rest = bits & 0x7fU;
    if (rest == 0x7fU)
        return floatOf(sign | 0x7fc00000U);
    if (rest < 8U) // subnormal: rest / 2^9
        return floatOf(sign | bitsOf(static_cast<float>(rest) * 0x1p-9F));
    return floatOf(sign | ((rest << 20U) + 0x3c000000U));
}
/// E5M2, the upper half of a binary16.
[[nodiscard]] ESPALIER_HD inline float fromE5M2(std::uint32_t bits)
{
    return widen(F16{static_cast<std::uint16_t>(bits << 8U)});
}
/// OCP MX scale: 2^(bits - 127), 255 is NaN.
[[nodiscard]] ESPALIER_HD inline float fromE8M0(std::uint32_t bits)
{
    if (bits == 0)
        return 0x1p-127F;
    return floatOf(bits == 255 ? 0x7fc00000U : bits << 23U);
}
/// OCP FP4: sign, then 0, 0.5, 1, 1.5, 2, 3, 4, 6.
[[nodiscard]] ESPALIER_HD inline float fromE2M1(std::uint32_t bits)
{
    const std::uint32_t rest = bits & 7U;
    const std::uint32_t exponent = rest >> 1U;
    const float size =
        exponent == 0 ? 0.5F * static_cast<float>(rest & 1U) : floatOf((exponent + 126U) << 23U | (rest & 1U) << 22U);
    return floatOf(bitsOf(size) | (bits & 8U) << 28U);
}

[[nodiscard]] ESPALIER_HD inline float minusInfinity()
{
    return floatOf(0xff800000U);
}
[[nodiscard]] ESPALIER_HD inline bool isNan(float value)
{
    return (bitsOf(value) & 0x7fffffffU) > 0x7f800000U;
}

} // namespace espalier::engine::cuda
