// SPDX-License-Identifier: Apache-2.0
// All experts' outputs for a sample of tokens, kept as their inner products: what a layer's output changes by under any
// choice of experts is then a quadratic form of its gate weights, |z - z_C|^2 = a' G a with a the difference of the
// weights, and no choice has to be run.
#pragma once

#include "core/engine/engine.h"
#include "core/engine/torch/weights.h"
#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

#include <span>
#include <vector>

namespace espalier::engine {

class LayerBank {
public:
    /// `x` [T, H]: normed rows that the choices are made for. `aim` [T, H]: normed rows of the whole model whose output
    /// is aimed at; undefined: those of `x` themselves. Both must outlive nothing: they are kept. `weights` must
    /// outlive the bank.
    LayerBank(const model::ModelSpec& spec, const LayerWeights& weights, at::Tensor x, at::Tensor aim);
    /// In ascending order, all of the layer's.
    void add(const ExpertPack& pack);
    void finish();

    /// See LayerReconstruction.
    [[nodiscard]] std::vector<double> losses(std::span<const ExpertChoice> choices) const;
    /// The same token by token: [choice · T + token].
    [[nodiscard]] std::vector<double> tokenLosses(std::span<const ExpertChoice> choices) const;
    [[nodiscard]] double energy() const;
    /// [T, E, H] float32 of all experts; before finish().
    [[nodiscard]] at::Tensor outputs() const { return m_outputs.narrow(1, 0, m_spec.experts); }
    /// [T, E, E] float64; after finish().
    [[nodiscard]] at::Tensor gram() const;
    /// [T, E] float32: the whole model's gate weights, 0 for experts that it did not choose.
    [[nodiscard]] at::Tensor gates() const;

private:
    const model::ModelSpec& m_spec;
    const LayerWeights& m_weights;
    at::Tensor m_x, m_aim;
    at::Tensor m_logits;             ///< [T, E] of m_x
    at::Tensor m_aimIds, m_aimGates; ///< [T, k] the whole model's choice
    at::Tensor m_outputs;            ///< [T, E + 1, H] float32, the aim last; forgotten by finish()
    at::Tensor m_gram;               ///< [T, E + 1, E + 1] float32, of outputs over their token's scale
    at::Tensor m_squaredScale;       ///< [T] float64; 1 unless squares of the outputs would overflow
};

} // namespace espalier::engine
