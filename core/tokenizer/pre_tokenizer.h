// SPDX-License-Identifier: Apache-2.0
// Cutting text into pieces before merging: the Split, Digits, ByteLevel and Metaspace pre-tokenizers of tokenizer.json,
// in sequence. With ByteLevel the pieces are written in GPT-2's byte alphabet.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/tokenizer/split.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::tokenizer {

class PreTokenizer {
public:
    /// `json` is tokenizer.json's pre_tokenizer (may be null). BadInput names a component that is not implemented.
    [[nodiscard]] static Result<PreTokenizer> fromJson(const base::OrderedJson& json, const std::string& file);
    /// A chain of Isolated splits by these patterns (Oniguruma's syntax), then bytes.
    [[nodiscard]] static Result<PreTokenizer> fromPatterns(const std::vector<std::string>& patterns,
                                                           const std::string& file);
    /// Pieces of `text`, none empty. `atStart`: the text begins where the user's text begins (Metaspace "first").
    [[nodiscard]] Result<std::vector<std::string>> pieces(std::string_view text, bool atStart) const;

private:
    enum class Prefix { Never, First, Always };
    struct Step {
        std::optional<Pattern> pattern; ///< none: no split
        SplitBehavior behavior = SplitBehavior::Isolated;
        bool invert = false;
        Prefix prefix = Prefix::Never; ///< put `prefixText` before a piece that does not begin with it
        std::string prefixText;
        std::string space;  ///< Metaspace: what a space becomes
        bool bytes = false; ///< ByteLevel: into the byte alphabet, after the split
    };
    struct Piece {
        std::string text;
        bool first; ///< begins where the user's text begins
    };
    Result<void> add(const base::OrderedJson& json, const std::string& file);
    Result<void> addSplit(const base::OrderedJson& json, const std::string& file);
    Result<void> addMetaspace(const base::OrderedJson& json, const std::string& file);
    Result<void> addByteLevel(bool prefixSpace, bool split, const std::string& file);
    static Result<void> run(const Step& step, Piece piece, std::vector<Piece>& out);
    std::vector<Step> m_steps;
};

} // namespace espalier::tokenizer
