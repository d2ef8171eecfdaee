// SPDX-License-Identifier: Apache-2.0
// One layer of a dense model on its way to a carved one. Everything in float32, in chunks of rows: of activations only
// a sample of tokens is held, [D, featureTokens].
#pragma once

#include "core/engine/carve.h"
#include "core/engine/torch/carve_router.h"
#include "core/engine/torch/weights.h"

#include <ATen/core/Tensor.h>

namespace espalier::engine {

class LayerCarver {
public:
    /// `x` [q, H] float32: the layer's normed inputs.
    LayerCarver(const CarveSettings& settings, const FfnWeights& weights, at::Tensor x);

    [[nodiscard]] Result<CarvedLayer> carve(LayerIndex index, const base::JobContext& job);
    /// After carve(): [q, H] what the layer gives its successor.
    [[nodiscard]] const at::Tensor& outputs() const { return m_outputs; }

private:
    struct Statistics {
        at::Tensor energy;   ///< [D] double, mean contribution²
        at::Tensor strength; ///< [D] double, mean contribution⁴
        at::Tensor rate;     ///< [D] double, share of tokens that mark the neuron
        at::Tensor features; ///< [D, samples]
    };
    [[nodiscard]] Result<Statistics> measure(const base::JobContext& job) const;
    void permute(const method::NeuronSplit& split);
    [[nodiscard]] Result<void> fit(const Statistics& statistics, CarvedLayer& layer, const base::JobContext& job);
    [[nodiscard]] Result<void> run(const Statistics& statistics, CarvedLayer& layer, const base::JobContext& job);
    [[nodiscard]] at::Tensor nearest(const Statistics& statistics, const method::NeuronSplit& split) const;
    /// |output|² of each routed expert for activations [n, D]: [n, E].
    [[nodiscard]] at::Tensor energies(const at::Tensor& h) const;
    /// 1 for the neurons of the chosen experts and the shared ones: [n, D].
    [[nodiscard]] at::Tensor active(const at::Tensor& scores) const;

    CarveSettings m_settings;
    CarveWeights m_weights;
    at::Tensor m_x, m_outputs;
};

} // namespace espalier::engine
