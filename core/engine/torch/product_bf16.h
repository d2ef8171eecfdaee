// SPDX-License-Identifier: Apache-2.0
// C = A · Wᵀ of bfloat16 matrices with float32 sums that are not rounded afterwards, by the processor's dot products of
// bfloat16 pairs (AVX512_BF16). libtorch gives a bfloat16 result or takes float32 weights, twice the bytes and half the
// speed; logits need every bit and the head's weights are the widest matrix of a model. Free of ATen.
#pragma once

#include <cstdint>

namespace espalier::engine {

/// Rows lie one behind the other without gaps.
struct ProductBf16 {
    const std::uint16_t* a = nullptr; ///< [rows, k]
    const std::uint16_t* w = nullptr; ///< [columns, k], as a linear layer's weight is stored
    float* c = nullptr;               ///< [rows, columns]
    std::int64_t rows = 0, columns = 0, k = 0;
};

/// True when the processor has the instructions.
[[nodiscard]] bool canMultiplyBf16();

/// Columns first … last - 1 of C, so that threads can share them. Each element is a pure function of its row of A and
/// its row of W, whatever is computed beside it.
void multiplyBf16(const ProductBf16& product, std::int64_t first, std::int64_t last);

} // namespace espalier::engine
