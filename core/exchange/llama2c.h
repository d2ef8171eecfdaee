// SPDX-License-Identifier: Apache-2.0
// Checkpoints of llama2.c (Karpathy's, "legacy" version 0): seven int32 and float32 weights one behind the other, with
// a tokenizer file of scores. Written as a Llama folder. Files are untrusted: sizes are checked against the header
// first.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>

namespace espalier::exchange {

struct Llama2cReport {
    std::int64_t hidden = 0, layers = 0, width = 0, vocabulary = 0;
    std::uint64_t bytes = 0; ///< of tensors
};

/// Rotary pairs (0, 1), (2, 3) … of q and k become (0, d / 2) …, as config.json means. `target` must not exist or be
/// empty. BadInput naming file and place for sizes that make no sense or do not add up to the file's length.
[[nodiscard]] Result<Llama2cReport> convertLlama2c(const std::filesystem::path& model,
                                                   const std::filesystem::path& tokenizerFile,
                                                   const std::filesystem::path& target, const base::JobContext& job);

} // namespace espalier::exchange
