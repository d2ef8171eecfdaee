// SPDX-License-Identifier: Apache-2.0
// Router arithmetic of a MoE layer, with the roundings of transformers: logits in the compute type or float32 as the
// model has them, everything after in float32, gate weights rounded to the compute type at the end.
#pragma once

#include "core/engine/torch/weights.h"
#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

#include <limits>

namespace espalier::engine {

class LayerMixing;

/// In a row of limits: this choice and those behind it never count.
inline constexpr float kBeyond = std::numeric_limits<float>::infinity();

struct Routing {
    at::Tensor logits; ///< [N, E] float32, raw
    at::Tensor scores; ///< [N, E] float32: softmax over the experts that are not masked, or each one's sigmoid
    at::Tensor ids;    ///< [N, k] int64, first choice first
    at::Tensor gates;  ///< [N, k] float32, what the outputs are multiplied by
};

/// [N, E] float32: what the router says of `x` [N, H] after the FFN's norm.
[[nodiscard]] at::Tensor routerLogits(const model::RouterSpec& spec, const LayerWeights& weights, const at::Tensor& x);

/// The choice among experts by their logits, see route(); gates are not rounded to the compute type. `exact`: softmaxes
/// do not depend on the number of experts.
[[nodiscard]] Routing chooseByLogits(const model::RouterSpec& spec, const LayerWeights& weights, at::Tensor logits,
                                     bool exact, const at::Tensor& mask, const at::Tensor& limit,
                                     const at::Tensor& stream);

/// `x` [N, H] after the FFN's norm. `mask` [S, E] of 0 and -inf, `limit` [S, k] see beyondLimit(), `stream` [N] int64
/// the row of both for each row of x; undefined where there is nothing to say. A masked expert is absent from
/// everything: softmax sums, groups, choices. Choices that do not count have gate 0, and the others are what a router
/// of that many experts gives them. `mixing`: rows of streams that mix experts choose by it, and their ids are in its
/// numbering.
[[nodiscard]] Routing route(const model::RouterSpec& spec, const LayerWeights& weights, const at::Tensor& x,
                            const at::Tensor& mask, const at::Tensor& limit, const at::Tensor& stream,
                            const LayerMixing* mixing = nullptr);

/// [N, k] true for choices that do not count. `limit` [N or 1, k] float32: kBeyond from the first choice on that a
/// token never gets; at the places before, by rank of weight and not of choice, the share of the largest weight that a
/// weight must reach for itself and those behind it to count (plan::PlanLayer::skip; 0 at the first). `weights` [N, k]
/// in the order of choice, 0 or more; equal ones rank by choice.
[[nodiscard]] at::Tensor beyondLimit(const at::Tensor& limit, const at::Tensor& weights);

} // namespace espalier::engine
