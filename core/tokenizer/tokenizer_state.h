// SPDX-License-Identifier: Apache-2.0
// Private to the room: the parts of a tokenizer, put together by its readers.
#pragma once

#include "core/tokenizer/added_tokens.h"
#include "core/tokenizer/bpe.h"
#include "core/tokenizer/decoder.h"
#include "core/tokenizer/normalizer.h"
#include "core/tokenizer/post_processor.h"
#include "core/tokenizer/pre_tokenizer.h"

namespace espalier::tokenizer {

struct TokenizerState {
    Bpe bpe;
    Normalizer normalizer;
    PreTokenizer preTokenizer;
    Decoder decoder;
    PostProcessor around;
    AddedTokenFinder raw, normalized;
    std::vector<std::string> bytes; ///< by id
    std::vector<bool> special;      ///< by id
    std::string fingerprint;

    /// Takes the added tokens in and makes the tables by id; the last step of a reader. BadInput when a token
    /// contradicts the vocabulary or a template names an id that does not exist.
    Result<void> finish(std::vector<AddedToken> added, const std::string& file);
    Result<void> encodeText(std::string_view text, bool atStart, std::vector<TokenId>& ids) const;
};

} // namespace espalier::tokenizer
