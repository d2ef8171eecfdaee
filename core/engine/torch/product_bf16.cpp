// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/product_bf16.h"

#include "core/engine/torch/avx512_bf16.h"

#include <algorithm>

namespace espalier::engine {

bool canMultiplyBf16()
{
    return hasAvx512Bf16();
}

#if defined(__x86_64__)

// The compiler's own headers use registers without a value on purpose.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

namespace {

constexpr std::int64_t kLanes = 32;    ///< numbers of one register
constexpr int kRows = 6, kColumns = 4; ///< of a tile: 24 sums and 5 operands in 32 registers
/// Numbers of A that pass beside one band of columns before the next band: half of a usual second-level cache.
constexpr std::int64_t kRowBlock = std::int64_t{1} << 18U;

/// R x C elements of the result; both matrices are read along k, so nothing has to be packed.
template <int R, int C>
ESPALIER_BF16 inline void tile(const ProductBf16& product, std::int64_t row, std::int64_t column)
{
    const std::int64_t k = product.k;
    const std::uint16_t* a = product.a + row * k;
    const std::uint16_t* w = product.w + column * k;
    __m512 sum[R][C];
    ESPALIER_UNROLL
    for (int r = 0; r < R; ++r) {
        ESPALIER_UNROLL
        for (int c = 0; c < C; ++c)
            sum[r][c] = _mm512_setzero_ps();
    }
    for (std::int64_t at = 0; at < k; at += kLanes) {
        const auto mask = static_cast<__mmask32>(k - at >= kLanes ? ~0U : (1U << static_cast<unsigned>(k - at)) - 1U);
        __m512bh right[C];
        ESPALIER_UNROLL
        for (int c = 0; c < C; ++c)
            right[c] = (__m512bh)_mm512_maskz_loadu_epi16(mask, w + c * k + at);
        ESPALIER_UNROLL
        for (int r = 0; r < R; ++r) {
            const auto left = (__m512bh)_mm512_maskz_loadu_epi16(mask, a + r * k + at);
            ESPALIER_UNROLL
            for (int c = 0; c < C; ++c)
                sum[r][c] = _mm512_dpbf16_ps(sum[r][c], left, right[c]);
        }
    }
    ESPALIER_UNROLL
    for (int r = 0; r < R; ++r) {
        ESPALIER_UNROLL
        for (int c = 0; c < C; ++c)
            product.c[(row + r) * product.columns + column + c] = _mm512_reduce_add_ps(sum[r][c]);
    }
}

template <int C>
ESPALIER_BF16 void band(const ProductBf16& product, std::int64_t begin, std::int64_t end, std::int64_t column)
{
    std::int64_t row = begin;
    for (; row + kRows <= end; row += kRows)
        tile<kRows, C>(product, row, column);
    for (; row < end; ++row)
        tile<1, C>(product, row, column);
}

} // namespace

void multiplyBf16(const ProductBf16& product, std::int64_t first, std::int64_t last)
{
    const std::int64_t block = std::max<std::int64_t>(kRows, kRowBlock / std::max<std::int64_t>(1, product.k));
    for (std::int64_t begin = 0; begin < product.rows; begin += block) {
        const std::int64_t end = std::min(product.rows, begin + block);
        std::int64_t column = first;
        for (; column + kColumns <= last; column += kColumns)
            band<kColumns>(product, begin, end, column);
        for (; column < last; ++column)
            band<1>(product, begin, end, column);
    }
}

#pragma GCC diagnostic pop

#else

void multiplyBf16(const ProductBf16&, std::int64_t, std::int64_t)
{
}

#endif

} // namespace espalier::engine
