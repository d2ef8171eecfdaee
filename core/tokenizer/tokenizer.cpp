// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/tokenizer.h"

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/tokenizer/bpe.h"
#include "core/tokenizer/pre_tokenizer.h"

#include <algorithm>
#include <fmt/format.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace espalier::tokenizer {
namespace {

struct AddedToken {
    TokenId id = 0;
    std::string content;
    bool singleWord = false, lstrip = false, rstrip = false, normalized = false, special = false;
};

/// Ids the post-processor puts around a text.
struct Template {
    std::vector<TokenId> before, after;
};

// ICU's U8_ macros narrow int to uint8_t inside.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
bool isWordAt(std::string_view text, std::size_t at)
{
    UChar32 c = 0;
    auto i = static_cast<std::int32_t>(at);
    U8_NEXT(text.data(), i, static_cast<std::int32_t>(text.size()), c);
    return c >= 0 && (u_isalnum(c) || c == '_');
}

bool isWordBefore(std::string_view text, std::size_t at)
{
    UChar32 c = 0;
    auto i = static_cast<std::int32_t>(at);
    U8_PREV(text.data(), 0, i, c);
    return c >= 0 && (u_isalnum(c) || c == '_');
}

#pragma GCC diagnostic pop

} // namespace

struct Tokenizer::State {
    Bpe bpe;
    PreTokenizer preTokenizer;
    std::vector<const icu::Normalizer2*> normalizers;
    std::vector<AddedToken> raw, normalized; ///< longest content first
    std::vector<bool> special;
    Template around;
    std::string fingerprint;

    Result<void> readNormalizer(const base::OrderedJson& json, const std::string& file);
    Result<void> readAdded(const base::OrderedJson& json, const std::string& file);
    Result<void> readPostProcessor(const base::OrderedJson& json, const std::string& file);
    Result<std::string> normalize(std::string_view text) const;
    Result<void> encodePlain(std::string_view text, std::vector<TokenId>& ids) const;
    Result<void> encodeWith(const std::vector<AddedToken>& added, bool last, std::string_view text,
                            std::vector<TokenId>& ids) const;
};

Tokenizer::Tokenizer(std::unique_ptr<State> state) : m_state(std::move(state))
{
}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

Result<void> Tokenizer::State::readNormalizer(const base::OrderedJson& json, const std::string& file)
{
    if (json.is_null())
        return {};
    const std::string type = json.value("type", std::string());
    if (type == "Sequence") {
        for (const auto& part : json.value("normalizers", base::OrderedJson::array()))
            ESPALIER_CHECK(readNormalizer(part, file));
        return {};
    }
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* found = type == "NFC"    ? icu::Normalizer2::getNFCInstance(status)
                                    : type == "NFD"  ? icu::Normalizer2::getNFDInstance(status)
                                    : type == "NFKC" ? icu::Normalizer2::getNFKCInstance(status)
                                    : type == "NFKD" ? icu::Normalizer2::getNFKDInstance(status)
                                                     : nullptr;
    if (found == nullptr || U_FAILURE(status))
        return badInput(fmt::format("the normalizer '{}' is not supported", type), file, "normalizer",
                        "Supported are NFC, NFD, NFKC, NFKD and Sequence");
    normalizers.push_back(found);
    return {};
}

Result<void> Tokenizer::State::readAdded(const base::OrderedJson& json, const std::string& file)
{
    for (const auto& entry : json) {
        AddedToken token;
        if (!entry.is_object() || !entry.contains("id") || !entry["id"].is_number_integer() ||
            entry["id"].get<std::int64_t>() < 0 || entry["id"].get<std::int64_t>() > (1 << 24))
            return badInput("an added token needs an id in range", file, "added_tokens");
        token.id = entry["id"].get<TokenId>();
        token.content = entry.value("content", std::string());
        if (token.content.empty())
            return badInput(fmt::format("added token {} has no content", token.id), file, "added_tokens");
        token.singleWord = entry.value("single_word", false);
        token.lstrip = entry.value("lstrip", false);
        token.rstrip = entry.value("rstrip", false);
        token.normalized = entry.value("normalized", false);
        token.special = entry.value("special", false);
        bpe.reserveId(token.id);
        if (special.size() <= static_cast<std::size_t>(token.id))
            special.resize(static_cast<std::size_t>(token.id) + 1, false);
        special[static_cast<std::size_t>(token.id)] = token.special;
        if (token.normalized) {
            ESPALIER_TRY(token.content, normalize(token.content));
            normalized.push_back(token);
        } else {
            raw.push_back(token);
        }
    }
    const auto longest = [](const AddedToken& a, const AddedToken& b) { return a.content.size() > b.content.size(); };
    std::stable_sort(raw.begin(), raw.end(), longest);
    std::stable_sort(normalized.begin(), normalized.end(), longest);
    return {};
}

Result<void> Tokenizer::State::readPostProcessor(const base::OrderedJson& json, const std::string& file)
{
    if (json.is_null())
        return {};
    const std::string type = json.value("type", std::string());
    if (type == "ByteLevel") // only trims offsets
        return {};
    if (type == "Sequence") {
        for (const auto& part : json.value("processors", base::OrderedJson::array()))
            ESPALIER_CHECK(readPostProcessor(part, file));
        return {};
    }
    if (type != "TemplateProcessing")
        return badInput(fmt::format("the post-processor '{}' is not supported", type), file, "post_processor",
                        "Supported are ByteLevel, TemplateProcessing and Sequence");
    bool seenText = false;
    for (const auto& item : json.value("single", base::OrderedJson::array())) {
        if (item.contains("Sequence")) {
            seenText = true;
            continue;
        }
        const std::string name = item.contains("SpecialToken") ? item["SpecialToken"].value("id", std::string()) : "";
        const auto tokens = json.value("special_tokens", base::OrderedJson::object());
        if (!tokens.contains(name) || !tokens[name].contains("ids"))
            return badInput(fmt::format("the template uses the unknown token '{}'", name), file, "post_processor");
        for (const auto& id : tokens[name]["ids"])
            (seenText ? around.after : around.before).push_back(id.get<TokenId>());
    }
    return {};
}

Result<std::string> Tokenizer::State::normalize(std::string_view text) const
{
    std::string current(text);
    const bool ascii =
        std::all_of(current.begin(), current.end(), [](char c) { return static_cast<signed char>(c) >= 0; });
    if (ascii)
        return current; // every supported form leaves ASCII as it is
    for (const auto* form : normalizers) {
        UErrorCode status = U_ZERO_ERROR;
        std::string out;
        icu::StringByteSink<std::string> sink(&out);
        form->normalizeUTF8(0, current, sink, nullptr, status);
        if (U_FAILURE(status))
            return badInput(fmt::format("the text cannot be normalised ({})", u_errorName(status)));
        current = std::move(out);
    }
    return current;
}

Result<void> Tokenizer::State::encodePlain(std::string_view text, std::vector<TokenId>& ids) const
{
    if (text.empty())
        return {};
    ESPALIER_TRY(const auto pieces, preTokenizer.pieces(text));
    for (const auto& piece : pieces)
        bpe.encode(piece, ids);
    return {};
}

/// Finds added tokens leftmost, longest first; text between them goes on to the next stage.
Result<void> Tokenizer::State::encodeWith(const std::vector<AddedToken>& added, bool last, std::string_view text,
                                          std::vector<TokenId>& ids) const
{
    const auto between = [&](std::string_view part) -> Result<void> {
        if (part.empty())
            return {};
        if (last)
            return encodePlain(part, ids);
        ESPALIER_TRY(const auto clean, normalize(part));
        return encodeWith(normalized, true, clean, ids);
    };
    std::size_t from = 0;
    for (std::size_t at = 0; at < text.size() && !added.empty();) {
        const AddedToken* hit = nullptr;
        for (const auto& token : added)
            if (text.compare(at, token.content.size(), token.content) == 0) {
                hit = &token;
                break;
            }
        if (hit == nullptr) {
            ++at;
            continue;
        }
        std::size_t begin = at, end = at + hit->content.size();
        if (hit->singleWord &&
            ((begin > 0 && isWordBefore(text, begin)) || (end < text.size() && isWordAt(text, end)))) {
            at = end;
            continue;
        }
        if (hit->lstrip)
            while (begin > from && std::string_view(" \t\n\r\f\v").find(text[begin - 1]) != std::string_view::npos)
                --begin;
        if (hit->rstrip)
            while (end < text.size() && std::string_view(" \t\n\r\f\v").find(text[end]) != std::string_view::npos)
                ++end;
        ESPALIER_CHECK(between(text.substr(from, begin - from)));
        ids.push_back(hit->id);
        from = at = end;
    }
    return between(text.substr(from));
}

Result<Tokenizer> Tokenizer::load(const std::filesystem::path& folder)
{
    const auto path = folder / "tokenizer.json";
    ESPALIER_TRY(const auto text, base::readTextFile(path, ByteSize(256ULL << 20U)));
    ESPALIER_TRY(const auto json, base::parseJson(text, path.string()));
    if (!json.is_object() || !json.contains("model"))
        return badInput("not a tokenizer: the key model is missing", path.string(), "key model");
    const auto part = [&](const char* key) { return json.contains(key) ? json[key] : base::OrderedJson(); };
    ESPALIER_TRY(auto bpe, Bpe::fromJson(json["model"], path.string()));
    ESPALIER_TRY(auto pre, PreTokenizer::fromJson(part("pre_tokenizer"), path.string()));
    if (!pre.byteLevel())
        return badInput("only byte-level tokenizers are supported", path.string(), "pre_tokenizer");
    auto state = std::make_unique<State>(State{std::move(bpe), std::move(pre), {}, {}, {}, {}, {}, {}});
    ESPALIER_CHECK(state->readNormalizer(part("normalizer"), path.string()));
    const auto added = part("added_tokens");
    if (!added.is_null())
        ESPALIER_CHECK(state->readAdded(added, path.string()));
    ESPALIER_CHECK(state->readPostProcessor(part("post_processor"), path.string()));
    state->fingerprint = base::sha256(text).substr(0, 16);
    return Tokenizer(std::move(state));
}

Result<std::vector<TokenId>> Tokenizer::encode(std::string_view text, bool specialTokens) const
{
    std::size_t bad = 0;
    if (!base::isUtf8(text, &bad))
        return badInput("the text is not UTF-8", {}, fmt::format("byte {}", bad));
    std::vector<TokenId> ids;
    if (specialTokens)
        ids = m_state->around.before;
    ESPALIER_CHECK(m_state->encodeWith(m_state->raw, false, text, ids));
    if (specialTokens)
        ids.insert(ids.end(), m_state->around.after.begin(), m_state->around.after.end());
    return ids;
}

std::string_view Tokenizer::tokenBytes(TokenId id) const
{
    if (id < 0 || static_cast<std::size_t>(id) >= m_state->bpe.tokens().size())
        return {};
    for (const auto* list : {&m_state->raw, &m_state->normalized})
        for (const auto& token : *list)
            if (token.id == id)
                return token.content;
    return m_state->bpe.tokens()[static_cast<std::size_t>(id)];
}

std::string Tokenizer::decode(std::span<const TokenId> ids, bool skipSpecial) const
{
    std::string out;
    for (const auto id : ids) {
        const bool special = id >= 0 && static_cast<std::size_t>(id) < m_state->special.size() &&
                             m_state->special[static_cast<std::size_t>(id)];
        if (!(special && skipSpecial))
            out += tokenBytes(id);
    }
    return out;
}

std::size_t Tokenizer::size() const
{
    return m_state->bpe.tokens().size();
}

const std::string& Tokenizer::fingerprint() const
{
    return m_state->fingerprint;
}

} // namespace espalier::tokenizer
