// SPDX-License-Identifier: Apache-2.0
// Inner loops of the statistics: float32 rows in, double sums out. Rows are `stride` floats apart. No threads inside;
// the caller gives each thread its own rows or columns.
#pragma once

#include <cstdint>

namespace espalier::engine::loops {

/// norm[i] = |row i|, largest[i] = max |element|; n contiguous rows of `width`.
void normsOfRows(const float* rows, std::int64_t n, std::int64_t width, double* norm, float* largest);

/// sum[c] += weight[i] · rows[i][c] over i in order, c < width; weight null = 1.
void addRows(const float* rows, std::int64_t n, std::int64_t stride, const float* weight, std::int64_t width,
             double* sum);

/// sum[c] += rows[i][c]².
void addSquares(const float* rows, std::int64_t n, std::int64_t stride, std::int64_t width, double* sum);

/// gram[a][b] += rows[i][a] · rows[i][b] over i in order, begin <= a < end, all b; gram is [width, width].
void addGram(const float* rows, std::int64_t n, std::int64_t width, std::int64_t begin, std::int64_t end, double* gram);

/// turn[i] = max(0, 1 − cos(h, h + y)), ratio[i] = |y| / |h| for contiguous rows; both 0 where h or h + y is 0.
void turnsOfRows(const float* h, const float* y, std::int64_t n, std::int64_t width, double* turn, double* ratio);

/// entropy[i] = −sum p ln p in nats of contiguous rows; entries of 0 add nothing.
void entropyOfRows(const float* p, std::int64_t n, std::int64_t width, double* entropy);

} // namespace espalier::engine::loops
