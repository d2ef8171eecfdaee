// SPDX-License-Identifier: Apache-2.0
// The feed-forward half of a decoder layer, and what a layer costs.
#pragma once

#include "core/engine/torch/attention.h"
#include "core/engine/torch/observer.h"
#include "core/engine/torch/streams.h"
#include "core/engine/torch/weights.h"
#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

#include <span>

namespace espalier::engine {

/// Place of a layer: what feedForward() needs besides rows.
struct BlockContext {
    const model::ModelSpec* spec = nullptr;
    const model::LayerSpec* layer = nullptr;
    const LayerWeights* weights = nullptr;
    int moePosition = 0;
    at::Tensor mask;   ///< see route()
    at::Tensor stream; ///< [N] int64, see route()
    Observer* observer = nullptr;
};

/// Adds the feed-forward output to the residual stream `hidden` [N, H] in place.
void feedForward(const BlockContext& context, at::Tensor& hidden);

/// Floating-point operations of one layer over `rows` rows whose attention spans are given; multiply and add count two.
[[nodiscard]] double layerFlops(const model::ModelSpec& spec, const model::LayerSpec& layer, std::int64_t rows,
                                std::span<const Span> sequences);

} // namespace espalier::engine
