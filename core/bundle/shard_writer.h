// SPDX-License-Identifier: Apache-2.0
// Tensors as the files of a bundle: model.safetensors, or shards with their index. Whoever writes a checkpoint goes
// through here.
#pragma once

#include "core/base/progress.h"
#include "core/bundle/hashed_file.h"
#include "core/checkpoint/safetensors.h"

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace espalier::bundle {

/// The bytes of tensor `index`, valid until the next call; asked for in order, once each.
using TakeTensor = std::function<Result<std::span<const std::byte>>(std::size_t index)>;

/// A tensor is never split; one that is larger than `shardBytes` gets a shard of its own. `take` must give
/// tensors[index].bytes bytes. Cancelled between tensors. `syncs` as in HashedFile::finish().
[[nodiscard]] Result<std::vector<BundleFile>> writeShards(const std::vector<checkpoint::TensorInfo>& tensors,
                                                          std::map<std::string, std::string> metadata,
                                                          const TakeTensor& take, const std::filesystem::path& folder,
                                                          std::uint64_t shardBytes, const base::JobContext& job,
                                                          DiskSyncs* syncs);

} // namespace espalier::bundle
