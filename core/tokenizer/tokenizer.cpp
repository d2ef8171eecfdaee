// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/tokenizer.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/tokenizer/tokenizer_state.h"

#include <fmt/format.h>

namespace espalier::tokenizer {

Result<void> TokenizerState::finish(std::vector<AddedToken> added, const std::string& file)
{
    std::vector<AddedToken> plain, inNormalized;
    for (auto& token : added) {
        // The reference goes by the vocabulary where both name an id; a file that contradicts itself is damaged.
        const auto known = bpe.find(token.content);
        const auto& entries = bpe.entries();
        const auto at = static_cast<std::size_t>(token.id);
        if (known && *known != token.id)
            return badInput(fmt::format("the added token '{}' has id {} but the vocabulary gives it {}", token.content,
                                        token.id, *known),
                            file, "added_tokens");
        if (at < entries.size() && !entries[at].empty() && entries[at] != token.content)
            return badInput(
                fmt::format("id {} is both '{}' and the added token '{}'", token.id, entries[at], token.content), file,
                "added_tokens");
        bpe.addEntry(token.id, token.content);
    }
    bytes.clear();
    for (const auto& entry : bpe.entries())
        bytes.push_back(decoder.bytes(entry));
    special.assign(bytes.size(), false);
    for (auto& token : added) {
        bytes[static_cast<std::size_t>(token.id)] = token.content;
        special[static_cast<std::size_t>(token.id)] = token.special;
        if (token.normalized) {
            ESPALIER_TRY(token.content, normalizer.apply(token.content));
            inNormalized.push_back(std::move(token));
        } else {
            plain.push_back(std::move(token));
        }
    }
    raw = AddedTokenFinder(std::move(plain));
    normalized = AddedTokenFinder(std::move(inNormalized));
    for (const auto* list : {&around.before, &around.after})
        for (const auto id : *list)
            if (id < 0 || static_cast<std::size_t>(id) >= bytes.size())
                return badInput(fmt::format("the template adds the token {}, which does not exist", id), file,
                                "post_processor");
    return {};
}

/// Text without raw added tokens: normalised, then cut at the added tokens that are looked for in normalised text.
Result<void> TokenizerState::encodeText(std::string_view text, bool atStart, std::vector<TokenId>& ids) const
{
    ESPALIER_TRY(const auto clean, normalizer.apply(text));
    for (const auto& segment : normalized.segments(clean)) {
        if (segment.token >= 0) {
            ids.push_back(segment.token);
            continue;
        }
        const auto part = std::string_view(clean).substr(segment.begin, segment.end - segment.begin);
        ESPALIER_TRY(const auto pieces, preTokenizer.pieces(part, atStart && segment.begin == 0));
        for (const auto& piece : pieces)
            ESPALIER_CHECK(bpe.encode(piece, ids));
    }
    return {};
}

Tokenizer::Tokenizer(std::unique_ptr<TokenizerState> state) : m_state(std::move(state))
{
}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

Result<Tokenizer> Tokenizer::load(const std::filesystem::path& folder)
{
    const auto path = folder / "tokenizer.json";
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        for (const char* other : {"tokenizer.model", "tiktoken.model", "vocab.json"})
            if (std::filesystem::exists(folder / other, ignored))
                return badInput(fmt::format("there is no tokenizer.json, only {}", other), path.string(), {},
                                "Make one with transformers: AutoTokenizer.from_pretrained(folder, "
                                "use_fast=True).save_pretrained(folder)");
    ESPALIER_TRY(const auto text, base::readTextFile(path, ByteSize(256ULL << 20U)));
    return parse(text, path.string());
}

Result<Tokenizer> Tokenizer::parse(std::string_view text, const std::string& file)
{
    ESPALIER_TRY(const auto json, base::parseJson(text, file));
    if (!json.is_object() || !json.contains("model"))
        return badInput("not a tokenizer: the key model is missing", file, "key model");
    const base::OrderedJson absent;
    const auto part = [&](const char* key) -> const base::OrderedJson& {
        const auto found = json.find(key);
        return found == json.end() ? absent : *found;
    };
    auto state = std::make_unique<TokenizerState>();
    ESPALIER_TRY(state->bpe, Bpe::fromJson(part("model"), file));
    ESPALIER_TRY(state->normalizer, Normalizer::fromJson(part("normalizer"), file));
    ESPALIER_TRY(state->preTokenizer, PreTokenizer::fromJson(part("pre_tokenizer"), file));
    ESPALIER_TRY(state->around, PostProcessor::fromJson(part("post_processor"), file));
    ESPALIER_TRY(state->decoder, Decoder::fromJson(part("decoder"), file));
    ESPALIER_TRY(auto added, readAddedTokens(part("added_tokens"), file));
    ESPALIER_CHECK(state->finish(std::move(added), file));
    state->fingerprint = base::sha256(text).substr(0, 16);
    return Tokenizer(std::move(state));
}

Result<std::vector<TokenId>> Tokenizer::encode(std::string_view text, bool specialTokens) const
{
    std::size_t bad = 0;
    if (!base::isUtf8(text, &bad))
        return badInput("the text is not UTF-8", {}, fmt::format("byte {}", bad));
    if (text.size() > (1ULL << 30U)) // positions inside a text are 32 bits
        return badInput("the text is longer than 1 GiB", {}, {}, "Split it into several documents");
    std::vector<TokenId> ids;
    if (specialTokens)
        ids = m_state->around.before;
    for (const auto& segment : m_state->raw.segments(text)) {
        if (segment.token >= 0)
            ids.push_back(segment.token);
        else
            ESPALIER_CHECK(
                m_state->encodeText(text.substr(segment.begin, segment.end - segment.begin), segment.begin == 0, ids));
    }
    if (specialTokens)
        ids.insert(ids.end(), m_state->around.after.begin(), m_state->around.after.end());
    return ids;
}

std::string_view Tokenizer::tokenBytes(TokenId id) const
{
    if (id < 0 || static_cast<std::size_t>(id) >= m_state->bytes.size())
        return {};
    return m_state->bytes[static_cast<std::size_t>(id)];
}

std::string Tokenizer::decode(std::span<const TokenId> ids, bool skipSpecial, DecodeAt at) const
{
    std::string out;
    for (const auto id : ids) {
        const bool special = id >= 0 && static_cast<std::size_t>(id) < m_state->special.size() &&
                             m_state->special[static_cast<std::size_t>(id)];
        if (!(special && skipSpecial))
            out += tokenBytes(id);
    }
    if (at == DecodeAt::Start)
        m_state->decoder.strip(out);
    return out;
}

std::size_t Tokenizer::size() const
{
    return m_state->bytes.size();
}

const std::string& Tokenizer::fingerprint() const
{
    return m_state->fingerprint;
}

} // namespace espalier::tokenizer
