// SPDX-License-Identifier: Apache-2.0
// Loops over a layer's activations that ATen has no single operation for. Contiguous CPU tensors, float32 unless said.
// Sums of a neuron run over its rows in order, whatever the number of threads.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace espalier::engine {

/// What is taken of contributions a = |h| · norms.
struct ContributionSums {
    at::Tensor energy;     ///< [D] double: a² is added
    at::Tensor strength;   ///< [D] double: a⁴ is added; undefined: not wanted
    at::Tensor features;   ///< [D, samples]: a of every `step`-th row, from column `sampled` on; undefined: not wanted
    std::int64_t step = 1; ///< of all rows
    std::int64_t rows = 0; ///< that were added
    std::int64_t sampled = 0; ///< of them in `features`
};
/// h [n, D], norms [D].
void addContributions(const at::Tensor& h, const at::Tensor& norms, ContributionSums& sums);

/// Columns of `matrix` [n, D] in the order [D] of int64 numbers: like index_select along 1, by rows.
[[nodiscard]] at::Tensor takeColumns(const at::Tensor& matrix, const at::Tensor& order);

} // namespace espalier::engine
