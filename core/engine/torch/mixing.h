// SPDX-License-Identifier: Apache-2.0
// Layers whose kept places hold weighted sums of experts (EEP, arXiv 2407.00945, section 4.2): the mixed experts of all
// streams of a layer, numbered behind the layer's own, and the mapped router's choice among them.
//
// A mapped router takes g' = W_RM g of the probabilities g over all experts, negative ones as 0. Where g is a softmax
// g' is divided by its sum, so that it is a distribution again: with one 1 in every row that is the softmax over the
// kept experts, what a sliced router computes, whether or not the chosen weights are renormalised later.
#pragma once

#include "core/base/result.h"
#include "core/engine/torch/router.h"
#include "core/engine/torch/weights.h"
#include "core/method/mixing.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace espalier::engine {

/// What one stream does in a layer; null = nothing is mixed.
struct MixingChoice {
    std::shared_ptr<const method::ExpertMixing> mixing;
    std::vector<std::int32_t> keep; ///< the place of row j, whose selection bias it has
};

class LayerMixing {
public:
    /// One entry per stream, `experts` of the layer. Mixed weights are rounded to `type`, as an export stores them.
    LayerMixing(std::vector<MixingChoice> streams, std::int64_t experts, at::ScalarType type);

    /// Experts of the layer and the mixed ones behind them.
    [[nodiscard]] std::int64_t total() const { return m_experts + static_cast<std::int64_t>(m_rows.size()); }

    /// Replaces the choices of the rows whose stream mixes; `routing` is as route() makes it without masks, its gates
    /// not yet rounded.
    void route(const model::RouterSpec& spec, const at::Tensor& correctionBias, const at::Tensor& limit,
               const at::Tensor& stream, Routing& routing) const;

    /// `all` experts of the layer with the mixed ones behind; `compute` is the type of the arithmetic.
    [[nodiscard]] ExpertPack together(const ExpertPack& all, at::ScalarType compute);
    /// The same where experts come in packs: each is added, the mixed ones are ready after the last.
    void add(const ExpertPack& pack, at::ScalarType compute);
    [[nodiscard]] ExpertPack mixed(at::ScalarType compute);
    /// Forgets the mixed experts; they are made again when they are asked for.
    void forget();
    /// Bytes of the mixed experts that are held.
    [[nodiscard]] std::uint64_t bytes() const;

private:
    struct Stream {
        at::Tensor router;              ///< [E', E] double
        at::Tensor id;                  ///< [E'] int64 in the numbering of total()
        std::vector<std::int64_t> home; ///< keep
    };
    struct Sum { // of one mixed expert, double
        at::Tensor gateUp, down, gateUpBias, downBias;
    };
    void finish(at::ScalarType compute);

    std::int64_t m_experts;
    at::ScalarType m_type;
    std::vector<std::optional<Stream>> m_streams;
    std::vector<std::span<const float>> m_rows; ///< coefficients of each mixed expert
    std::vector<MixingChoice> m_choices;        ///< keeps the rows alive
    std::vector<Sum> m_sums;
    std::vector<FfnWeights> m_mixed, m_together;
};

} // namespace espalier::engine
