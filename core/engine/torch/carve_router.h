// SPDX-License-Identifier: Apache-2.0
// Routers of carved layers: sums over calibration tokens from which each kind is fitted in closed form, and what a
// router says about a token.
#pragma once

#include "core/engine/carve.h"

#include <ATen/core/Tensor.h>

namespace espalier::engine {

/// A layer in its new order, float32. D = shared width + E m neurons.
struct CarveWeights {
    at::Tensor gateUp; ///< [2D, H]
    at::Tensor down;   ///< [H, D]
    at::Tensor norms;  ///< [D]: |column of down|
    std::int64_t sharedWidth = 0, experts = 0, expertWidth = 0;

    [[nodiscard]] std::int64_t width() const { return down.size(1); }
    [[nodiscard]] at::Tensor gate() const { return gateUp.narrow(0, 0, width()); }
    [[nodiscard]] at::Tensor up() const { return gateUp.narrow(0, width(), width()); }
    /// Rows or columns of routed expert e along `dim`.
    [[nodiscard]] at::Tensor part(const at::Tensor& tensor, std::int64_t dim, std::int64_t expert) const
    {
        return tensor.narrow(dim, sharedWidth + expert * expertWidth, expertWidth);
    }
};

/// Sums for one router. Kinds look at what they need alone.
class RouterFit {
public:
    /// `strength` [D]: how much each neuron varies, for RouterKind::Energy. `nearest` [E]: for RouterKind::Paper, the
    /// neuron of each expert (new numbers).
    RouterFit(const CarveSettings& settings, const CarveWeights& weights, const at::Tensor& strength,
              at::Tensor nearest);
    /// x [n, H], activations h [n, D], energies [n, E] of tokens; RouterKind::LowRank needs x alone.
    void add(const at::Tensor& x, const at::Tensor& h, const at::Tensor& energies);
    [[nodiscard]] Result<CarvedRouter> finish();

private:
    void chooseByCorrelation(CarvedRouter& router) const;
    void chooseStrongest(CarvedRouter& router) const;
    void lowRank(CarvedRouter& router) const;
    /// Gate and up rows of neurons [E, R] (new numbers).
    void takeRows(CarvedRouter& router, const at::Tensor& neurons) const;

    CarveSettings m_settings;
    CarveWeights m_weights;
    std::int64_t m_rows = 0;
    at::Tensor m_neurons;       ///< [E, R]
    at::Tensor m_gram, m_cross; ///< double: [H + 1, H + 1] and [H + 1, E], or per expert [E, R + 1, R + 1], [E, R + 1]
    at::Tensor m_sum, m_square, m_product, m_root; ///< double, by neuron [E, m]; m_root [E, 2]
};

/// What the router says: [n, E] float32, larger = sooner chosen.
[[nodiscard]] at::Tensor routerScores(const CarvedRouter& router, const at::Tensor& x, std::int64_t experts);

} // namespace espalier::engine
