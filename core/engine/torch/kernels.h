// SPDX-License-Identifier: Apache-2.0
// Row loops that ATen has no single operation for. All tensors are contiguous CPU tensors, compute dtype float32 or
// bfloat16; sums are float32. Rows are independent of each other, so a row's result does not depend on its batch.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::engine {

/// y = (x · rsqrt(mean(x²) + eps)) cast to x's dtype, times weight: the order of roundings of transformers' RMSNorm.
/// x [..., D], weight [D] in x's dtype.
[[nodiscard]] at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps);

/// (x - mean) / sqrt(variance + eps) · weight + bias over the last dimension.
[[nodiscard]] at::Tensor layerNorm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, double eps);

/// Heads inside the columns of a projection, and which of a head's elements turn.
struct HeadColumns {
    std::int64_t column = 0, heads = 0, width = 0;
    std::int64_t turnsFrom = 0, turns = 0; ///< elements [turnsFrom, turnsFrom + turns) of a head
    bool interleaved = false;              ///< pairs of neighbours; else of element i and i + turns / 2
};
/// Optional per-head RMSNorm, then rotary embedding, of the heads in x [N, C]. cos, sin: float32 [rows, turns / 2];
/// row[n] chooses. Returns [N, heads, width].
[[nodiscard]] at::Tensor normAndRotate(const at::Tensor& x, const HeadColumns& columns, const at::Tensor& normWeight,
                                       double eps, const at::Tensor& cos, const at::Tensor& sin,
                                       std::span<const std::int32_t> row);

/// silu(x[:, :I]) * x[:, I:] for x [n, 2I], into a new [n, I].
[[nodiscard]] at::Tensor siluMul(const at::Tensor& x);

/// The k largest keys of each row, largest first, equal keys by lower id. Experts whose selection logit or key is −inf
/// are never chosen; NaN counts below every number. ids: int64 [N, k], values: the scores there, float32 [N, k].
void selectTopK(const at::Tensor& selection, const at::Tensor& keys, const at::Tensor& scores, int k, at::Tensor& ids,
                at::Tensor& values);

/// sum[n] += gates[p] · outputs[p - begin] over the k places p of row n that lie in [begin, begin + outputs.size(0)),
/// products in the compute dtype as transformers rounds them, sums in float32 in the order of `place` (k per row,
/// ascending). sum [N, H] float32.
void addOutputs(const at::Tensor& outputs, std::int64_t begin, std::span<const float> gates,
                std::span<const std::int64_t> place, const at::Tensor& sum);
/// The same when `outputs` are those of all places: [N, H] in their type, without a sum in memory between.
[[nodiscard]] at::Tensor combine(const at::Tensor& outputs, std::span<const float> gates,
                                 std::span<const std::int64_t> place, std::int64_t rows);

/// Index of the largest value, lowest index when equal; NaN never wins.
[[nodiscard]] std::int64_t argmax(const float* values, std::int64_t n);

/// sum p · (logP − logQ), p = exp(logP), over n entries where p > 0; double sum.
[[nodiscard]] double klDivergence(const float* p, const float* logP, const float* logQ, std::int64_t n);

} // namespace espalier::engine
