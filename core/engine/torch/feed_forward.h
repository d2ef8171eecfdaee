// SPDX-License-Identifier: Apache-2.0
// SwiGLU feed-forward blocks (Shazeer 2020): dense, and the mixture of routed experts. Rows are sorted by expert, then
// every expert is one GEMM per projection over all rows that chose it, whichever text or variant they belong to.
#pragma once

#include "core/engine/torch/observer.h"
#include "core/engine/torch/router.h"
#include "core/engine/torch/weights.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace espalier::engine {

/// Gate and up side by side [n, 2I] through the model's activation: [n, I].
[[nodiscard]] at::Tensor activate(const model::ActivationSpec& spec, const at::Tensor& gateUp);

/// The same of an expert, for its rows x [n, H]; where it has a router of its own, neurons of the blocks that a row did
/// not choose are 0. [n, I].
[[nodiscard]] at::Tensor innerOf(const model::ActivationSpec& spec, const FfnWeights& weights, const at::Tensor& x,
                                 const at::Tensor& gateUp);

/// down(activation(gate(x), up(x))), [N, H].
[[nodiscard]] at::Tensor denseFfn(const model::ActivationSpec& spec, const FfnWeights& weights, const at::Tensor& x);

/// The rows' k choices in expert order.
struct Dispatch {
    std::vector<std::int64_t> begin; ///< [E + 1]: places of expert e are begin[e] … begin[e + 1] - 1
    std::vector<std::int64_t> row;   ///< [N k]: row at a place, ascending within an expert
    std::vector<std::int64_t> slot;  ///< [N k]: which of the row's choices
    std::vector<float> gate;         ///< [N k]: what the output at a place is multiplied by
    std::vector<std::int64_t> place; ///< [N k]: the k places of each row, ascending
};
[[nodiscard]] Dispatch dispatchRows(const Routing& routing, std::int64_t experts);

/// The outputs of the choices that fall on the pack, [its places, H] by place, before multiplication by the gates.
[[nodiscard]] at::Tensor runExperts(const model::ActivationSpec& spec, const ExpertPack& pack, const at::Tensor& x,
                                    const Dispatch& dispatch);

/// Experts of the pack that have rows; `outputs` as runExperts() gave them. The rows are views into `dispatch`.
[[nodiscard]] std::vector<ExpertRows> rowsOfExperts(const ExpertPack& pack, const Dispatch& dispatch,
                                                    const at::Tensor& outputs);

} // namespace espalier::engine
