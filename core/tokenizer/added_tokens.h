// SPDX-License-Identifier: Apache-2.0
// Tokens that are found in the text as a whole, before anything is cut: leftmost, then longest.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/tokenizer/tokenizer.h"

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::tokenizer {

struct AddedToken {
    TokenId id = 0;
    std::string content;
    bool singleWord = false, lstrip = false, rstrip = false;
    bool normalized = false; ///< looked for in the normalised text, its content normalised, too
    bool special = false;
};

/// tokenizer.json's added_tokens; BadInput for odd entries.
[[nodiscard]] Result<std::vector<AddedToken>> readAddedTokens(const base::OrderedJson& json, const std::string& file);

/// Finds tokens of one list. Const use is thread-safe.
class AddedTokenFinder {
public:
    AddedTokenFinder() = default;
    explicit AddedTokenFinder(std::vector<AddedToken> tokens);

    struct Segment {
        std::size_t begin, end;
        TokenId token; ///< −1: text
    };
    /// The text as tokens and what lies between them, in order; no segment of text is empty.
    [[nodiscard]] std::vector<Segment> segments(std::string_view text) const;

private:
    [[nodiscard]] const AddedToken* tokenAt(std::string_view text, std::size_t at) const;
    std::vector<AddedToken> m_tokens;
    std::array<std::vector<std::size_t>, 256> m_byFirst; ///< by first byte, longest content first
};

} // namespace espalier::tokenizer
