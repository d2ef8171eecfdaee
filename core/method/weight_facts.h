// SPDX-License-Identifier: Apache-2.0
// Measures what the scores without texts need, from the weights of a checkpoint: every expert's matrices are read once,
// one at a time, in any stored format; nothing is kept but a few numbers per expert. Any thread.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/model/model_summary.h"
#include "core/stats/weight_stats.h"

#include <cstddef>
#include <span>

namespace espalier::method {

/// Cancelled when the job was asked to stop (nothing is returned then). `threads` 0 = every core of this process; each
/// holds one expert matrix in float32.
[[nodiscard]] Result<stats::WeightStats> measureWeights(const model::OpenModel& model, const base::JobContext& job,
                                                        int threads = 0);

/// Norms and distances of a router's rows [experts, hidden], in double.
void measureRouter(std::span<const float> rows, std::size_t experts, stats::LayerWeights& into);

} // namespace espalier::method
