// SPDX-License-Identifier: Apache-2.0
// Quantised models list modules by name in config.json (ignore, modules_to_not_convert, targets …). After a cut the
// names of experts mean others.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/plan/plan.h"

#include <cstdint>
#include <optional>
#include <string>

namespace espalier::bundle {

/// Names of experts in lists anywhere in `block` get the experts' new numbers; names of experts that are gone leave.
/// Patterns and other names stay. BadInput (`file`, `place`) where an expert's name is a key with settings under it.
[[nodiscard]] Result<void> renumberExpertNames(base::OrderedJson& block, const plan::Plan& plan,
                                               const std::string& file, const std::string& place);

/// The first name anywhere in `block` of an expert that a model with so many experts per layer does not have.
[[nodiscard]] std::optional<std::string> expertNameBeyond(const base::OrderedJson& block, std::int32_t experts);

} // namespace espalier::bundle
