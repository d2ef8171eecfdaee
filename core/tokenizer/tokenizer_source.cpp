// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/tokenizer_source.h"

#include "core/base/hash.h"
#include "core/tokenizer/json_fields.h"
#include "core/tokenizer/pre_tokenizer_presets.h"
#include "core/tokenizer/tokenizer_state.h"

#include <fmt/format.h>

namespace espalier::tokenizer {
namespace {

constexpr const char* kSpace = "\u2581";

Result<void> checkSizes(const TokenizerSource& source)
{
    const auto wrong = [&](std::string message) { return badInput(std::move(message), source.file, "tokenizer"); };
    const auto count = source.tokens.size();
    if (count == 0 || count > static_cast<std::size_t>(kLargestId) + 1)
        return wrong(fmt::format("a vocabulary of {} entries is not possible", count));
    if (!source.types.empty() && source.types.size() != count)
        return wrong(fmt::format("{} token types for {} tokens", source.types.size(), count));
    if (source.kind == SourceKind::SentencePiece && source.scores.size() != count)
        return wrong(fmt::format("{} scores for {} tokens", source.scores.size(), count));
    for (const auto& id : {source.bos, source.eos, source.unknown})
        if (id && (*id < 0 || static_cast<std::size_t>(*id) >= count))
            return wrong(fmt::format("the special token {} does not exist", *id));
    return {};
}

/// Control, user-defined and unknown tokens are found in the text as a whole.
std::vector<AddedToken> addedTokens(const TokenizerSource& source)
{
    std::vector<AddedToken> out;
    for (std::size_t id = 0; id < source.types.size(); ++id) {
        const auto type = source.types[id];
        if (type != SourceTokenType::Control && type != SourceTokenType::UserDefined &&
            type != SourceTokenType::Unknown)
            continue;
        if (source.tokens[id].empty())
            continue;
        AddedToken token;
        token.id = static_cast<TokenId>(id);
        token.content = source.tokens[id];
        token.special = type != SourceTokenType::UserDefined;
        out.push_back(std::move(token));
    }
    return out;
}

std::string dataFingerprint(const TokenizerSource& source)
{
    base::Sha256 hash;
    hash.add(fmt::format("{} {} {} {}\n", static_cast<int>(source.kind), source.preTokenizer, source.addBos,
                         source.addSpacePrefix));
    for (const auto& token : source.tokens)
        hash.add(fmt::format("{}:{}\n", token.size(), token));
    for (const auto& merge : source.merges)
        hash.add(merge + "\n");
    for (const float score : source.scores)
        hash.add(fmt::format("{}\n", score));
    return hash.finish().substr(0, 16);
}

Result<void> fillByteLevel(const TokenizerSource& source, TokenizerState& state)
{
    const auto* preset = findPreTokenizerPreset(source.preTokenizer);
    if (preset == nullptr)
        return badInput(fmt::format("the pre-tokenizer '{}' is not supported", source.preTokenizer), source.file,
                        "tokenizer.ggml.pre",
                        "Put the tokenizer.json of the original model beside the file and use that folder");
    Bpe::Options options;
    options.ignoreMerges = preset->ignoreMerges;
    ESPALIER_TRY(state.bpe, Bpe::fromMerges(source.tokens, source.merges, options, source.file));
    ESPALIER_TRY(state.preTokenizer, PreTokenizer::fromPatterns(preset->patterns, source.file));
    if (preset->nfc)
        ESPALIER_CHECK(state.normalizer.addForm("NFC", source.file));
    state.decoder = Decoder::byteLevel();
    return {};
}

Result<void> fillSentencePiece(const TokenizerSource& source, TokenizerState& state)
{
    Bpe::Options options;
    options.byteFallback = true;
    options.fuseUnknown = true;
    options.unknown = source.unknown;
    ESPALIER_TRY(state.bpe, Bpe::fromScores(source.tokens, source.scores, options, source.file));
    if (source.addSpacePrefix)
        state.normalizer.addPrepend(kSpace);
    state.normalizer.addReplace(" ", kSpace);
    state.decoder = Decoder::sentencePiece(source.addSpacePrefix);
    return {};
}

} // namespace

Result<Tokenizer> makeTokenizer(const TokenizerSource& source)
{
    ESPALIER_CHECK(checkSizes(source));
    auto state = std::make_unique<TokenizerState>();
    ESPALIER_CHECK(source.kind == SourceKind::ByteLevel ? fillByteLevel(source, *state)
                                                        : fillSentencePiece(source, *state));
    if (source.addBos && source.bos)
        state->around.before = {*source.bos};
    if (source.addEos && source.eos)
        state->around.after = {*source.eos};
    ESPALIER_CHECK(state->finish(addedTokens(source), source.file));
    state->fingerprint = source.fingerprint.empty() ? dataFingerprint(source) : source.fingerprint;
    return Tokenizer(std::move(state));
}

} // namespace espalier::tokenizer
