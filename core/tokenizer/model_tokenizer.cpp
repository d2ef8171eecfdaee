// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/model_tokenizer.h"

#include "core/base/file.h"
#include "core/tokenizer/pre_tokenizer_presets.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace espalier::tokenizer {
namespace {

namespace fs = std::filesystem;

/// Reads keys below "tokenizer.ggml.".
class GgufTokenizer {
public:
    GgufTokenizer(const checkpoint::GgufMetadata& metadata, const std::string& file)
        : m_metadata(metadata), m_file(file)
    {
    }

    Result<TokenizerSource> read()
    {
        m_source.file = m_file;
        ESPALIER_CHECK(readModel());
        ESPALIER_CHECK(readTokens());
        ESPALIER_CHECK(readTypes());
        ESPALIER_CHECK(m_source.kind == SourceKind::ByteLevel ? readMerges() : readScores());
        ESPALIER_CHECK(readSpecials());
        return std::move(m_source);
    }

private:
    static std::string full(std::string_view key) { return "tokenizer.ggml." + std::string(key); }
    [[nodiscard]] Error error(std::string_view key, std::string message, std::string remedy = {}) const
    {
        return badInput(std::move(message), m_file, "key " + full(key), std::move(remedy));
    }
    [[nodiscard]] bool has(std::string_view key) const { return m_metadata.find(full(key)) != nullptr; }

    Result<void> readModel()
    {
        const auto model = m_metadata.text(full("model"));
        if (!model)
            return error("model", "the file holds no tokenizer", "Use the model's Hugging Face folder");
        if (*model == "llama") {
            m_source.kind = SourceKind::SentencePiece;
            return {};
        }
        if (*model != "gpt2")
            return error("model", fmt::format("the tokenizer '{}' is not supported", model->substr(0, 100)),
                         "Supported are gpt2 (byte-level) and llama (SentencePiece)");
        m_source.kind = SourceKind::ByteLevel;
        const auto pre = m_metadata.text(full("pre"));
        if (!pre) // guessing would cut texts in other places than the model was trained with
            return error("pre", "the file does not say how text is cut before it is merged",
                         "Convert the model again with a newer llama.cpp");
        m_source.preTokenizer = *pre;
        if (findPreTokenizerPreset(*pre) == nullptr)
            return error("pre", fmt::format("the pre-tokenizer '{}' is not supported", pre->substr(0, 100)),
                         fmt::format("Supported are {}", fmt::join(preTokenizerIds(), ", ")));
        return {};
    }

    Result<void> readTokens()
    {
        const auto tokens = m_metadata.texts(full("tokens"));
        if (!tokens)
            return error("tokens", "a list of texts was expected");
        m_source.tokens.reserve(tokens->size());
        for (const auto& token : *tokens) {
            if (!base::isUtf8(token))
                return error("tokens", fmt::format("token {} is not UTF-8", m_source.tokens.size()));
            m_source.tokens.emplace_back(token);
        }
        return {};
    }

    Result<void> readTypes()
    {
        if (!has("token_type"))
            return {};
        const auto types = m_metadata.integers(full("token_type"));
        if (!types)
            return error("token_type", "a list of whole numbers was expected");
        m_source.types.reserve(types->size());
        for (const auto type : *types) {
            if (type < 0 || type > static_cast<std::int64_t>(SourceTokenType::Byte))
                return error("token_type", fmt::format("there is no token type {}", type));
            m_source.types.push_back(type == 0 ? SourceTokenType::Normal : static_cast<SourceTokenType>(type));
        }
        return {};
    }

    Result<void> readMerges()
    {
        const auto merges = m_metadata.texts(full("merges"));
        if (!merges)
            return error("merges", "a list of texts was expected");
        m_source.merges.assign(merges->begin(), merges->end());
        return {};
    }

    Result<void> readScores()
    {
        const auto scores = m_metadata.reals(full("scores"));
        if (!scores)
            return error("scores", "a list of numbers was expected");
        m_source.scores.reserve(scores->size());
        for (const double score : *scores) {
            if (!(std::abs(score) <= std::numeric_limits<float>::max()))
                return error("scores", fmt::format("the score of token {} is no number", m_source.scores.size()));
            m_source.scores.push_back(static_cast<float>(score));
        }
        return {};
    }

    Result<void> readSpecials()
    {
        const bool pieces = m_source.kind == SourceKind::SentencePiece;
        const auto id = [&](std::string_view key, std::optional<TokenId>& into, TokenId fallback) -> Result<void> {
            into = pieces ? std::optional(fallback) : std::nullopt; // SentencePiece's own places
            if (!has(key))
                return {};
            const auto value = m_metadata.integer(full(key));
            if (!value || *value < -1 || *value >= static_cast<std::int64_t>(m_source.tokens.size()))
                return error(key, "names no token of the vocabulary");
            into = *value < 0 ? std::nullopt : std::optional(static_cast<TokenId>(*value));
            return {};
        };
        ESPALIER_CHECK(id("bos_token_id", m_source.bos, 1));
        ESPALIER_CHECK(id("eos_token_id", m_source.eos, 2));
        ESPALIER_CHECK(id("unknown_token_id", m_source.unknown, 0));
        const auto flag = [&](std::string_view key, bool& into, bool fallback) -> Result<void> {
            const auto value = m_metadata.boolean(full(key));
            if (!value && has(key))
                return error(key, "true or false was expected");
            into = value.value_or(fallback);
            return {};
        };
        // Where the key is absent, llama.cpp decides by the kind of tokenizer
        const auto* preset = pieces ? nullptr : findPreTokenizerPreset(m_source.preTokenizer);
        ESPALIER_CHECK(flag("add_bos_token", m_source.addBos, pieces || preset->addsBos));
        ESPALIER_CHECK(flag("add_eos_token", m_source.addEos, false));
        ESPALIER_CHECK(flag("add_space_prefix", m_source.addSpacePrefix, pieces));
        if (m_source.addBos && !m_source.bos)
            return error("bos_token_id", "the key is missing, but texts begin with this token");
        if (m_source.addEos && !m_source.eos)
            return error("eos_token_id", "the key is missing, but texts end with this token");
        return {};
    }

    const checkpoint::GgufMetadata& m_metadata;
    const std::string& m_file;
    TokenizerSource m_source;
};

} // namespace

Result<TokenizerSource> ggufTokenizerSource(const checkpoint::GgufMetadata& metadata, const std::string& file)
{
    return GgufTokenizer(metadata, file).read();
}

Result<Tokenizer> tokenizerOf(const checkpoint::Checkpoint& checkpoint)
{
    if (checkpoint.gguf() == nullptr)
        return Tokenizer::load(checkpoint.folder());
    ESPALIER_TRY(const auto source, ggufTokenizerSource(*checkpoint.gguf(), checkpoint.configFile()));
    return makeTokenizer(source);
}

Result<Tokenizer> tokenizerAt(const fs::path& path)
{
    std::error_code code;
    if (fs::is_directory(path, code)) {
        const auto entries = fs::directory_iterator(path, code);
        const bool gguf = std::any_of(begin(entries), end(entries),
                                      [](const auto& entry) { return entry.path().extension() == ".gguf"; });
        if (!gguf || fs::exists(path / "config.json", code) || fs::exists(path / "tokenizer.json", code))
            return Tokenizer::load(path);
    }
    ESPALIER_TRY(const auto checkpoint, checkpoint::Checkpoint::open(path));
    return tokenizerOf(checkpoint);
}

} // namespace espalier::tokenizer
