// SPDX-License-Identifier: Apache-2.0
// What the kernels share that use the processor's dot products of bfloat16 pairs (AVX512_BF16). For their .cpp files
// only.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#define ESPALIER_BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512bf16")))
/// A loop over an array of sums that is left as a loop keeps them in memory instead of registers.
#define ESPALIER_UNROLL _Pragma("GCC unroll 8")
#endif

namespace espalier::engine {

/// True when this processor has the instructions.
[[nodiscard]] inline bool hasAvx512Bf16()
{
#if defined(__x86_64__)
    static const bool able = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bf16");
    return able;
#else
    return false;
#endif
}

} // namespace espalier::engine
