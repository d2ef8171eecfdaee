// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/bpe.h"

#include "core/tokenizer/byte_alphabet.h"

#include <fmt/format.h>
#include <queue>

namespace espalier::tokenizer {
namespace {

constexpr std::int64_t kMaxId = 1 << 24; ///< far above any vocabulary in use

std::uint64_t pairKey(TokenId left, TokenId right)
{
    return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32U) | static_cast<std::uint32_t>(right);
}

Result<void> refuseOptions(const base::OrderedJson& json, const std::string& file)
{
    const auto isSet = [&](const char* key) {
        const auto found = json.find(key);
        if (found == json.end() || found->is_null())
            return false;
        return !(found->is_boolean() && !found->get<bool>()) &&
               !(found->is_string() && found->get<std::string>().empty());
    };
    for (const char* key : {"dropout", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback", "unk_token"})
        if (isSet(key))
            return badInput(fmt::format("the BPE option {} is not supported", key), file, "model");
    return {};
}

} // namespace

void Bpe::reserveId(TokenId id)
{
    if (static_cast<std::size_t>(id) >= m_tokens.size())
        m_tokens.resize(static_cast<std::size_t>(id) + 1);
}

Result<Bpe> Bpe::fromJson(const base::OrderedJson& json, const std::string& file)
{
    const std::string type = json.is_object() ? json.value("type", std::string("BPE")) : std::string();
    if (type != "BPE")
        return badInput(fmt::format("the tokenizer model '{}' is not supported", type), file, "model",
                        "Byte-level BPE is supported");
    ESPALIER_CHECK(refuseOptions(json, file));
    if (!json.contains("vocab") || !json["vocab"].is_object() || !json.contains("merges") || !json["merges"].is_array())
        return badInput("the model needs vocab and merges", file, "model");
    Bpe out;
    out.m_ignoreMerges = json.value("ignore_merges", false);
    std::unordered_map<std::string, TokenId> entries;
    for (const auto& [entry, value] : json["vocab"].items()) {
        if (!value.is_number_integer() || value.get<std::int64_t>() < 0 || value.get<std::int64_t>() > kMaxId)
            return badInput(fmt::format("the id of '{}' is out of range", entry), file, "model.vocab");
        const auto id = value.get<TokenId>();
        out.reserveId(id);
        auto& slot = out.m_tokens[static_cast<std::size_t>(id)];
        if (!slot.empty())
            return badInput(fmt::format("id {} is used twice", id), file, "model.vocab");
        slot = alphabetToBytes(entry).value_or(entry);
        entries.emplace(entry, id);
        out.m_ids.emplace(slot, id);
    }
    for (std::size_t b = 0; b < 256; ++b) {
        const auto found = entries.find(byteCharacters()[b]);
        out.m_byteIds[b] = found == entries.end() ? -1 : found->second;
    }
    std::int32_t rank = 0;
    for (const auto& merge : json["merges"]) {
        std::string left, right;
        if (merge.is_string()) {
            const auto text = merge.get<std::string>();
            const auto space = text.find(' ');
            if (space == std::string::npos)
                return badInput("a merge must be two entries", file, fmt::format("model.merges[{}]", rank));
            left = text.substr(0, space);
            right = text.substr(space + 1);
        } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string()) {
            left = merge[0].get<std::string>();
            right = merge[1].get<std::string>();
        } else {
            return badInput("a merge must be two entries", file, fmt::format("model.merges[{}]", rank));
        }
        const auto l = entries.find(left), r = entries.find(right), both = entries.find(left + right);
        if (l == entries.end() || r == entries.end() || both == entries.end())
            return badInput(
                fmt::format("the merge of '{}' and '{}' names an entry that is not in the vocabulary", left, right),
                file, fmt::format("model.merges[{}]", rank));
        out.m_merges.emplace(pairKey(l->second, r->second), Merge{rank, both->second});
        ++rank;
    }
    return out;
}

void Bpe::encode(std::string_view piece, std::vector<TokenId>& ids) const
{
    if (piece.empty())
        return;
    if (m_ignoreMerges)
        if (const auto found = m_ids.find(std::string(piece)); found != m_ids.end()) {
            ids.push_back(found->second);
            return;
        }
    struct Symbol {
        TokenId id;
        std::int32_t previous, next;
    };
    std::vector<Symbol> symbols;
    symbols.reserve(piece.size());
    for (const char c : piece) {
        const TokenId id = m_byteIds[static_cast<unsigned char>(c)];
        if (id < 0)
            continue; // a byte outside the vocabulary is dropped, as the reference does without an unk_token
        const auto at = static_cast<std::int32_t>(symbols.size());
        symbols.push_back({id, at - 1, at + 1});
    }
    if (symbols.empty())
        return;
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
}

} // namespace espalier::tokenizer
