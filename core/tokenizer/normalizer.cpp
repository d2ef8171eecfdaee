// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/normalizer.h"

#include "core/tokenizer/json_fields.h"
#include "core/tokenizer/pattern.h"

#include <algorithm>
#include <fmt/format.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/uniset.h>
#include <unicode/utf8.h>

namespace espalier::tokenizer {
namespace {

bool isAscii(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
}

// ICU's U8_ macros narrow int to uint8_t inside.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
/// Calls `f` with every code point and its bytes.
template <typename F>
void forEachCharacter(std::string_view text, F f)
{
    for (std::int32_t i = 0; i < static_cast<std::int32_t>(text.size());) {
        const auto begin = i;
        UChar32 c = 0;
        U8_NEXT(text.data(), i, static_cast<std::int32_t>(text.size()), c);
        f(c, text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(i - begin)));
    }
}

void append(std::string& out, UChar32 c)
{
    char bytes[U8_MAX_LENGTH];
    std::int32_t length = 0;
    U8_APPEND_UNSAFE(bytes, length, c);
    out.append(bytes, static_cast<std::size_t>(length));
}
#pragma GCC diagnostic pop

/// Marks by the reference's tables, which are those of Unicode 9: younger marks stay, three changed their category
/// since.
bool isMark(UChar32 c)
{
    if (c == 0x1CF2 || c == 0x1CF3)
        return true;
    UVersionInfo age;
    u_charAge(c, age);
    return (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0 && age[0] <= 9 && c != 0x111C9;
}

/// Small letter by the reference's tables, which are those of Unicode 17.
UChar32 lower(UChar32 c)
{
    constexpr struct {
        UChar32 first, last, shift;
    } younger[] = {{0x1C89, 0x1C89, 1},      {0xA7CB, 0xA7CB, 0x264 - 0xA7CB},
                   {0xA7CC, 0xA7CC, 1},      {0xA7CE, 0xA7CE, 1},
                   {0xA7D2, 0xA7D2, 1},      {0xA7D4, 0xA7D4, 1},
                   {0xA7DA, 0xA7DA, 1},      {0xA7DC, 0xA7DC, 0x19B - 0xA7DC},
                   {0x10D50, 0x10D65, 0x20}, {0x16EA0, 0x16EB8, 0x1B}};
    for (const auto& y : younger)
        if (c >= y.first && c <= y.last)
            return c + y.shift;
    return u_tolower(c);
}

/// Characters younger than Unicode 9 have no decomposition and no order in the reference's tables.
class Form : public NormalizerStep {
public:
    explicit Form(const icu::Normalizer2* form) : m_form(form)
    {
        UErrorCode status = U_ZERO_ERROR;
        m_known = std::make_unique<icu::UnicodeSet>(icu::UnicodeString::fromUTF8("[[:age=9.0:]]"), status);
        m_known->freeze();
        m_limited = std::make_unique<icu::FilteredNormalizer2>(*form, *m_known);
    }
    Result<std::string> apply(std::string text) const override
    {
        if (isAscii(text)) // every form leaves ASCII as it is
            return text;
        UErrorCode status = U_ZERO_ERROR;
        if (m_form->isNormalizedUTF8(text, status) != 0 && U_FAILURE(status) == 0)
            return text;
        std::string out;
        icu::StringByteSink<std::string> sink(&out);
        m_limited->normalizeUTF8(0, text, sink, nullptr, status);
        if (U_FAILURE(status) != 0)
            return badInput(fmt::format("the text cannot be normalised ({})", u_errorName(status)));
        return out;
    }

private:
    const icu::Normalizer2* m_form;
    std::unique_ptr<icu::UnicodeSet> m_known;
    std::unique_ptr<icu::FilteredNormalizer2> m_limited;
};

/// Character by character, so a final sigma is an ordinary one.
class Lowercase : public NormalizerStep {
    Result<std::string> apply(std::string text) const override
    {
        std::string out;
        forEachCharacter(text, [&](UChar32 c, std::string_view) {
            append(out, c == 0x130 ? 'i' : lower(c));
            if (c == 0x130)
                append(out, 0x307); // the only letter whose small form is two characters
        });
        return out;
    }
};

class StripAccents : public NormalizerStep {
    Result<std::string> apply(std::string text) const override
    {
        std::string out;
        forEachCharacter(text, [&](UChar32 c, std::string_view bytes) {
            if (!isMark(c))
                out += bytes;
        });
        return out;
    }
};

class Strip : public NormalizerStep {
public:
    Strip(bool left, bool right) : m_left(left), m_right(right) {}
    Result<std::string> apply(std::string text) const override
    {
        std::size_t begin = text.size(), end = 0, at = 0;
        forEachCharacter(text, [&](UChar32 c, std::string_view bytes) {
            if (u_isUWhiteSpace(c) == 0) {
                begin = std::min(begin, at);
                end = at + bytes.size();
            }
            at += bytes.size();
        });
        if (!m_left)
            begin = 0;
        if (!m_right)
            end = text.size();
        return begin < end ? text.substr(begin, end - begin) : std::string();
    }

private:
    bool m_left, m_right;
};

class Prepend : public NormalizerStep {
public:
    explicit Prepend(std::string text) : m_text(std::move(text)) {}
    Result<std::string> apply(std::string text) const override { return text.empty() ? text : m_text + text; }

private:
    std::string m_text;
};

class Replace : public NormalizerStep {
public:
    Replace(std::string from, std::string to) : m_from(std::move(from)), m_to(std::move(to)) {}
    Result<std::string> apply(std::string text) const override
    {
        std::string out;
        std::size_t from = 0;
        for (auto at = text.find(m_from); at != std::string::npos && !m_from.empty(); at = text.find(m_from, from)) {
            out.append(text, from, at - from);
            out += m_to;
            from = at + m_from.size();
        }
        return from == 0 ? text : out.append(text, from);
    }

private:
    std::string m_from, m_to;
};

class ReplacePattern : public NormalizerStep {
public:
    ReplacePattern(Pattern pattern, std::string to) : m_pattern(std::move(pattern)), m_to(std::move(to)) {}
    Result<std::string> apply(std::string text) const override
    {
        ESPALIER_TRY(const auto ranges, m_pattern.matches(text));
        std::string out;
        std::size_t from = 0;
        for (const auto& range : ranges) {
            out.append(text, from, range.begin - from);
            out += m_to;
            from = range.end;
        }
        return out.append(text, from);
    }

private:
    Pattern m_pattern;
    std::string m_to;
};

} // namespace

Result<void> Normalizer::addForm(std::string_view form, const std::string& file)
{
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* found = form == "NFC"    ? icu::Normalizer2::getNFCInstance(status)
                                    : form == "NFD"  ? icu::Normalizer2::getNFDInstance(status)
                                    : form == "NFKC" ? icu::Normalizer2::getNFKCInstance(status)
                                    : form == "NFKD" ? icu::Normalizer2::getNFKDInstance(status)
                                                     : nullptr;
    if (found == nullptr || U_FAILURE(status) != 0)
        return badInput(fmt::format("the normalizer '{}' is not supported", form), file, "normalizer",
                        "Supported are NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend, Replace and "
                        "Sequence");
    m_steps.push_back(std::make_unique<Form>(found));
    return {};
}

void Normalizer::addPrepend(std::string text)
{
    m_steps.push_back(std::make_unique<Prepend>(std::move(text)));
}

void Normalizer::addReplace(std::string from, std::string to)
{
    m_steps.push_back(std::make_unique<Replace>(std::move(from), std::move(to)));
}

Result<Normalizer> Normalizer::fromJson(const base::OrderedJson& json, const std::string& file)
{
    Normalizer out;
    if (!json.is_null())
        ESPALIER_CHECK(out.add(json, file));
    return out;
}

Result<void> Normalizer::add(const base::OrderedJson& json, const std::string& file)
{
    const JsonFields fields(json, file, "normalizer");
    ESPALIER_CHECK(fields.needObject());
    ESPALIER_TRY(const auto type, fields.text("type"));
    if (type == "Sequence") {
        ESPALIER_TRY(const auto* parts, fields.list("normalizers"));
        for (const auto& part : *parts)
            ESPALIER_CHECK(add(part, file));
        return {};
    }
    if (type == "Lowercase")
        m_steps.push_back(std::make_unique<Lowercase>());
    else if (type == "StripAccents")
        m_steps.push_back(std::make_unique<StripAccents>());
    else if (type == "Strip") {
        ESPALIER_TRY(const bool left, fields.flagOr("strip_left", true));
        ESPALIER_TRY(const bool right, fields.flagOr("strip_right", true));
        m_steps.push_back(std::make_unique<Strip>(left, right));
    } else if (type == "Prepend") {
        ESPALIER_TRY(auto text, fields.text("prepend"));
        addPrepend(std::move(text));
    } else if (type == "Replace") {
        ESPALIER_TRY(auto to, fields.text("content"));
        if (to.size() > 1024)
            return fields.error("the normalizer Replace puts in more than 1 KiB");
        const auto* pattern = fields.find("pattern");
        const JsonFields inner(pattern == nullptr ? json : *pattern, file, "normalizer pattern");
        if (inner.find("Regex") != nullptr) {
            ESPALIER_TRY(const auto expression, inner.text("Regex"));
            ESPALIER_TRY(auto compiled, Pattern::compile(expression, file, "normalizer"));
            m_steps.push_back(std::make_unique<ReplacePattern>(std::move(compiled), std::move(to)));
        } else {
            ESPALIER_TRY(auto from, inner.text("String"));
            addReplace(std::move(from), std::move(to));
        }
    } else {
        return addForm(type, file);
    }
    return {};
}

Result<std::string> Normalizer::apply(std::string_view text) const
{
    std::string current(text);
    for (const auto& step : m_steps) {
        ESPALIER_TRY(current, step->apply(std::move(current)));
    }
    return current;
}

} // namespace espalier::tokenizer
