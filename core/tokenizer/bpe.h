// SPDX-License-Identifier: Apache-2.0
// Byte-pair encoding: characters of a piece become symbols, then the pair of lowest rank is merged first, leftmost when
// equal. Characters outside the vocabulary become byte tokens, the unknown token, or nothing, as the model says.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/tokenizer/tokenizer.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace espalier::tokenizer {

class Bpe {
public:
    struct Options {
        bool ignoreMerges = false; ///< a piece that is an entry is that entry
        bool byteFallback = false; ///< <0xNN> for the bytes of an unknown character
        bool fuseUnknown = false;  ///< one unknown token for a run of unknown characters
        std::optional<TokenId> unknown;
    };
    /// `json` is tokenizer.json's model. BadInput for other models, for options that are not implemented, for ids out
    /// of range, used twice or unknown in a merge.
    [[nodiscard]] static Result<Bpe> fromJson(const base::OrderedJson& json, const std::string& file);
    /// Entries by id (empty ones are holes) and merges "left right", best first. BadInput for an entry that stands
    /// twice or a merge of unknown entries.
    [[nodiscard]] static Result<Bpe> fromMerges(std::vector<std::string> entries,
                                                const std::vector<std::string>& merges, const Options& options,
                                                const std::string& file);
    /// SentencePiece's order: of all neighbours whose union is an entry, the one with the highest score.
    [[nodiscard]] static Result<Bpe> fromScores(std::vector<std::string> entries, const std::vector<float>& scores,
                                                const Options& options, const std::string& file);

    /// Appends the ids of one piece, which is written as the vocabulary writes it.
    [[nodiscard]] Result<void> encode(std::string_view piece, std::vector<TokenId>& ids) const;
    [[nodiscard]] const std::vector<std::string>& entries() const { return m_entries; }
    [[nodiscard]] std::optional<TokenId> find(std::string_view entry) const;
    /// Puts an added token's text at a free id.
    void addEntry(TokenId id, const std::string& text);

private:
    struct Merge {
        std::int32_t rank;
        TokenId id;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    Result<void> index(const std::string& file);
    Result<void> addMerge(const std::string& left, const std::string& right, std::int32_t rank,
                          const std::string& file);
    Result<void> addMergeText(const std::string& text, std::int32_t rank, const std::string& file);
    void addCharacter(std::string_view character, std::optional<TokenId>& unknown, std::vector<TokenId>& symbols) const;

    Options m_options;
    std::vector<std::string> m_entries; ///< text by id
    std::unordered_map<std::string, TokenId, Hash, std::equal_to<>> m_ids;
    std::unordered_map<std::uint64_t, Merge> m_merges; ///< key: left id << 32 | right id
    std::array<TokenId, 256> m_byteIds{};              ///< <0xNN>, −1 when there is none
};

} // namespace espalier::tokenizer
