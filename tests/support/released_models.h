// SPDX-License-Identifier: Apache-2.0
// The tensor lists of large released models, made from their configurations by their own naming rules: names, shapes
// and dtypes as in the published files, without the weights. Written as sparse files they take no room on a disk.
// Throws std::runtime_error on failure, which ends a test.
#pragma once

#include "core/base/json.h"
#include "core/checkpoint/safetensors.h"

#include <filesystem>
#include <string>
#include <vector>

namespace espalier::test {

struct ReleasedModel {
    std::string name;
    base::OrderedJson config;
    std::vector<checkpoint::TensorInfo> tensors; ///< with bytes, in the order of the files
};

using ConfigChanges = base::OrderedJson;

/// FP8 with scales per 128 × 128 block, a block for one further token. `changes` replaces keys of the configuration,
/// here and below: small sizes make a small model of the same structure.
[[nodiscard]] ReleasedModel deepseekV3(const ConfigChanges& changes = {});
/// The same without that block, 384 experts in one group.
[[nodiscard]] ReleasedModel kimiK2(const ConfigChanges& changes = {});
[[nodiscard]] ReleasedModel qwen3Moe235b(const ConfigChanges& changes = {});
/// MXFP4 experts, every second layer with a window.
[[nodiscard]] ReleasedModel gptOss120b(const ConfigChanges& changes = {});
/// Three of four layers by the gated delta rule.
[[nodiscard]] ReleasedModel qwen3Next80b(const ConfigChanges& changes = {});

/// config.json, `shards` sparse files and their index below `folder`, which is created.
void writeSparse(const std::filesystem::path& folder, const ReleasedModel& model, std::size_t shards);

} // namespace espalier::test
