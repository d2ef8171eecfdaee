// SPDX-License-Identifier: Apache-2.0
// tokenizer.json (byte-level BPE): text to ids and back, identical to the `tokenizers` package. Any component that is
// not implemented is a BadInput error that names it. Const methods are safe from several threads.
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

class Tokenizer {
public:
    /// Reads `folder`/tokenizer.json.
    [[nodiscard]] static Result<Tokenizer> load(const std::filesystem::path& folder);
    Tokenizer(Tokenizer&&) noexcept;
    Tokenizer& operator=(Tokenizer&&) noexcept;
    ~Tokenizer();

    /// Ids of `text` (UTF-8, else BadInput). Added tokens inside the text are recognised. With `specialTokens` the
    /// tokenizer's own post-processor adds what it adds (BOS …), else nothing is added.
    [[nodiscard]] Result<std::vector<TokenId>> encode(std::string_view text, bool specialTokens = false) const;
    /// Bytes of the ids joined; with skipSpecial, special added tokens are left out. May end inside a UTF-8 character.
    [[nodiscard]] std::string decode(std::span<const TokenId> ids, bool skipSpecial = true) const;
    /// Bytes of one token, empty for an unknown id.
    [[nodiscard]] std::string_view tokenBytes(TokenId id) const;
    [[nodiscard]] std::size_t size() const;
    /// SHA-256 of tokenizer.json, 16 hex digits.
    [[nodiscard]] const std::string& fingerprint() const;

private:
    struct State;
    explicit Tokenizer(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace espalier::tokenizer
