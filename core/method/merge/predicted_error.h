// SPDX-License-Identifier: Apache-2.0
// What merging costs, before anything is merged. Pure, any thread.
#pragma once

#include "core/method/merge/evidence.h"
#include "core/method/merge/merge_map.h"

namespace espalier::method {

/// Sum over the bank's tokens of |y - y'|² divided by that of |y|², where y is the routed output and y' the same with
/// every expert's output replaced by its group's mean output, Σ weights · f. With d = g_i - weight_i · (gates of i's
/// group), |y - y'|² = dᵀ G d, G the Gram matrix of the token's outputs. Exact for that replacement; averaging weights
/// instead of outputs, and a router with fewer rows, are not in it. Negative without a bank.
[[nodiscard]] double predictedError(const LayerEvidence& evidence, const std::vector<ExpertGroup>& groups);

} // namespace espalier::method
