// SPDX-License-Identifier: Apache-2.0
// What the decoder tells about a MoE layer's own forward. Selection and gate weights come from the forward, never
// recomputed.
#pragma once

#include <ATen/core/Tensor.h>

namespace espalier::engine {

/// One batch of rows through one MoE layer. N rows, E experts, k chosen, H hidden.
struct MoeObservation {
    int moePosition = 0; ///< position among the MoE layers
    at::Tensor residual; ///< [N, H] compute dtype: residual stream before the FFN's norm (h)
    at::Tensor logits;   ///< [N, E] float32, raw (no mask)
    at::Tensor scores;   ///< [N, E] float32, p over all experts before selection
    at::Tensor ids;      ///< [N, k] int64, chosen, largest first
    at::Tensor gates;    ///< [N, k] float32, weights that multiply the outputs
    at::Tensor routed;   ///< [N, H]: y, the routed output alone
};

class Observer {
public:
    virtual ~Observer() = default;
    /// Called for each expert that has rows, before observeLayer of the same batch, in ascending expert order.
    /// rows: [n] int64 indices into the batch's N rows; slots: [n] int64, which of the k choices; gates: [n] float32;
    /// output: [n, H] compute dtype, f before multiplication by the gate.
    virtual void observeExpert(int moePosition, int expert, const at::Tensor& rows, const at::Tensor& slots,
                               const at::Tensor& gates, const at::Tensor& output) = 0;
    virtual void observeLayer(const MoeObservation& observation) = 0;
};

} // namespace espalier::engine
