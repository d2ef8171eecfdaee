// SPDX-License-Identifier: Apache-2.0
// A cut of a GGUF file: one GGUF file with the metadata of the source, in which the number of experts is changed, and
// the tensors in their stored types, experts' slabs copied byte for byte. A split source becomes one file.
#pragma once

#include "core/base/progress.h"
#include "core/bundle/hashed_file.h"
#include "core/bundle/tensor_slices.h"

#include <span>
#include <string>

namespace espalier::bundle {

/// Its name in the bundle.
inline constexpr const char* kGgufFile = "model.gguf";

/// Everything before the tensors' data: a pure function of source and plan, so that it can be compared. BadInput when
/// the metadata have no place for a changed number.
[[nodiscard]] Result<std::string> ggufHead(const model::OpenModel& model, const plan::Plan& plan,
                                           std::span<const TensorSlice> slices, bool dropMtp);

/// Writes kGgufFile into `folder`, hashing on the way. Each source byte is read once. Cancelled between tensors.
/// With `syncs` it may not be on the disk yet.
[[nodiscard]] Result<BundleFile> writeGguf(const model::OpenModel& model, const plan::Plan& plan,
                                           std::span<const TensorSlice> slices, bool dropMtp,
                                           const std::filesystem::path& folder, const base::JobContext& job,
                                           DiskSyncs* syncs = nullptr);

} // namespace espalier::bundle
