// SPDX-License-Identifier: Apache-2.0
// Families: config + tensor names -> ModelSpec. To add one: write core/model/family_<name>.cpp with a Family value and
// name it in family_list.cpp. Shapes are checked against the config while the spec is built.
#pragma once

#include "core/base/result.h"
#include "core/checkpoint/checkpoint.h"
#include "core/model/model_spec.h"

#include <string_view>
#include <vector>

namespace espalier::model {

struct Family {
    std::string_view modelType; ///< config.json's model_type
    std::string_view title;     ///< "Qwen3-MoE"
    Result<ModelSpec> (*build)(const checkpoint::Checkpoint&);
};

[[nodiscard]] const std::vector<Family>& families();

/// Builds and checks the spec: missing keys, wrong shapes, missing tensors, k > experts, conflicting aliases and
/// unknown families are BadInput with file, key or tensor, and what would work.
[[nodiscard]] Result<ModelSpec> describeModel(const checkpoint::Checkpoint& checkpoint);

} // namespace espalier::model
