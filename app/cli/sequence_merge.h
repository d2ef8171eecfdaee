// SPDX-License-Identifier: Apache-2.0
// merge --method meo: one expert for a group of tokens, shown layer by layer; nothing is written.
#pragma once

#include "app/cli/command.h"
#include "core/engine/sequence_merge_job.h"

namespace espalier::cli {

[[nodiscard]] Result<void> showSequenceMerging(const model::OpenModel& model,
                                               const engine::SequenceMergeRequest& request, Output& output);

} // namespace espalier::cli
