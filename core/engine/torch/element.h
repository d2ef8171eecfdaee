// SPDX-License-Identifier: Apache-2.0
// Elements of the compute types in plain loops: bfloat16 as its bit pattern, because integer arithmetic vectorises.
#pragma once

#include <ATen/core/Tensor.h>

#include <bit>
#include <cstdint>

// One copy of a loop for each instruction set, chosen when the library is opened.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
#define ESPALIER_VECTORISED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define ESPALIER_VECTORISED
#endif

namespace espalier::engine {

using Bf16 = std::uint16_t;

inline float widen(float value)
{
    return value;
}
inline float widen(Bf16 bits)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}
inline void narrowTo(float& to, float value)
{
    to = value;
}
/// Round to nearest even; NaN stays NaN.
inline void narrowTo(Bf16& to, float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t rounded = (bits + 0x7fffU + ((bits >> 16U) & 1U)) >> 16U;
    to = static_cast<Bf16>((bits & 0x7fffffffU) > 0x7f800000U ? 0x7fc0U : rounded);
}
template <typename T>
inline float rounded(float value)
{
    T stored;
    narrowTo(stored, value);
    return widen(stored);
}

/// Calls f with the element type as stored: float or Bf16.
template <typename F>
void withElements(const at::Tensor& like, const F& f)
{
    if (like.scalar_type() == at::kFloat)
        f(float{});
    else
        f(Bf16{});
}
template <typename T>
T* data(const at::Tensor& tensor)
{
    return static_cast<T*>(tensor.data_ptr());
}

} // namespace espalier::engine
