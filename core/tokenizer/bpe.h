// SPDX-License-Identifier: Apache-2.0
// Byte-pair encoding over bytes: the pair of lowest rank is merged first, leftmost when equal.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/tokenizer/tokenizer.h"

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace espalier::tokenizer {

class Bpe {
public:
    /// `json` is tokenizer.json's model. BadInput for other models, for options that are not implemented, for ids out
    /// of range, used twice or unknown in a merge.
    [[nodiscard]] static Result<Bpe> fromJson(const base::OrderedJson& json, const std::string& file);
    /// Appends the ids of one piece (raw bytes).
    void encode(std::string_view piece, std::vector<TokenId>& ids) const;
    /// Vocabulary entry -> bytes; entries that are not in the byte alphabet keep their text.
    [[nodiscard]] const std::vector<std::string>& tokens() const { return m_tokens; }
    void reserveId(TokenId id);

private:
    struct Merge {
        std::int32_t rank;
        TokenId id;
    };
    std::vector<std::string> m_tokens; ///< bytes by id
    std::unordered_map<std::string, TokenId> m_ids;
    std::unordered_map<std::uint64_t, Merge> m_merges; ///< key: left id << 32 | right id
    std::array<TokenId, 256> m_byteIds{};
    bool m_ignoreMerges = false;
};

} // namespace espalier::tokenizer
