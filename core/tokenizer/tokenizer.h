// SPDX-License-Identifier: Apache-2.0
// Text to ids and back by tokenizer.json (byte-pair encoding, byte-level or with byte fallback), identical to the
// `tokenizers` package, or by plain data, see tokenizer_source.h. Any component that is not implemented is a BadInput
// error that names it. Truncation and padding of the file are not applied: texts are never cut silently. Const methods
// are safe from several threads.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::tokenizer {

using TokenId = std::int32_t;

/// Where decoded ids stand: some tokenizers put a space before a text, which only its beginning gives back.
enum class DecodeAt { Start, Inside };

struct TokenizerState; // private to the room

class Tokenizer {
public:
    /// Reads `folder`/tokenizer.json.
    [[nodiscard]] static Result<Tokenizer> load(const std::filesystem::path& folder);
    /// The text of a tokenizer.json; `file` is for messages.
    [[nodiscard]] static Result<Tokenizer> parse(std::string_view text, const std::string& file);
    Tokenizer(Tokenizer&&) noexcept;
    Tokenizer& operator=(Tokenizer&&) noexcept;
    ~Tokenizer();

    /// Ids of `text` (UTF-8, else BadInput). Added tokens inside the text are recognised. With `specialTokens` the
    /// tokenizer's own post-processor adds what it adds (BOS …), else nothing is added.
    [[nodiscard]] Result<std::vector<TokenId>> encode(std::string_view text, bool specialTokens = false) const;
    /// Bytes of the ids joined; with skipSpecial, special added tokens are left out. May end inside a UTF-8 character.
    /// DecodeAt::Inside for what continues another text (an answer behind its prompt, a text being written).
    [[nodiscard]] std::string decode(std::span<const TokenId> ids, bool skipSpecial = true,
                                     DecodeAt at = DecodeAt::Start) const;
    /// Bytes of one token, empty for an unknown id.
    [[nodiscard]] std::string_view tokenBytes(TokenId id) const;
    [[nodiscard]] std::size_t size() const;
    /// SHA-256 of tokenizer.json, 16 hex digits.
    [[nodiscard]] const std::string& fingerprint() const;

    /// For the room's own readers.
    explicit Tokenizer(std::unique_ptr<TokenizerState> state);

private:
    std::unique_ptr<TokenizerState> m_state;
};

} // namespace espalier::tokenizer
