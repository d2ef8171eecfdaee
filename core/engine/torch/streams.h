// SPDX-License-Identifier: Apache-2.0
// Which variants of the model (the base and masked plans) share rows, layer by layer. Variants are one stream until the
// first MoE layer where their keep lists or experts per token differ; from there on each has rows of its own.
#pragma once

#include "core/base/result.h"
#include "core/engine/engine.h"
#include "core/engine/torch/mixing.h"
#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::engine {

struct LayerStreams {
    /// For each stream that leaves the layer, the stream of the layer before that it continues.
    std::vector<std::int64_t> parent;
    /// [streams, E] float32: 0 for kept experts, -inf for masked ones; undefined where every stream keeps all.
    at::Tensor mask;
    /// [streams, k] float32, see beyondLimit(); undefined where every token of every stream gets all its choices.
    at::Tensor limit;
    std::shared_ptr<LayerMixing> mixing; ///< null where no stream mixes experts
    /// The same three for the final streams.
    at::Tensor finalMask, finalLimit;
    std::shared_ptr<LayerMixing> finalMixing;
    /// For each final stream, the stream it was part of when it entered the layer.
    std::vector<std::int64_t> entering;
    /// More streams leave the layer than entered it.
    bool splits = false;
};

class Streams {
public:
    /// BadInput when a plan does not fit the model: other layers, ids out of range, fewer experts than top-k, experts
    /// mixed under a router that cannot be mapped. Mixed experts are rounded to `mixedType`.
    [[nodiscard]] static Result<Streams> make(const model::ModelSpec& spec, std::span<const PlanPointer> variants,
                                              at::ScalarType mixedType = at::kFloat);

    [[nodiscard]] const LayerStreams& layer(std::size_t index) const { return m_layers[index]; }
    /// Streams after the last layer.
    [[nodiscard]] std::int64_t count() const { return m_count; }
    /// Stream of a variant after the last layer.
    [[nodiscard]] std::int64_t ofVariant(std::size_t variant) const { return m_ofVariant[variant]; }

private:
    std::vector<LayerStreams> m_layers;
    std::int64_t m_count = 1;
    std::vector<std::int64_t> m_ofVariant;
};

} // namespace espalier::engine
