// SPDX-License-Identifier: Apache-2.0
// One regular expression of a tokenizer, written for Oniguruma and run by PCRE2 with the same meaning.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::tokenizer {

/// The expression in PCRE2's words. Character properties get the characters that newer Unicode versions added, \s and
/// \v their meaning in Oniguruma. BadInput naming the construct when the two engines differ and no translation is
/// known.
[[nodiscard]] Result<std::string> translateOniguruma(std::string_view expression, const std::string& file,
                                                     const std::string& place);

/// Compiled with Unicode properties and JIT, with limits on its work: patterns come from files and are not trusted.
/// Const use is thread-safe.
class Pattern {
public:
    /// `expression` in Oniguruma's (Ruby's) syntax.
    [[nodiscard]] static Result<Pattern> compile(std::string_view expression, const std::string& file,
                                                 const std::string& place);
    /// Matches `text` itself; BadInput when it is empty.
    [[nodiscard]] static Result<Pattern> literal(std::string_view text, const std::string& file,
                                                 const std::string& place);
    /// A pattern in PCRE2's own syntax, for constants of the program.
    [[nodiscard]] static Result<Pattern> compilePcre(const std::string& expression, std::string_view shown,
                                                     const std::string& file, const std::string& place);
    Pattern(Pattern&&) noexcept;
    Pattern& operator=(Pattern&&) noexcept;
    ~Pattern();

    struct Range {
        std::size_t begin, end;
    };
    /// Non-overlapping, non-empty matches from left to right; `text` is well-formed UTF-8.
    [[nodiscard]] Result<std::vector<Range>> matches(std::string_view text) const;

private:
    struct Code;
    explicit Pattern(std::unique_ptr<Code> code);
    std::unique_ptr<Code> m_code;
};

/// Code points that the Unicode version of the reference library puts into a category and PCRE2 10.42 (Unicode 14) does
/// not know yet, as class members: "\x{1C89}\x{1C8A}…". `category` is "L", "Lu", "Nd", "Han", "digits" ….
[[nodiscard]] const std::string& newerCharacters(std::string_view category);

} // namespace espalier::tokenizer
