// SPDX-License-Identifier: Apache-2.0
// The papers that travel with a bundle: patched config, recipe, model card, checksums.
#pragma once

#include "core/bundle/export.h"

#include <span>
#include <string>
#include <vector>

namespace espalier::bundle {

/// config.json with the expert-count keys set to what `plan` keeps, experts named in lists of the quantisation block
/// renumbered, with `dropMtp` the keys that count blocks for further tokens set to none, and nothing else changed;
/// order and unknown keys stay. Qwen3-MoE gets both of its keys, because older and newer transformers read different
/// ones. BadInput when a quantisation block has settings under a single expert's name.
[[nodiscard]] Result<base::OrderedJson> patchedConfig(const model::OpenModel& model, const plan::Plan& plan,
                                                      bool dropMtp);

/// skipping.json, schema espalier.skip/1: what a server has to do to skip experts as the plan says. Stock engines do
/// not read it.
[[nodiscard]] base::OrderedJson skipRule(const plan::Plan& plan);

/// recipe.json: schema espalier.recipe/1, source model, plan, data, versions, command; `carried` names tensors outside
/// the architecture that the source has and the bundle keeps.
[[nodiscard]] base::OrderedJson recipe(const model::OpenModel& model, const ExportRequest& request);

/// README.md: what was cut from what, how, the comparison with the base, how to load it.
[[nodiscard]] std::string modelCard(const model::OpenModel& model, const ExportRequest& request);

/// `sha256sum` format, sorted by name.
[[nodiscard]] std::string checksums(std::span<const BundleFile> files);

} // namespace espalier::bundle
