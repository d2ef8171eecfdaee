// SPDX-License-Identifier: Apache-2.0
// From Oniguruma's Ruby syntax to PCRE2's. Constructs whose meaning differs are translated or refused, never passed on.
#include "core/tokenizer/pattern.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace espalier::tokenizer {
namespace {

/// White_Space. PCRE2's \s also has U+180E.
constexpr std::string_view kSpaces = R"(\x{9}-\x{D}\x{20}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F})"
                                     R"(\x{205F}\x{3000})";
constexpr std::string_view kNoSpaces =
    R"(\x{0}-\x{8}\x{E}-\x{1F}\x{21}-\x{84}\x{86}-\x{9F}\x{A1}-\x{167F}\x{1681}-\x{1FFF}\x{200B}-\x{2027})"
    R"(\x{202A}-\x{202E}\x{2030}-\x{205E}\x{2060}-\x{2FFF}\x{3001}-\x{D7FF}\x{E000}-\x{10FFFF})";

class Translator {
public:
    Translator(std::string_view text, const std::string& file, const std::string& place)
        : m_text(text), m_file(file), m_place(place)
    {
    }

    Result<std::string> run()
    {
        std::string out;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '\\') {
                ESPALIER_TRY(const auto escape, escapeSequence(false));
                out += escape;
            } else if (c == '[') {
                ESPALIER_TRY(const auto set, characterClass());
                out += set;
            } else if (c == '(') {
                ESPALIER_TRY(const auto open, group());
                out += open;
            } else if (c == '{') {
                ESPALIER_TRY(const auto interval, repetition());
                out += interval;
            } else if (c == '^' || c == '$') { // of every line in Ruby
                out += fmt::format("(?m:{})", c);
                ++m_at;
            } else {
                out += c;
                ++m_at;
            }
        }
        return out;
    }

private:
    Error refuse(std::string_view what) const
    {
        return badInput(fmt::format("the pattern '{}' uses {}, which is not supported", m_text, what), m_file, m_place);
    }
    [[nodiscard]] bool at(std::string_view text) const { return m_text.substr(m_at, text.size()) == text; }

    Result<std::string> property(bool inClass)
    {
        const bool negated = m_text[m_at + 1] == 'P';
        const auto close = m_text.find('}', m_at);
        if (m_at + 2 >= m_text.size() || m_text[m_at + 2] != '{' || close == std::string_view::npos)
            return refuse("a property without braces");
        const auto name = m_text.substr(m_at + 3, close - m_at - 3);
        constexpr std::array<std::string_view, 15> known{"L",  "Lu", "Ll", "Lt", "Lm", "Lo", "M",  "N",
                                                         "Nd", "P",  "S",  "Z",  "Zs", "Zl", "Han"};
        if (std::find(known.begin(), known.end(), name) == known.end())
            return refuse(fmt::format("the property '{}'", name));
        m_at = close + 1;
        const auto& newer = newerCharacters(name);
        const std::string pcre = name == "Han" ? "sc:Han" : std::string(name);
        if (inClass) {
            if (negated && !newer.empty())
                return refuse(fmt::format("\\P{{{}}} inside a class", name));
            return fmt::format("\\{}{{{}}}{}", negated ? 'P' : 'p', pcre, newer);
        }
        return fmt::format("[{}\\p{{{}}}{}]", negated ? "^" : "", pcre, newer);
    }

    Result<std::string> escapeSequence(bool inClass)
    {
        if (m_at + 1 >= m_text.size())
            return refuse("a backslash at its end");
        const char c = m_text[m_at + 1];
        if (c == 'p' || c == 'P')
            return property(inClass);
        if (c == 'x' || c == 'u') {
            const bool braces = c == 'x';
            const auto begin = m_at + (braces ? 3 : 2);
            auto end = begin;
            while (end < m_text.size() && std::isxdigit(static_cast<unsigned char>(m_text[end])) != 0 &&
                   end - begin < (braces ? 6U : 4U))
                ++end;
            const bool whole =
                braces ? at("\\x{") && end > begin && end < m_text.size() && m_text[end] == '}' : end - begin == 4;
            if (!whole)
                return refuse(fmt::format("\\{} in another form than \\x{{…}} or \\u and four digits", c));
            m_at = end + (braces ? 1 : 0);
            return fmt::format("\\x{{{}}}", m_text.substr(begin, end - begin));
        }
        m_at += 2;
        const auto members = [&](std::string_view set) {
            return inClass ? std::string(set) : fmt::format("[{}]", set);
        };
        switch (c) {
        case 's':
            return members(kSpaces);
        case 'S':
            return members(kNoSpaces);
        case 'd':
            return members(fmt::format("\\p{{Nd}}{}", newerCharacters("Nd")));
        case 'D':
            if (inClass)
                return refuse("\\D inside a class");
            return fmt::format("[^\\p{{Nd}}{}]", newerCharacters("Nd"));
        case 'v':
            return std::string("\\x{B}"); // PCRE2's is any line end
        case 'n':
        case 'r':
        case 't':
        case 'f':
        case 'a':
        case 'e':
            return fmt::format("\\{}", c);
        case 'A':
        case 'z':
            if (inClass)
                break;
            return fmt::format("\\{}", c);
        default:
            if (static_cast<unsigned char>(c) >= 0x80 || std::ispunct(static_cast<unsigned char>(c)) != 0 || c == ' ')
                return fmt::format("\\{}", c);
        }
        m_at -= 2;
        return refuse(fmt::format("\\{}", c));
    }

    /// [ … ], also in the form [A&&[^B]], which is (?![B])[A].
    Result<std::string> characterClass()
    {
        std::string members;
        ++m_at;
        const bool negated = at("^");
        m_at += negated ? 1 : 0;
        bool first = true;
        for (;; first = false) {
            if (m_at >= m_text.size())
                return refuse("a class that does not end");
            const char c = m_text[m_at];
            if (c == ']') {
                if (first)
                    return refuse("an empty class");
                ++m_at;
                return fmt::format("[{}{}]", negated ? "^" : "", members);
            }
            if (at("&&")) {
                m_at += 2;
                if (!at("[^") || negated || first)
                    return refuse("an intersection of classes other than [A&&[^B]]");
                ++m_at; // '['; what follows reads as the class of what is taken away
                const auto inner = m_at + 1;
                m_at = inner;
                std::string without;
                while (m_at < m_text.size() && m_text[m_at] != ']') {
                    ESPALIER_TRY(const auto member, classMember());
                    without += member;
                }
                if (m_at == inner || !at("]]"))
                    return refuse("an intersection of classes other than [A&&[^B]]");
                m_at += 2;
                return fmt::format("(?:(?![{}])[{}])", without, members);
            }
            ESPALIER_TRY(const auto member, classMember());
            members += member;
        }
    }

    Result<std::string> classMember()
    {
        const char c = m_text[m_at];
        if (c == '\\')
            return escapeSequence(true);
        if (c == '[')
            return refuse("a class inside a class");
        if (at("&&"))
            return refuse("an intersection of classes other than [A&&[^B]]");
        ++m_at;
        return std::string(1, c);
    }

    Result<std::string> group()
    {
        if (!at("(?")) {
            ++m_at;
            return std::string("(?:"); // nothing refers to groups, so none is counted
        }
        for (const std::string_view open : {"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:", "(?i)", "(?-i:"})
            if (at(open)) {
                m_at += open.size();
                return std::string(open);
            }
        return refuse(fmt::format("the group '{}…'", m_text.substr(m_at, 4)));
    }

    /// {n}, {n,} and {n,m}; Ruby reads a '+' or '?' behind them, and {,m}, in its own way.
    Result<std::string> repetition()
    {
        const auto close = m_text.find('}', m_at);
        const auto inner =
            close == std::string_view::npos ? std::string_view() : m_text.substr(m_at + 1, close - m_at - 1);
        const bool numbers = !inner.empty() && std::isdigit(static_cast<unsigned char>(inner.front())) != 0 &&
                             inner.find_first_not_of("0123456789,") == std::string_view::npos &&
                             std::count(inner.begin(), inner.end(), ',') <= 1;
        if (!numbers)
            return refuse("an unescaped '{'");
        if (close + 1 < m_text.size() && (m_text[close + 1] == '+' || m_text[close + 1] == '?'))
            return refuse(fmt::format("'{{{}}}{}'", inner, m_text[close + 1]));
        m_at = close + 1;
        return fmt::format("{{{}}}", inner);
    }

    std::string_view m_text;
    const std::string& m_file;
    const std::string& m_place;
    std::size_t m_at = 0;
};

} // namespace

Result<std::string> translateOniguruma(std::string_view expression, const std::string& file, const std::string& place)
{
    return Translator(expression, file, place).run();
}

} // namespace espalier::tokenizer
