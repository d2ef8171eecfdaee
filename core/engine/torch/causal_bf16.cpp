// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/causal_bf16.h"

#include "core/engine/torch/avx512_bf16.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace espalier::engine {

namespace {

constexpr std::int64_t kLanes = 16;
constexpr std::int64_t kBlock = 48; ///< queries that go through all keys together
constexpr std::int64_t kMostPositions = 8192;

std::int64_t upTo(std::int64_t value, std::int64_t multiple)
{
    return (value + multiple - 1) / multiple * multiple;
}

} // namespace

#if defined(__x86_64__)

// The compiler's own headers use registers without a value on purpose.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

namespace {

/// C[R, 16 C] = A[R, 2 pairs] · B, B as pairs: [pairs, n]. A's rows are `lda` elements apart.
template <int R, int C>
ESPALIER_BF16 inline void tile(const std::uint16_t* a, std::int64_t lda, const std::uint32_t* b, std::int64_t n,
                               std::int64_t pairs, float* c, std::int64_t ldc)
{
    __m512 sum[R][C];
    ESPALIER_UNROLL
    for (int r = 0; r < R; ++r) {
        ESPALIER_UNROLL
        for (int j = 0; j < C; ++j)
            sum[r][j] = _mm512_setzero_ps();
    }
    for (std::int64_t p = 0; p < pairs; ++p) {
        __m512bh right[C];
        ESPALIER_UNROLL
        for (int j = 0; j < C; ++j)
            right[j] = (__m512bh)_mm512_loadu_si512(b + p * n + j * kLanes);
        ESPALIER_UNROLL
        for (int r = 0; r < R; ++r) {
            std::uint32_t pair = 0;
            std::memcpy(&pair, a + r * lda + 2 * p, sizeof pair);
            const auto left = (__m512bh)_mm512_set1_epi32(static_cast<int>(pair));
            ESPALIER_UNROLL
            for (int j = 0; j < C; ++j)
                sum[r][j] = _mm512_dpbf16_ps(sum[r][j], left, right[j]);
        }
    }
    ESPALIER_UNROLL
    for (int r = 0; r < R; ++r) {
        ESPALIER_UNROLL
        for (int j = 0; j < C; ++j)
            _mm512_storeu_ps(c + r * ldc + j * kLanes, sum[r][j]);
    }
}

template <int R>
ESPALIER_BF16 inline void band(const std::uint16_t* a, std::int64_t lda, const std::uint32_t* b, std::int64_t n,
                               std::int64_t columns, std::int64_t pairs, float* c, std::int64_t ldc)
{
    std::int64_t j = 0;
    for (; j + 4 * kLanes <= columns; j += 4 * kLanes)
        tile<R, 4>(a, lda, b + j, n, pairs, c + j, ldc);
    for (; j < columns; j += kLanes)
        tile<R, 1>(a, lda, b + j, n, pairs, c + j, ldc);
}

/// C[rows, columns] = A · B; columns a multiple of 16, at most n.
ESPALIER_BF16 void multiply(const std::uint16_t* a, std::int64_t lda, std::int64_t rows, const std::uint32_t* b,
                            std::int64_t n, std::int64_t columns, std::int64_t pairs, float* c, std::int64_t ldc)
{
    std::int64_t r = 0;
    for (; r + 6 <= rows; r += 6)
        band<6>(a + r * lda, lda, b, n, columns, pairs, c + r * ldc, ldc);
    for (; r < rows; ++r)
        band<1>(a + r * lda, lda, b, n, columns, pairs, c + r * ldc, ldc);
}

/// exp for x <= 0 to a few units in the last place (Cephes' polynomial).
ESPALIER_BF16 inline __m512 exponential(__m512 x)
{
    x = _mm512_max_ps(x, _mm512_set1_ps(-104.0F));
    const __m512 n = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(1.44269504F)), 0);
    __m512 f = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693359375F), x);
    f = _mm512_fnmadd_ps(n, _mm512_set1_ps(-2.12194440e-4F), f);
    __m512 p = _mm512_set1_ps(1.9875691500e-4F);
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.3981999507e-3F));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(8.3334519073e-3F));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(4.1665795894e-2F));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.6666665459e-1F));
    p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(5.0000001201e-1F));
    p = _mm512_fmadd_ps(_mm512_mul_ps(p, f), f, _mm512_add_ps(f, _mm512_set1_ps(1.0F)));
    return _mm512_scalef_ps(p, n);
}

/// Weights of the keys 0 … last from their scores, unnormed and rounded; zeros up to `width`. Returns their sum.
ESPALIER_BF16 float softmaxRow(const float* scores, std::int64_t last, std::int64_t width, float scale,
                               std::uint16_t* weights)
{
    const auto maskAt = [last](std::int64_t j) {
        const std::int64_t left = last + 1 - j;
        return static_cast<__mmask16>(left >= kLanes ? 0xffffU : left <= 0 ? 0U : (1U << left) - 1U);
    };
    const __m512 never = _mm512_set1_ps(-std::numeric_limits<float>::infinity());
    __m512 most = never;
    for (std::int64_t j = 0; j <= last; j += kLanes)
        most = _mm512_max_ps(most, _mm512_mask_loadu_ps(never, maskAt(j), scores + j));
    const __m512 factor = _mm512_set1_ps(scale);
    const __m512 base = _mm512_set1_ps(_mm512_reduce_max_ps(most) * scale);
    __m512 sum = _mm512_setzero_ps();
    for (std::int64_t j = 0; j < width; j += kLanes) {
        const __m512 x = _mm512_fmsub_ps(_mm512_maskz_loadu_ps(maskAt(j), scores + j), factor, base);
        const __m512 e = _mm512_maskz_mov_ps(maskAt(j), exponential(x));
        sum = _mm512_add_ps(sum, e);
        const __m256bh narrow = _mm512_cvtneps_pbh(e);
        std::memcpy(weights + j, &narrow, sizeof narrow);
    }
    return _mm512_reduce_add_ps(sum);
}

ESPALIER_BF16 void scaleRow(const float* from, std::int64_t width, float factor, std::uint16_t* to)
{
    for (std::int64_t c = 0; c < width; c += kLanes) {
        const __m256bh narrow = _mm512_cvtneps_pbh(_mm512_mul_ps(_mm512_loadu_ps(from + c), _mm512_set1_ps(factor)));
        std::memcpy(to + c, &narrow, sizeof narrow);
    }
}

} // namespace

bool canAttendCausal(std::int64_t length, std::int64_t keyDim, std::int64_t valueDim)
{
    return hasAvx512Bf16() && length > 0 && length <= kMostPositions && keyDim > 0 && keyDim % 2 == 0 && valueDim > 0 &&
           valueDim % kLanes == 0;
}

void attendCausal(const CausalHeads& heads, CausalScratch& scratch)
{
    const std::int64_t n = upTo(heads.length, kLanes);
    const std::int64_t pairs = heads.keyDim / 2;
    const auto size = [](std::int64_t count) { return static_cast<std::size_t>(count); };
    scratch.keys.assign(size(pairs * n), 0);
    scratch.values.assign(size(n / 2 * heads.valueDim), 0);
    scratch.scores.resize(size(kBlock * n));
    scratch.weights.resize(size(kBlock * n));
    scratch.sums.resize(size(kBlock * heads.valueDim));
    for (std::int64_t row = 0; row < heads.length; ++row) {
        const std::uint16_t* key = heads.k + row * heads.kStride;
        for (std::int64_t p = 0; p < pairs; ++p)
            std::memcpy(&scratch.keys[size(p * n + row)], key + 2 * p, sizeof(std::uint32_t));
        const std::uint16_t* value = heads.v + row * heads.vStride;
        std::uint32_t* into = scratch.values.data() + row / 2 * heads.valueDim;
        const unsigned shift = row % 2 == 0 ? 0U : 16U;
        for (std::int64_t c = 0; c < heads.valueDim; ++c)
            into[c] |= static_cast<std::uint32_t>(value[c]) << shift;
    }
    for (std::int64_t first = 0; first < heads.length; first += kBlock) {
        const std::int64_t rows = std::min(kBlock, heads.length - first);
        const std::int64_t width = upTo(first + rows, kLanes); // keys that any of the rows sees
        for (std::int64_t head = 0; head < heads.group; ++head) {
            multiply(heads.q + first * heads.qStride + head * heads.keyDim, heads.qStride, rows, scratch.keys.data(), n,
                     width, pairs, scratch.scores.data(), n);
            float factors[kBlock];
            for (std::int64_t r = 0; r < rows; ++r)
                factors[r] = 1 / softmaxRow(scratch.scores.data() + r * n, first + r, width, heads.scale,
                                            scratch.weights.data() + r * n);
            multiply(scratch.weights.data(), n, rows, scratch.values.data(), heads.valueDim, heads.valueDim, width / 2,
                     scratch.sums.data(), heads.valueDim);
            for (std::int64_t r = 0; r < rows; ++r)
                scaleRow(scratch.sums.data() + r * heads.valueDim, heads.valueDim, factors[r],
                         heads.out + (first + r) * heads.outStride + head * heads.valueDim);
        }
    }
}

#pragma GCC diagnostic pop

#else

bool canAttendCausal(std::int64_t, std::int64_t, std::int64_t)
{
    return false;
}

void attendCausal(const CausalHeads&, CausalScratch&)
{
}

#endif

} // namespace espalier::engine
