// SPDX-License-Identifier: Apache-2.0
// One router row for a group of experts. Pure, any thread.
#pragma once

#include "core/method/merge/evidence.h"
#include "core/method/merge/merge_map.h"

namespace espalier::method {

/// Shares a of the members' rows with which one expert is chosen as the group was: sum a_i z_i comes nearest to
/// log sum exp z_i, the logit whose softmax score is the sum of the members' scores. Least squares over the bank's
/// tokens, each weighed by that score, with a pull towards equal shares that matters where rows are alike. They need
/// not sum to 1. Equal shares without a bank.
[[nodiscard]] std::vector<double> fittedRows(const LayerEvidence& evidence, const std::vector<std::int32_t>& members);

} // namespace espalier::method
