// SPDX-License-Identifier: Apache-2.0
// Which tokens of a text are looked at more closely: a rule of the text alone, so that parts of a run add up to the run
// and memory changes nothing. Private to the room; any thread.
#pragma once

#include "core/engine/engine.h"

#include <cstdint>
#include <span>

namespace espalier::engine {

/// FNV-1a over the ids' bytes.
[[nodiscard]] std::uint32_t textKey(std::span<const TokenId> ids);

/// One token of a text in `step`: places p with (p + key) mod step = step / 2, key a hash of the text, so that short
/// texts have their share.
[[nodiscard]] bool isSampled(std::int64_t place, std::uint32_t key, std::int64_t step);
/// Of a text's tokens.
[[nodiscard]] std::int64_t countSampled(std::span<const TokenId> ids, std::int64_t step);

/// Step of S9 to S12: 1.5 for each expert, which is a little work beside the chosen experts', and a third of what rows
/// hold that wait for the next pack of experts.
[[nodiscard]] std::int64_t bankStep(int experts);

} // namespace espalier::engine
