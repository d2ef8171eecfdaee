// SPDX-License-Identifier: Apache-2.0
// Writes the tensors of a cut model as safetensors shards, hashing on the way.
#pragma once

#include "core/base/progress.h"
#include "core/bundle/export.h"
#include "core/bundle/hashed_file.h"
#include "core/bundle/merged_tensors.h"
#include "core/bundle/tensor_slices.h"

namespace espalier::bundle {

/// Writes model.safetensors, or model-0000n-of-0000m.safetensors and the index when more than one shard is needed.
/// Each source byte is read once. Cancelled between tensors. With `syncs` the files may not be on the disk yet.
/// With `merged` the tensors that it changes are its.
[[nodiscard]] Result<std::vector<BundleFile>> writeTensors(const model::OpenModel& model,
                                                           std::vector<TensorSlice> slices,
                                                           const std::filesystem::path& folder,
                                                           std::uint64_t shardBytes, const base::JobContext& job,
                                                           DiskSyncs* syncs = nullptr, MergedTensors* merged = nullptr);

/// Writes a text file and gives its entry for SHA256SUMS.
[[nodiscard]] Result<BundleFile> writeText(const std::filesystem::path& folder, const std::string& name,
                                           const std::string& text);

/// Copies a file byte for byte; `name` may lie in a subfolder, which is made.
[[nodiscard]] Result<BundleFile> copyFile(const std::filesystem::path& from, const std::filesystem::path& folder,
                                          const std::string& name);

} // namespace espalier::bundle
