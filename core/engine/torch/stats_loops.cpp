// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/stats_loops.h"

#include <algorithm>
#include <cmath>

// One copy of a loop for each instruction set, chosen when the library is opened.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__)
#define ESPALIER_EACH_CPU __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define ESPALIER_EACH_CPU
#endif

namespace espalier::engine::loops {

ESPALIER_EACH_CPU void normsOfRows(const float* rows, std::int64_t n, std::int64_t width, double* norm, float* largest)
{
    for (std::int64_t i = 0; i < n; ++i) {
        const float* f = rows + i * width;
        double sum = 0;
        float most = 0;
#pragma omp simd reduction(+ : sum) reduction(max : most)
        for (std::int64_t c = 0; c < width; ++c) {
            sum += static_cast<double>(f[c]) * static_cast<double>(f[c]);
            const float size = std::fabs(f[c]);
            most = size > most ? size : most;
        }
        norm[i] = std::sqrt(sum);
        largest[i] = most;
    }
}

ESPALIER_EACH_CPU void addRows(const float* rows, std::int64_t n, std::int64_t stride, const float* weight,
                               std::int64_t width, double* sum)
{
    for (std::int64_t i = 0; i < n; ++i) {
        const float* row = rows + i * stride;
        const double w = weight == nullptr ? 1.0 : static_cast<double>(weight[i]);
#pragma omp simd
        for (std::int64_t c = 0; c < width; ++c)
            sum[c] += w * static_cast<double>(row[c]);
    }
}

ESPALIER_EACH_CPU void addSquares(const float* rows, std::int64_t n, std::int64_t stride, std::int64_t width,
                                  double* sum)
{
    for (std::int64_t i = 0; i < n; ++i) {
        const float* row = rows + i * stride;
#pragma omp simd
        for (std::int64_t c = 0; c < width; ++c)
            sum[c] += static_cast<double>(row[c]) * static_cast<double>(row[c]);
    }
}

ESPALIER_EACH_CPU void addGram(const float* rows, std::int64_t n, std::int64_t width, std::int64_t begin,
                               std::int64_t end, double* gram)
{
    constexpr std::int64_t kBlock = 64; // rows that stay in the cache while every line of the matrix passes by
    for (std::int64_t block = 0; block < n; block += kBlock)
        for (std::int64_t a = begin; a < end; ++a)
            for (std::int64_t i = block; i < std::min(n, block + kBlock); ++i) {
                const float* row = rows + i * width;
                const auto w = static_cast<double>(row[a]);
                double* line = gram + a * width;
#pragma omp simd
                for (std::int64_t b = 0; b < width; ++b)
                    line[b] += w * static_cast<double>(row[b]);
            }
}

ESPALIER_EACH_CPU void turnsOfRows(const float* h, const float* y, std::int64_t n, std::int64_t width, double* turn,
                                   double* ratio)
{
    for (std::int64_t i = 0; i < n; ++i) {
        const float* hRow = h + i * width;
        const float* yRow = y + i * width;
        double hh = 0, hy = 0, yy = 0;
#pragma omp simd reduction(+ : hh, hy, yy)
        for (std::int64_t c = 0; c < width; ++c) {
            const auto hValue = static_cast<double>(hRow[c]);
            const auto yValue = static_cast<double>(yRow[c]);
            hh += hValue * hValue;
            hy += hValue * yValue;
            yy += yValue * yValue;
        }
        // h·(h+y) = hh + hy and |h+y|² = hh + 2 hy + yy
        const double after = std::max(0.0, hh + 2 * hy + yy);
        const double lengths = std::sqrt(hh) * std::sqrt(after);
        turn[i] = lengths > 0 ? std::max(0.0, 1 - (hh + hy) / lengths) : 0.0;
        ratio[i] = hh > 0 ? std::sqrt(yy / hh) : 0.0;
    }
}

ESPALIER_EACH_CPU void entropyOfRows(const float* p, std::int64_t n, std::int64_t width, double* entropy)
{
    for (std::int64_t i = 0; i < n; ++i) {
        double sum = 0;
        for (std::int64_t c = 0; c < width; ++c) {
            const auto value = static_cast<double>(p[i * width + c]);
            if (value > 0)
                sum -= value * std::log(value);
        }
        entropy[i] = sum;
    }
}

} // namespace espalier::engine::loops
