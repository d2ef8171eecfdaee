// SPDX-License-Identifier: Apache-2.0
// The configuration of a checkpoint that the program generates itself (benchmarks): families' names stay in this room.
#pragma once

#include "core/base/json.h"

namespace espalier::model {

struct GeneratedSizes {
    int layers = 0, hidden = 0, heads = 0, kvHeads = 0, headDim = 0, experts = 0, topK = 0, width = 0, vocabulary = 0;
};
/// config.json of a Qwen3-MoE of these sizes, stored in bfloat16.
[[nodiscard]] base::OrderedJson generatedConfig(const GeneratedSizes& sizes);

} // namespace espalier::model
