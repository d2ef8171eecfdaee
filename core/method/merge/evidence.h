// SPDX-License-Identifier: Apache-2.0
// What is measured of one MoE layer to decide which of its experts to merge. E experts, H hidden, n tokens of the bank:
// a sample, evenly spread over the texts, that goes through all experts. Matrices are row-major. What was not asked for
// is empty. Plain values.
#pragma once

#include "core/base/strong_index.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace espalier::method {

struct LayerEvidence {
    LayerIndex layer;
    std::int32_t experts = 0, hidden = 0;
    double tokens = 0;
    // Of the layer's own routing, over all tokens
    std::vector<double> chosen;    ///< [E] tokens that chose the expert
    std::vector<double> gates;     ///< [E] sum of what multiplied its outputs
    std::vector<double> saliency;  ///< [E] mean of p |f| over its tokens, p before renormalisation; 0 without tokens
    std::vector<double> squares;   ///< [E] mean of |f|² over its tokens
    std::vector<float> routedMean; ///< [E, H] mean of f over its tokens
    std::vector<double> logitSum;  ///< [E] sum of logits
    std::vector<double> logitGram; ///< [E, E] sum of products of logits
    // Of all experts on all tokens
    std::vector<float> mean;      ///< [E, H] mean of f
    std::vector<float> gatedMean; ///< [E, H] mean of p f
    // Of all experts on the bank
    std::int64_t bank = 0;           ///< n
    std::vector<float> bankGates;    ///< [n, E] what multiplies each output, 0 for experts that were not chosen
    std::vector<float> bankLogits;   ///< [n, E]
    std::vector<float> outputGram;   ///< [n, E, E] products f_i · f_j of one token's outputs
    std::vector<float> meanProducts; ///< [n, E, E] products f_i · (routedMean of j)
    std::vector<double> cka;         ///< [E, E] linear CKA of the outputs (Kornblith et al. 2019, eq. 3)
    std::vector<float> activations;  ///< [E, I, n] what enters the down projection
    // Of the weights
    std::vector<double> weightCosine; ///< [E, E] see weightSurrogates()

    [[nodiscard]] std::size_t count() const { return static_cast<std::size_t>(experts); }
};

} // namespace espalier::method
