// SPDX-License-Identifier: Apache-2.0
// Self-attention over flat rows: sequences lie one behind the other, no padding. Grouped queries (Ainslie et al. 2023)
// and latent attention (DeepSeek-V2, Liu et al. 2024, equations 9 to 19, with keys and values expanded).
#pragma once

#include "core/engine/torch/rotary.h"
#include "core/engine/torch/weights.h"
#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::engine {

/// A sequence inside flat rows.
struct Span {
    std::int64_t begin = 0, length = 0;
    std::uint32_t key{}; ///< see textKey(), where somebody asks for it
};

struct HeadShape {
    std::int64_t heads = 0, kvHeads = 0, keyDim = 0, valueDim = 0;
    double scale = 1; ///< of the scores
};
[[nodiscard]] HeadShape headShape(const model::AttentionSpec& spec);

/// Where a sequence stands in a layer by the gated delta rule.
struct DeltaState {
    at::Tensor convolution; ///< [kernel - 1, channels]: the last inputs
    at::Tensor memory;      ///< [value heads, keyDim, valueDim] float32
};

struct Projections {
    at::Tensor q;    ///< [N, heads, keyDim], normed and rotated
    at::Tensor k;    ///< [N, kvHeads, keyDim], normed and rotated
    at::Tensor v;    ///< [N, kvHeads, valueDim], contiguous in each row
    at::Tensor gate; ///< [N, heads · valueDim] whose sigmoid multiplies the heads' output, undefined without
    std::vector<DeltaState> states; ///< of a layer by the delta rule, which has nothing else: one per sequence
};
/// `x` [N, H] after the layer's attention norm; row of every position in the rotary tables.
[[nodiscard]] Projections projectHeads(const model::ModelSpec& spec, const LayerWeights& weights, const Rotary& rotary,
                                       const at::Tensor& x, std::span<const std::int32_t> rotaryRow);

/// Causal attention inside each sequence: [N, heads · valueDim]. `window` as in LayerSpec, `sinks` as in LayerWeights.
/// A sequence's result does not depend on its neighbours.
[[nodiscard]] at::Tensor attend(const model::AttentionSpec& spec, int window, const at::Tensor& sinks,
                                const Projections& projections, std::span<const Span> sequences);

/// The gate and the output projection of heads [N, heads · valueDim]: [N, H].
[[nodiscard]] at::Tensor projectOutput(const LayerWeights& weights, const Projections& projections,
                                       const at::Tensor& heads);

} // namespace espalier::engine
