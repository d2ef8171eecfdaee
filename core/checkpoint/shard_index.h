// SPDX-License-Identifier: Apache-2.0
// Private to the room: model.safetensors.index.json. Its file names come from outside and are checked here.
#pragma once

#include "core/checkpoint/checkpoint.h"

#include <optional>

namespace espalier::checkpoint {

inline constexpr std::string_view kIndexFile = "model.safetensors.index.json";

struct ShardIndex {
    std::string path;                                             ///< for messages
    std::vector<std::string> files;                               ///< distinct, ascending
    std::vector<std::pair<std::string, std::uint32_t>> weightMap; ///< tensor -> position in files
    std::optional<std::uint64_t> totalSize;
    bool hasMetadata = false;
};

/// BadInput for anything but {"metadata": {...}, "weight_map": {tensor: file}} with plain *.safetensors file names.
[[nodiscard]] Result<ShardIndex> readShardIndex(const std::filesystem::path& path);

/// Names and places of weight_map against what the shards hold, both ways; softer findings go to `warnings`.
[[nodiscard]] Result<void> checkAgainstShards(const ShardIndex& index, const Checkpoint& checkpoint,
                                              std::vector<std::string>& warnings);

} // namespace espalier::checkpoint
