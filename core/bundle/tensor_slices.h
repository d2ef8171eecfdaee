// SPDX-License-Identifier: Apache-2.0
// Which bytes of a checkpoint make up the cut one: copies and slices only, nothing is computed or re-encoded.
#pragma once

#include "core/base/result.h"
#include "core/model/model_summary.h"
#include "core/plan/plan.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace espalier::bundle {

/// One tensor of the cut model. The bytes are runs of the source tensor, in order.
struct TensorSlice {
    checkpoint::TensorInfo out; ///< name, dtype, shape, bytes; shard and offset are set by the writer
    std::size_t source = 0;     ///< index into Checkpoint::tensors()
    struct Run {
        std::uint64_t begin = 0, bytes = 0; ///< inside the source tensor
    };
    std::vector<Run> runs;
};

/// Order of the source; kept experts renumbered 0 … E'-1 ascending by original id, slices along the dimension that runs
/// over experts. BadInput when the plan lacks an MoE layer or an expert's elements do not end on byte boundaries.
/// Blocks that predict further tokens (MTP) follow the last MoE layer; `dropMtp` leaves them out.
[[nodiscard]] Result<std::vector<TensorSlice>> sliceTensors(const model::OpenModel& model, const plan::Plan& plan,
                                                            bool dropMtp = false);

/// Copies the slice's bytes out of the source tensor's bytes.
void gather(const TensorSlice& slice, std::span<const std::byte> source, std::vector<std::byte>& into);

} // namespace espalier::bundle
