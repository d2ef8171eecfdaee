// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/stats_loops.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace espalier::engine::loops {
namespace {

template <typename T>
inline double wide(T value)
{
    return static_cast<double>(widen(value));
}

template <typename T>
inline float norms(const T* rows, std::int64_t n, std::int64_t width, double* norm)
{
    float largest = 0;
    for (std::int64_t i = 0; i < n; ++i) {
        const T* f = rows + i * width;
        double sum = 0;
        float most = 0;
#pragma omp simd reduction(+ : sum) reduction(max : most)
        for (std::int64_t c = 0; c < width; ++c) {
            sum += wide(f[c]) * wide(f[c]);
            const float size = std::fabs(widen(f[c]));
            most = size > most ? size : most;
        }
        norm[i] = std::sqrt(sum);
        largest = std::max(largest, std::isnan(sum) ? std::numeric_limits<float>::infinity() : most);
    }
    return largest;
}

template <typename T>
inline void add(const T* rows, std::int64_t n, std::int64_t stride, const float* weight, std::int64_t width,
                double* sum, double* weighed)
{
    for (std::int64_t i = 0; i < n; ++i) {
        const T* row = rows + i * stride;
        const double w = wide(weight[i]);
#pragma omp simd
        for (std::int64_t c = 0; c < width; ++c) {
            sum[c] += wide(row[c]);
            weighed[c] += w * wide(row[c]);
        }
    }
}

template <typename T>
inline void turns(const T* h, const T* y, std::int64_t n, std::int64_t width, double* turn, double* ratio)
{
    for (std::int64_t i = 0; i < n; ++i) {
        const T* hRow = h + i * width;
        const T* yRow = y + i * width;
        double hh = 0, hy = 0, yy = 0;
#pragma omp simd reduction(+ : hh, hy, yy)
        for (std::int64_t c = 0; c < width; ++c) {
            hh += wide(hRow[c]) * wide(hRow[c]);
            hy += wide(hRow[c]) * wide(yRow[c]);
            yy += wide(yRow[c]) * wide(yRow[c]);
        }
        if (!std::isfinite(yy)) { // beside what overflowed, h is nothing
            turn[i] = 1;
            ratio[i] = std::numeric_limits<double>::infinity();
            continue;
        }
        // h·(h+y) = hh + hy and |h+y|² = hh + 2 hy + yy
        const double lengths = std::sqrt(hh) * std::sqrt(std::max(0.0, hh + 2 * hy + yy));
        turn[i] = lengths > 0 ? std::max(0.0, 1 - (hh + hy) / lengths) : 0.0;
        ratio[i] = hh > 0 ? std::sqrt(yy / hh) : 0.0;
    }
}

} // namespace

ESPALIER_VECTORISED float normsOfRows(const float* rows, std::int64_t n, std::int64_t width, double* norm)
{
    return norms(rows, n, width, norm);
}
ESPALIER_VECTORISED float normsOfRows(const Bf16* rows, std::int64_t n, std::int64_t width, double* norm)
{
    return norms(rows, n, width, norm);
}

ESPALIER_VECTORISED void addRows(const float* rows, std::int64_t n, std::int64_t stride, const float* weight,
                                 std::int64_t width, double* sum, double* weighed)
{
    add(rows, n, stride, weight, width, sum, weighed);
}
ESPALIER_VECTORISED void addRows(const Bf16* rows, std::int64_t n, std::int64_t stride, const float* weight,
                                 std::int64_t width, double* sum, double* weighed)
{
    add(rows, n, stride, weight, width, sum, weighed);
}

ESPALIER_VECTORISED void addRows(const float* rows, std::int64_t n, std::int64_t stride, std::int64_t width,
                                 double* sum)
{
    for (std::int64_t i = 0; i < n; ++i)
#pragma omp simd
        for (std::int64_t c = 0; c < width; ++c)
            sum[c] += wide(rows[i * stride + c]);
}

ESPALIER_VECTORISED void addRowsAndSquares(const float* rows, std::int64_t n, std::int64_t stride, std::int64_t width,
                                           double* sum, double* squares)
{
    for (std::int64_t i = 0; i < n; ++i) {
        const float* row = rows + i * stride;
#pragma omp simd
        for (std::int64_t c = 0; c < width; ++c) {
            sum[c] += wide(row[c]);
            squares[c] += wide(row[c]) * wide(row[c]);
        }
    }
}

ESPALIER_VECTORISED void addGram(const float* rows, std::int64_t n, std::int64_t width, std::int64_t begin,
                                 std::int64_t end, double* gram)
{
    constexpr std::int64_t kBlock = 64; // rows that stay in the cache while every line of the matrix passes by
    for (std::int64_t block = 0; block < n; block += kBlock)
        for (std::int64_t a = begin; a < end; ++a)
            for (std::int64_t i = block; i < std::min(n, block + kBlock); ++i) {
                const float* row = rows + i * width;
                const double w = wide(row[a]);
                double* line = gram + a * width;
#pragma omp simd
                for (std::int64_t b = 0; b < width; ++b)
                    line[b] += w * wide(row[b]);
            }
}

ESPALIER_VECTORISED void turnsOfRows(const float* h, const float* y, std::int64_t n, std::int64_t width, double* turn,
                                     double* ratio)
{
    turns(h, y, n, width, turn, ratio);
}
ESPALIER_VECTORISED void turnsOfRows(const Bf16* h, const Bf16* y, std::int64_t n, std::int64_t width, double* turn,
                                     double* ratio)
{
    turns(h, y, n, width, turn, ratio);
}

void entropyOfRows(const float* p, std::int64_t n, std::int64_t width, double* entropy)
{
    for (std::int64_t i = 0; i < n; ++i) {
        double sum = 0;
        for (std::int64_t c = 0; c < width; ++c) {
            const double value = wide(p[i * width + c]);
            if (value > 0)
                sum -= value * std::log(value);
        }
        entropy[i] = sum;
    }
}

void largestOfRows(const float* rows, std::int64_t n, std::int64_t width, std::int64_t k, float* values,
                   std::uint16_t* places)
{
    std::vector<std::uint16_t> order(static_cast<std::size_t>(width));
    for (std::int64_t i = 0; i < n; ++i) {
        const float* row = rows + i * width;
        std::iota(order.begin(), order.end(), std::uint16_t{0});
        std::partial_sort(order.begin(), order.begin() + k, order.end(),
                          [row](auto a, auto b) { return row[a] > row[b] || (row[a] == row[b] && a < b); });
        for (std::int64_t slot = 0; slot < k; ++slot) {
            places[i * k + slot] = order[static_cast<std::size_t>(slot)];
            values[i * k + slot] = row[order[static_cast<std::size_t>(slot)]];
        }
    }
}

} // namespace espalier::engine::loops
