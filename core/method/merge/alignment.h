// SPDX-License-Identifier: Apache-2.0
// Neurons of one expert put in the order of another's. The hidden neurons of a SwiGLU block have no order of their own,
// so experts are averaged neuron by neuron only after matching. Pure functions, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace espalier::method {

/// The assignment of rows to columns of an n × n cost matrix with the least sum: result[row] = column. Shortest
/// augmenting paths (Kuhn 1955; Jonker and Volgenant 1987), O(n³). Costs must be finite.
[[nodiscard]] std::vector<std::int32_t> leastAssignment(std::span<const double> costs, std::size_t n);

/// Features of an expert's neurons, row-major [neurons, width]; rows are normalised when they are compared.
struct NeuronFeatures {
    std::size_t neurons = 0;
    std::vector<float> activations; ///< [neurons, tokens], may be empty
    std::vector<float> weights;     ///< [neurons, sketch], see sketchNeurons()
};

/// Features of weights: gate row, up row and down column of every neuron, summed with random signs into `width`
/// buckets (count sketch, Charikar et al. 2002), which keeps distances on average. gate and up [I, H], down [H, I].
[[nodiscard]] std::vector<float> sketchNeurons(std::span<const float> gate, std::span<const float> up,
                                               std::span<const float> down, std::size_t neurons, std::size_t width);

/// Which neuron of `other` meets neuron 0, 1 … of `reference`: least sum of |â_i - b̂_j| over activations, where both
/// have them, plus the same over weights (REAM, arXiv 2604.04356).
[[nodiscard]] std::vector<std::int32_t> alignNeurons(const NeuronFeatures& reference, const NeuronFeatures& other);

} // namespace espalier::method
