// SPDX-License-Identifier: Apache-2.0
// Private to the room: the identity of a checkpoint, cheap enough for a terabyte.
#pragma once

#include "core/checkpoint/checkpoint.h"

namespace espalier::checkpoint {

/// `dataBegins`: per shard, where its data begin. Reads at most 128 KiB per shard.
[[nodiscard]] Result<std::string> computeFingerprint(const Checkpoint& checkpoint, std::string_view configText,
                                                     std::span<const std::uint64_t> dataBegins);

} // namespace espalier::checkpoint
