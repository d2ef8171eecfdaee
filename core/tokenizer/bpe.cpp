// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/bpe.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <queue>

namespace espalier::tokenizer {
namespace {

std::uint64_t pairKey(TokenId left, TokenId right)
{
    return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32U) | static_cast<std::uint32_t>(right);
}

/// Bytes of the UTF-8 character that begins with `lead`.
std::size_t characterLength(char lead)
{
    const auto byte = static_cast<unsigned char>(lead);
    return byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
}

} // namespace

std::optional<TokenId> Bpe::find(std::string_view entry) const
{
    const auto found = m_ids.find(entry);
    return found == m_ids.end() ? std::nullopt : std::optional<TokenId>(found->second);
}

void Bpe::addEntry(TokenId id, const std::string& text)
{
    if (static_cast<std::size_t>(id) >= m_entries.size())
        m_entries.resize(static_cast<std::size_t>(id) + 1);
    if (m_entries[static_cast<std::size_t>(id)].empty())
        m_entries[static_cast<std::size_t>(id)] = text;
}

Result<void> Bpe::index(const std::string& file)
{
    m_ids.reserve(m_entries.size());
    for (std::size_t id = 0; id < m_entries.size(); ++id)
        if (!m_entries[id].empty() && !m_ids.emplace(m_entries[id], static_cast<TokenId>(id)).second)
            return badInput(fmt::format("the entry '{}' stands twice in the vocabulary", m_entries[id]), file,
                            "vocabulary");
    for (std::size_t b = 0; b < m_byteIds.size(); ++b)
        m_byteIds[b] = find(fmt::format("<0x{:02X}>", b)).value_or(-1);
    return {};
}

Result<void> Bpe::addMerge(const std::string& left, const std::string& right, std::int32_t rank,
                           const std::string& file)
{
    const auto l = find(left), r = find(right), both = find(left + right);
    if (!l || !r || !both)
        return badInput(
            fmt::format("the merge of '{}' and '{}' names an entry that is not in the vocabulary", left, right), file,
            fmt::format("merges[{}]", rank));
    m_merges.insert_or_assign(pairKey(*l, *r), Merge{rank, *both}); // the last of two equal merges counts
    return {};
}

Result<void> Bpe::addMergeText(const std::string& text, std::int32_t rank, const std::string& file)
{
    const auto space = text.find(' ');
    if (space == std::string::npos || text.find(' ', space + 1) != std::string::npos)
        return badInput("a merge must be two entries", file, fmt::format("merges[{}]", rank));
    return addMerge(text.substr(0, space), text.substr(space + 1), rank, file);
}

Result<Bpe> Bpe::fromMerges(std::vector<std::string> entries, const std::vector<std::string>& merges,
                            const Options& options, const std::string& file)
{
    Bpe out;
    out.m_options = options;
    out.m_entries = std::move(entries);
    ESPALIER_CHECK(out.index(file));
    std::int32_t rank = 0;
    for (const auto& merge : merges)
        ESPALIER_CHECK(out.addMergeText(merge, rank++, file));
    return out;
}

Result<Bpe> Bpe::fromScores(std::vector<std::string> entries, const std::vector<float>& scores, const Options& options,
                            const std::string& file)
{
    Bpe out;
    out.m_options = options;
    out.m_entries = std::move(entries);
    ESPALIER_CHECK(out.index(file));
    // Equal scores share a rank, so that the leftmost pair wins among them.
    std::vector<float> best;
    for (const float s : scores)
        best.push_back(s == s ? s : std::numeric_limits<float>::lowest()); // NaN is no order
    auto sorted = best;
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    for (std::size_t id = 0; id < out.m_entries.size(); ++id) {
        const std::string_view entry = out.m_entries[id];
        if (entry.size() > 1024)
            return badInput(fmt::format("entry {} is longer than 1 KiB", id), file, "vocabulary");
        const auto rank = static_cast<std::int32_t>(
            std::lower_bound(sorted.begin(), sorted.end(), best[id], std::greater<>()) - sorted.begin());
        for (std::size_t cut = 1; cut < entry.size(); ++cut) {
            if ((static_cast<unsigned char>(entry[cut]) & 0xC0U) == 0x80U)
                continue; // inside a character
            const auto l = out.find(entry.substr(0, cut)), r = out.find(entry.substr(cut));
            if (l && r)
                out.m_merges.insert_or_assign(pairKey(*l, *r), Merge{rank, static_cast<TokenId>(id)});
        }
    }
    return out;
}

/// A pending unknown character is put down when the next known one comes, as the reference does.
void Bpe::addCharacter(std::string_view character, std::optional<TokenId>& unknown, std::vector<TokenId>& symbols) const
{
    if (const auto id = find(character)) {
        if (unknown)
            symbols.push_back(*unknown);
        unknown.reset();
        symbols.push_back(*id);
        return;
    }
    const auto byteId = [&](char c) { return m_byteIds[static_cast<unsigned char>(c)]; };
    if (m_options.byteFallback &&
        std::all_of(character.begin(), character.end(), [&](char c) { return byteId(c) >= 0; })) {
        for (const char c : character)
            symbols.push_back(byteId(c));
        return;
    }
    if (!m_options.unknown)
        return; // dropped
    if (unknown && !m_options.fuseUnknown)
        symbols.push_back(*unknown);
    unknown = m_options.unknown;
}

Result<void> Bpe::encode(std::string_view piece, std::vector<TokenId>& ids) const
{
    if (piece.empty())
        return {};
    if (piece.size() >= static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
        return badInput("a piece of the text is longer than 2 GiB");
    if (m_options.ignoreMerges)
        if (const auto id = find(piece)) {
            ids.push_back(*id);
            return {};
        }
    std::vector<TokenId> first;
    first.reserve(piece.size());
    std::optional<TokenId> unknown;
    for (std::size_t at = 0; at < piece.size();) {
        const auto length = std::min(characterLength(piece[at]), piece.size() - at);
        addCharacter(piece.substr(at, length), unknown, first);
        at += length;
    }
    if (unknown)
        first.push_back(*unknown);
    if (first.empty())
        return {};
    struct Symbol {
        TokenId id;
        std::int32_t previous, next;
    };
    std::vector<Symbol> symbols(first.size());
    for (std::size_t i = 0; i < first.size(); ++i)
        symbols[i] = {first[i], static_cast<std::int32_t>(i) - 1, static_cast<std::int32_t>(i) + 1};
    symbols.back().next = -1;
    struct Candidate {
        std::int32_t rank, at;
        TokenId left, right, id;
        bool operator<(const Candidate& o) const { return rank != o.rank ? rank > o.rank : at > o.at; }
    };
    std::priority_queue<Candidate> queue;
    const auto offer = [&](std::int32_t at) {
        if (at < 0 || symbols[static_cast<std::size_t>(at)].next < 0)
            return;
        const auto& left = symbols[static_cast<std::size_t>(at)];
        const auto& right = symbols[static_cast<std::size_t>(left.next)];
        if (const auto found = m_merges.find(pairKey(left.id, right.id)); found != m_merges.end())
            queue.push({found->second.rank, at, left.id, right.id, found->second.id});
    };
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i)
        offer(static_cast<std::int32_t>(i));
    while (!queue.empty()) {
        const Candidate c = queue.top();
        queue.pop();
        auto& left = symbols[static_cast<std::size_t>(c.at)];
        if (left.id != c.left || left.next < 0)
            continue; // already merged into something else
        auto& right = symbols[static_cast<std::size_t>(left.next)];
        if (right.id != c.right)
            continue;
        left.id = c.id;
        right.id = -1;
        left.next = right.next;
        if (left.next >= 0)
            symbols[static_cast<std::size_t>(left.next)].previous = c.at;
        offer(left.previous);
        offer(c.at);
    }
    for (std::int32_t at = 0; at >= 0; at = symbols[static_cast<std::size_t>(at)].next)
        ids.push_back(symbols[static_cast<std::size_t>(at)].id);
    return {};
}

} // namespace espalier::tokenizer
