// SPDX-License-Identifier: Apache-2.0
// Inner loops of the statistics: float32 rows in, double sums out. Rows are `stride` floats apart. No threads inside;
// the caller gives each thread its own rows or columns.
#pragma once

#include "core/engine/torch/element.h"

#include <cstdint>

namespace espalier::engine::loops {

/// norm[i] = |row i|; returns the largest |element|; n contiguous rows of `width`.
float normsOfRows(const float* rows, std::int64_t n, std::int64_t width, double* norm);
float normsOfRows(const Bf16* rows, std::int64_t n, std::int64_t width, double* norm);

/// sum[c] += rows[i][c] and weighed[c] += weight[i] · rows[i][c] over i in order, c < width.
void addRows(const float* rows, std::int64_t n, std::int64_t stride, const float* weight, std::int64_t width,
             double* sum, double* weighed);
void addRows(const Bf16* rows, std::int64_t n, std::int64_t stride, const float* weight, std::int64_t width,
             double* sum, double* weighed);
/// The plain sum alone.
void addRows(const float* rows, std::int64_t n, std::int64_t stride, std::int64_t width, double* sum);
/// The plain sum and that of the squares.
void addRowsAndSquares(const float* rows, std::int64_t n, std::int64_t stride, std::int64_t width, double* sum,
                       double* squares);

/// gram[a][b] += rows[i][a] · rows[i][b] over i in order, begin <= a < end, all b; gram is [width, width].
void addGram(const float* rows, std::int64_t n, std::int64_t width, std::int64_t begin, std::int64_t end, double* gram);

/// turn[i] = max(0, 1 − cos(h, h + y)), ratio[i] = |y| / |h| for contiguous rows; both 0 where h or h + y is 0.
void turnsOfRows(const float* h, const float* y, std::int64_t n, std::int64_t width, double* turn, double* ratio);
void turnsOfRows(const Bf16* h, const Bf16* y, std::int64_t n, std::int64_t width, double* turn, double* ratio);

/// entropy[i] = −sum p ln p in nats of contiguous rows; entries of 0 add nothing.
void entropyOfRows(const float* p, std::int64_t n, std::int64_t width, double* entropy);

/// The k largest values of each contiguous row with their places, largest first, lower place first when equal.
void largestOfRows(const float* rows, std::int64_t n, std::int64_t width, std::int64_t k, float* values,
                   std::uint16_t* places);

} // namespace espalier::engine::loops
