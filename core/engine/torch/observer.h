// SPDX-License-Identifier: Apache-2.0
// What the decoder tells about a MoE layer's own forward. Selection and gate weights come from the forward, never
// recomputed.
#pragma once

#include "core/engine/torch/attention.h"
#include "core/engine/torch/weights.h"

#include <ATen/core/Tensor.h>

#include <span>
#include <vector>

namespace espalier::engine {

/// Rows through one MoE layer. N rows, E experts, k chosen, H hidden.
struct MoeObservation {
    int moePosition = 0; ///< position among the MoE layers
    at::Tensor residual; ///< [N, H] compute dtype: residual stream before the FFN's norm (h)
    at::Tensor logits;   ///< [N, E] float32, raw (no mask)
    at::Tensor scores;   ///< [N, E] float32, p over all experts before selection
    at::Tensor ids;      ///< [N, k] int64, chosen, largest first
    at::Tensor gates;    ///< [N, k] float32, weights that multiply the outputs
    at::Tensor routed;   ///< [N, H]: y, the routed output alone; undefined before observeLayer()
    /// Block of texts that the rows belong to, ascending; sums are taken block by block.
    std::size_t block = 0;
    const LayerWeights* weights = nullptr; ///< of the layer
    /// Texts of the batch that the rows are of; row 0 is the batch's row `firstRow`.
    std::span<const Span> texts{};
    std::int64_t firstRow = 0;
    /// |f| at [row * k + slot]: the observer's own, from observeExperts() to observeLayer(), or a device's.
    std::vector<double> norms{};
    at::Tensor stream{}; ///< [N] int64: stream of each row, in the numbering of those that leave the layer
    /// [N], of a device: max(0, 1 - cos(h, h + y)) and |y| / |h|; empty = not computed yet.
    std::vector<double> turns{}, ratios{};
};
/// What a device has summed over the rows of an observation instead of giving their outputs.
struct ExpertSums {
    std::vector<float> maxima;                    ///< [E]: largest |element| of f
    std::vector<double> outputSum, probOutputSum; ///< [E, H], empty when not asked for
};
/// The rows that chose an expert.
struct ExpertRows {
    int expert = 0;
    at::Tensor rows;   ///< [n] int64 indices into the N rows, ascending
    at::Tensor slots;  ///< [n] int64, which of the k choices
    at::Tensor output; ///< [n, H] compute dtype: f before multiplication by the gate
};

class Observer {
public:
    virtual ~Observer() = default;
    /// Called for each pack of experts, in ascending order, before its rows are run: `x` [N, H] is the layer's normed
    /// input. For what looks beyond the experts that were chosen. Rows are known again by observation.residual's place.
    virtual void observePack(const MoeObservation& /*observation*/, const at::Tensor& /*x*/, const ExpertPack& /*pack*/)
    {
    }
    /// Called once for each pack of experts that has rows, packs and experts in ascending order.
    virtual void observeExperts(MoeObservation& observation, std::span<const ExpertRows> experts) = 0;
    /// Instead of observeExperts(), with norms in the observation; `wantsOutputSums` says what to compute.
    virtual void observeSums(const MoeObservation& /*observation*/, const ExpertSums& /*sums*/) {}
    [[nodiscard]] virtual bool wantsOutputSums(int /*moePosition*/) const { return false; }
    /// Called after the last pack of the same observation.
    virtual void observeLayer(const MoeObservation& observation) = 0;
    /// All rows have been through the layer: its sums are complete now.
    virtual void endLayer() {}
};

} // namespace espalier::engine
