// SPDX-License-Identifier: Apache-2.0
// A tokenizer as plain data, as GGUF metadata carries it: vocabulary, merges or scores, and the name of the
// pre-tokenizer. GGUF keys: tokenizer.ggml.model, .tokens, .scores, .token_type, .merges, .pre, .bos_token_id … Plain
// values.
#pragma once

#include "core/tokenizer/tokenizer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::tokenizer {

/// How text becomes symbols before merging.
enum class SourceKind {
    ByteLevel,     ///< GGUF "gpt2": entries in GPT-2's byte alphabet, ranked merges, a pre-tokenizer
    SentencePiece, ///< GGUF "llama": entries with U+2581 for a space, <0xNN> for bytes, merged by score
};

/// GGUF's tokenizer.ggml.token_type.
enum class SourceTokenType : std::int32_t {
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6
};

struct TokenizerSource {
    std::string file; ///< for messages
    SourceKind kind = SourceKind::ByteLevel;
    std::vector<std::string> tokens;    ///< by id
    std::vector<SourceTokenType> types; ///< parallel to tokens; empty = all normal
    std::vector<std::string> merges;    ///< ByteLevel: "left right", best first
    std::vector<float> scores;          ///< SentencePiece: parallel to tokens
    std::string preTokenizer;           ///< ByteLevel: tokenizer.ggml.pre, see preTokenizerIds()
    std::optional<TokenId> bos, eos, unknown;
    bool addBos = false, addEos = false; ///< what encode(…, specialTokens = true) puts around a text
    bool addSpacePrefix = true;          ///< SentencePiece: a space before each piece of text
    std::string fingerprint;             ///< of the data, for Tokenizer::fingerprint(); empty: computed here
};

/// BadInput naming the file and what is wrong: unknown pre-tokenizer id, wrong counts, ids out of range, merges or
/// scores missing.
[[nodiscard]] Result<Tokenizer> makeTokenizer(const TokenizerSource& source);

/// Every tokenizer.ggml.pre that is understood.
[[nodiscard]] const std::vector<std::string_view>& preTokenizerIds();

} // namespace espalier::tokenizer
