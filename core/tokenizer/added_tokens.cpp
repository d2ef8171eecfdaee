// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/added_tokens.h"

#include "core/tokenizer/json_fields.h"

#include <algorithm>
#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace espalier::tokenizer {
namespace {

bool isWord(UChar32 c)
{
    if (c < 0)
        return false;
    const auto mask = U_GET_GC_MASK(c);
    return u_isUAlphabetic(c) != 0 || (mask & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) != 0 ||
           u_hasBinaryProperty(c, UCHAR_JOIN_CONTROL) != 0;
}

// ICU's U8_ macros narrow int to uint8_t inside.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
/// The code point at `at`, which moves behind it; −1 at the end.
UChar32 next(std::string_view text, std::size_t& at)
{
    if (at >= text.size())
        return -1;
    UChar32 c = 0;
    auto i = static_cast<std::int32_t>(at);
    U8_NEXT(text.data(), i, static_cast<std::int32_t>(text.size()), c);
    at = static_cast<std::size_t>(i);
    return c;
}

/// The code point before `at`, which moves to its beginning; −1 at the start.
UChar32 previous(std::string_view text, std::size_t& at)
{
    if (at == 0)
        return -1;
    UChar32 c = 0;
    auto i = static_cast<std::int32_t>(at);
    U8_PREV(text.data(), 0, i, c);
    at = static_cast<std::size_t>(i);
    return c;
}
#pragma GCC diagnostic pop

bool standsAlone(std::string_view text, std::size_t begin, std::size_t end)
{
    return !isWord(previous(text, begin)) && !isWord(next(text, end));
}

std::size_t spacesBefore(std::string_view text, std::size_t at)
{
    for (auto probe = at;;) {
        const auto c = previous(text, probe);
        if (c < 0 || u_isUWhiteSpace(c) == 0)
            return at;
        at = probe;
    }
}

std::size_t spacesAfter(std::string_view text, std::size_t at)
{
    for (auto probe = at;;) {
        const auto c = next(text, probe);
        if (c < 0 || u_isUWhiteSpace(c) == 0)
            return at;
        at = probe;
    }
}

} // namespace

Result<std::vector<AddedToken>> readAddedTokens(const base::OrderedJson& json, const std::string& file)
{
    std::vector<AddedToken> out;
    if (json.is_null())
        return out;
    if (!json.is_array())
        return badInput("a list was expected", file, "added_tokens");
    for (std::size_t i = 0; i < json.size(); ++i) {
        const JsonFields fields(json[i], file, fmt::format("added_tokens[{}]", i));
        ESPALIER_CHECK(fields.needObject());
        AddedToken token;
        ESPALIER_TRY(const auto id, fields.integer("id", 0, kLargestId));
        token.id = static_cast<TokenId>(id);
        ESPALIER_TRY(token.content, fields.text("content"));
        if (token.content.empty())
            return fields.error("the token has no content");
        ESPALIER_TRY(token.special, fields.flagOr("special", false));
        ESPALIER_TRY(token.singleWord, fields.flagOr("single_word", false));
        ESPALIER_TRY(token.lstrip, fields.flagOr("lstrip", false));
        ESPALIER_TRY(token.rstrip, fields.flagOr("rstrip", false));
        ESPALIER_TRY(token.normalized, fields.flagOr("normalized", !token.special));
        out.push_back(std::move(token));
    }
    return out;
}

AddedTokenFinder::AddedTokenFinder(std::vector<AddedToken> tokens) : m_tokens(std::move(tokens))
{
    for (std::size_t i = 0; i < m_tokens.size(); ++i)
        if (!m_tokens[i].content.empty()) // a normaliser may have left nothing
            m_byFirst[static_cast<unsigned char>(m_tokens[i].content.front())].push_back(i);
    for (auto& list : m_byFirst)
        std::stable_sort(list.begin(), list.end(), [this](std::size_t a, std::size_t b) {
            return m_tokens[a].content.size() > m_tokens[b].content.size();
        });
}

const AddedToken* AddedTokenFinder::tokenAt(std::string_view text, std::size_t at) const
{
    for (const auto i : m_byFirst[static_cast<unsigned char>(text[at])])
        if (text.compare(at, m_tokens[i].content.size(), m_tokens[i].content) == 0)
            return &m_tokens[i];
    return nullptr;
}

std::vector<AddedTokenFinder::Segment> AddedTokenFinder::segments(std::string_view text) const
{
    std::vector<Segment> out;
    std::size_t from = 0; // what is before it is spoken for
    for (std::size_t at = 0; at < text.size() && !m_tokens.empty();) {
        const auto* token = tokenAt(text, at);
        if (token == nullptr) {
            ++at;
            continue;
        }
        std::size_t begin = at, end = at + token->content.size();
        at = end; // where the search goes on, whatever becomes of this match
        if (token->singleWord && !standsAlone(text, begin, end))
            continue;
        if (token->lstrip)
            begin = std::max(spacesBefore(text, begin), from);
        if (token->rstrip)
            end = spacesAfter(text, end);
        if (from < begin)
            out.push_back({from, begin, -1});
        out.push_back({begin, end, token->id});
        from = end;
    }
    if (from < text.size())
        out.push_back({from, text.size(), -1});
    return out;
}

} // namespace espalier::tokenizer
