// SPDX-License-Identifier: Apache-2.0
// Cutting text into pieces before BPE: the Split, Digits and ByteLevel pre-tokenizers of tokenizer.json, in sequence.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::tokenizer {

/// One regular expression, compiled by PCRE2 with Unicode properties and JIT, with limits on its work: patterns come
/// from files and are not trusted. Const use is thread-safe.
class Pattern {
public:
    [[nodiscard]] static Result<Pattern> compile(const std::string& expression, const std::string& file);
    Pattern(Pattern&&) noexcept;
    Pattern& operator=(Pattern&&) noexcept;
    ~Pattern();
    struct Range {
        std::size_t begin, end;
    };
    /// Non-overlapping, non-empty matches from left to right.
    [[nodiscard]] Result<std::vector<Range>> matches(std::string_view text) const;

private:
    struct Code;
    explicit Pattern(std::unique_ptr<Code> code);
    std::unique_ptr<Code> m_code;
};

enum class SplitBehavior { Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous };

struct SplitStep {
    Pattern pattern;
    SplitBehavior behavior = SplitBehavior::Isolated;
    bool invert = false;
    bool prefixSpace = false; ///< ByteLevel's add_prefix_space: applied to pieces before the split
    bool split = true;        ///< ByteLevel with use_regex false only prepares bytes
};

class PreTokenizer {
public:
    /// `json` is tokenizer.json's pre_tokenizer (may be null). BadInput names a component that is not implemented.
    [[nodiscard]] static Result<PreTokenizer> fromJson(const base::OrderedJson& json, const std::string& file);
    [[nodiscard]] Result<std::vector<std::string>> pieces(std::string_view text) const;
    [[nodiscard]] bool byteLevel() const { return m_byteLevel; }

private:
    Result<void> add(const base::OrderedJson& json, const std::string& file);
    std::vector<SplitStep> m_steps;
    bool m_byteLevel = false;
};

} // namespace espalier::tokenizer
