// SPDX-License-Identifier: Apache-2.0
// Cutting a piece of text at the matches of a pattern, in the five ways of tokenizer.json.
#pragma once

#include "core/base/result.h"
#include "core/tokenizer/pattern.h"

#include <string>
#include <string_view>
#include <vector>

namespace espalier::tokenizer {

enum class SplitBehavior { Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous };

/// BadInput for an unknown name.
[[nodiscard]] Result<SplitBehavior> splitBehavior(const std::string& name, const std::string& file);

/// The parts of `text` as ranges; `delimiters` are the matches, with `invert` what lies between them.
[[nodiscard]] std::vector<Pattern::Range>
splitRanges(std::string_view text, const std::vector<Pattern::Range>& delimiters, SplitBehavior behavior, bool invert);

} // namespace espalier::tokenizer
