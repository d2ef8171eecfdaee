// SPDX-License-Identifier: Apache-2.0
// The reverse of reading: a tokenizer that came from GGUF metadata as tokenizer.json, for models that leave that
// format.
#pragma once

#include "core/base/json.h"
#include "core/tokenizer/tokenizer_source.h"

namespace espalier::tokenizer {

/// BadInput for unknown pre-tokenizers and missing scores. Merges of SentencePiece vocabularies follow from the scores.
[[nodiscard]] Result<base::OrderedJson> toTokenizerJson(const TokenizerSource& source);

} // namespace espalier::tokenizer
