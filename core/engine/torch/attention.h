// SPDX-License-Identifier: Apache-2.0
// Grouped-query self-attention (Ainslie et al. 2023) over flat rows: sequences lie one behind the other, no padding.
#pragma once

#include "core/engine/torch/rotary.h"
#include "core/engine/torch/weights.h"
#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>

namespace espalier::engine {

/// A sequence inside flat rows.
struct Span {
    std::int64_t begin = 0, length = 0;
};

struct Projections {
    at::Tensor q; ///< [N, heads, headDim], normed and rotated
    at::Tensor k; ///< [N, kvHeads, headDim], normed and rotated
    at::Tensor v; ///< [N, kvHeads, headDim], a view with the row stride of the fused projection
};
/// `x` [N, H] after the layer's attention norm; position of every row.
[[nodiscard]] Projections project(const model::ModelSpec& spec, const LayerWeights& weights, const Rotary& rotary,
                                  const at::Tensor& x, std::span<const std::int32_t> position);

/// Causal attention inside each sequence: [N, heads · headDim]. A sequence's result does not depend on its neighbours.
[[nodiscard]] at::Tensor attend(const model::AttentionSpec& spec, const Projections& projections,
                                std::span<const Span> sequences);

/// The output projection: [N, H].
[[nodiscard]] at::Tensor projectOutput(const LayerWeights& weights, const at::Tensor& heads);

} // namespace espalier::engine
