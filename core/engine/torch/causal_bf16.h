// SPDX-License-Identifier: Apache-2.0
// Causal attention of one key head and the query heads that share it, in bfloat16 with the processor's dot products of
// bfloat16 pairs (AVX512_BF16): products sum in float32, the softmax is float32, probabilities are rounded to bfloat16
// for the product with the values, as fused attention does (Dao et al. 2022, without its blocks over keys: a block of
// queries sees all its keys at once). Free of ATen. Pure function of its inputs, whatever the number of threads around
// it.
#pragma once

#include <cstdint>
#include <vector>

namespace espalier::engine {

struct CausalHeads {
    const std::uint16_t* q = nullptr; ///< `group` heads of keyDim elements, one behind the other, in each row
    const std::uint16_t* k = nullptr; ///< keyDim elements in each row
    const std::uint16_t* v = nullptr; ///< valueDim elements in each row
    std::uint16_t* out = nullptr;     ///< `group` heads of valueDim elements in each row
    std::int64_t qStride = 0, kStride = 0, vStride = 0, outStride = 0; ///< elements from row to row
    std::int64_t length = 0, group = 1, keyDim = 0, valueDim = 0;
    float scale = 1; ///< of the scores
};

/// True when the processor has the instructions and the shape fits: keyDim even, valueDim a multiple of 16, at most
/// 8192 positions (scores of a block of queries stay in the cache).
[[nodiscard]] bool canAttendCausal(std::int64_t length, std::int64_t keyDim, std::int64_t valueDim);

/// Scratch of one thread, kept between calls.
struct CausalScratch {
    std::vector<std::uint32_t> keys, values;
    std::vector<float> scores, sums;
    std::vector<std::uint16_t> weights;
};
void attendCausal(const CausalHeads& heads, CausalScratch& scratch);

} // namespace espalier::engine
