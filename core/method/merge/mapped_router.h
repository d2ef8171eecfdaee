// SPDX-License-Identifier: Apache-2.0
// EEP's router mapping (Liu et al. 2024, arXiv 2407.00945, section 4.2) as rows of a linear router. The mapping acts on
// probabilities, g' = W_RM g, behind the softmax; a checkpoint of a stock architecture has logits alone. Where every
// row of W_RM is one expert, all with one factor, both say the same; elsewhere rows are fitted. Pure, any thread.
#pragma once

#include "core/method/merge/evidence.h"
#include "core/method/merge/merge_map.h"
#include "core/method/mixing.h"

namespace espalier::method {

/// What a router makes of its logits.
struct RouterRule {
    bool softmax = true; ///< scores of all experts sum to 1; else each is a sigmoid of its own
    std::int32_t topK = 1;
    std::vector<float> bias; ///< [E] added to scores for the selection alone; empty = none
};

/// True when the router with row j of its expert in W_RM, alone, computes what the mapping does.
[[nodiscard]] bool mapsExactly(const ExpertMixing& mixing, bool softmax);

/// A layer of sums by W_EM, with rows of the experts that W_RM names; row j stands in the place of `keep[j]`,
/// ascending. Exact where mapsExactly().
[[nodiscard]] LayerMerge layerOfSums(LayerIndex layer, const ExpertMixing& mixing,
                                     const std::vector<std::int32_t>& keep);

/// Replaces the rows of such a layer by combinations of all rows, and measures them: sum_i a_i z_i comes nearest to the
/// logit of the mapped score (log sum_i W_RM[j, i] exp z_i of a softmax), least squares over every second token of the
/// bank, each weighed by the mapped score, with a pull towards the row of the expert that W_RM mainly names. Judged on
/// the other tokens; where those rows alone move less gate they stay. Tokens on which nothing maps to j say nothing
/// about j.
void fitRows(LayerMerge& layer, const LayerEvidence& evidence, const ExpertMixing& mixing, const RouterRule& rule);

} // namespace espalier::method
