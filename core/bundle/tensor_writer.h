// SPDX-License-Identifier: Apache-2.0
// Writes tensors that are made one after the other as safetensors shards, hashing on the way. For results that are more
// than slices of a checkpoint; slices go through bundle_writer.h.
#pragma once

#include "core/base/progress.h"
#include "core/bundle/export.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace espalier::bundle {

struct MadeTensor {
    checkpoint::TensorInfo out; ///< name, dtype, shape, bytes
    /// Its bytes, made when they are written and forgotten then.
    std::function<Result<std::vector<std::byte>>()> make;
};

/// `make` must give out.bytes bytes. Cancelled between tensors.
[[nodiscard]] Result<std::vector<BundleFile>> writeMadeTensors(const std::vector<MadeTensor>& tensors,
                                                               const std::filesystem::path& folder,
                                                               std::uint64_t shardBytes, const base::JobContext& job);

/// float32, its shape and numbers; `values` is kept.
[[nodiscard]] MadeTensor madeOfFloats(std::string name, std::vector<std::int64_t> shape, std::vector<float> values);

} // namespace espalier::bundle
