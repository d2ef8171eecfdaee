// SPDX-License-Identifier: Apache-2.0
// One layer of a dense model on its way to a carved one. Everything in float32, in chunks of rows: of activations a
// sample of tokens is held, [D, featureTokens], and as many chunks as there is room for.
#pragma once

#include "core/engine/carve.h"
#include "core/engine/torch/carve_router.h"
#include "core/engine/torch/weights.h"

#include <ATen/core/Tensor.h>

#include <vector>

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
        at::Tensor strength; ///< [D] double, mean contribution⁴; of RouterKind::Energy alone
        at::Tensor rate;     ///< [D] double, share of tokens that mark the neuron; of Clustering::Markers alone
        at::Tensor features; ///< [D, samples]
    };
    [[nodiscard]] Result<Statistics> measure(const base::JobContext& job);
    /// [n, D] of a chunk of rows x that begins at `begin`, in the weights' order.
    [[nodiscard]] at::Tensor activations(std::int64_t begin, const at::Tensor& x) const;
    void permute(const method::NeuronSplit& split);
    [[nodiscard]] Result<void> fit(const Statistics& statistics, CarvedLayer& layer, const base::JobContext& job);
    [[nodiscard]] Result<void> run(const Statistics& statistics, CarvedLayer& layer, const base::JobContext& job);
    [[nodiscard]] at::Tensor nearest(const Statistics& statistics, const method::NeuronSplit& split) const;
    /// What each routed expert gives for activations [n, D]: calls use(e, [n, H]).
    template <typename Use>
    void eachOutput(const at::Tensor& h, const Use& use) const;
    /// Their |output|²: [n, E].
    [[nodiscard]] at::Tensor energies(const at::Tensor& h) const;
    /// 1 for the chosen experts: [n, E].
    [[nodiscard]] at::Tensor choose(const at::Tensor& scores) const;
    /// 1 for their neurons and the shared ones: [n, D].
    [[nodiscard]] at::Tensor neuronsOf(const at::Tensor& chosen) const;

    CarveSettings m_settings;
    CarveWeights m_weights;
    at::Tensor m_x, m_outputs;
    std::vector<at::Tensor> m_held; ///< activations of the first chunks
};

} // namespace espalier::engine
