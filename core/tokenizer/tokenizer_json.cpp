// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/tokenizer_json.h"

#include "core/tokenizer/pre_tokenizer_presets.h"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace espalier::tokenizer {

namespace {

/// One token before and one after every text, where the source has them.
base::OrderedJson templateOf(const TokenizerSource& source)
{
    if (!(source.addBos && source.bos) && !(source.addEos && source.eos))
        return nullptr;
    base::OrderedJson single = base::OrderedJson::array(), tokens = base::OrderedJson::object();
    const auto add = [&](TokenId id) {
        const std::string& text = source.tokens[static_cast<std::size_t>(id)];
        single.push_back({{"SpecialToken", {{"id", text}, {"type_id", 0}}}});
        tokens[text] = {{"id", text}, {"ids", {id}}, {"tokens", {text}}};
    };
    if (source.addBos && source.bos)
        add(*source.bos);
    single.push_back({{"Sequence", {{"id", "A"}, {"type_id", 0}}}});
    if (source.addEos && source.eos)
        add(*source.eos);
    base::OrderedJson pair = single;
    pair.push_back({{"Sequence", {{"id", "B"}, {"type_id", 1}}}});
    return {{"type", "TemplateProcessing"}, {"single", single}, {"pair", pair}, {"special_tokens", tokens}};
}

/// SentencePiece merges two neighbours when their union is an entry, best score first; the same as ranked merges: every
/// way to cut an entry into two others, by the entry's score, then by the parts' numbers, as transformers converts
/// them.
base::OrderedJson mergesOf(const TokenizerSource& source)
{
    std::unordered_map<std::string_view, TokenId> ids;
    for (std::size_t id = 0; id < source.tokens.size(); ++id)
        ids.emplace(source.tokens[id], static_cast<TokenId>(id));
    std::vector<std::tuple<float, TokenId, TokenId>> merges;
    for (std::size_t id = 0; id < source.tokens.size(); ++id) {
        const std::string_view whole = source.tokens[id];
        for (std::size_t cut = 1; cut < whole.size(); ++cut) {
            const auto left = ids.find(whole.substr(0, cut)), right = ids.find(whole.substr(cut));
            if (left != ids.end() && right != ids.end())
                merges.emplace_back(-source.scores[id], left->second, right->second);
        }
    }
    std::stable_sort(merges.begin(), merges.end());
    base::OrderedJson list = base::OrderedJson::array();
    for (const auto& [score, left, right] : merges)
        list.push_back({source.tokens[static_cast<std::size_t>(left)], source.tokens[static_cast<std::size_t>(right)]});
    return list;
}

base::OrderedJson sentencePiece(const TokenizerSource& source, base::OrderedJson vocabulary, base::OrderedJson added)
{
    constexpr const char* kSpace = "\u2581";
    base::OrderedJson normal = base::OrderedJson::array(), decode = base::OrderedJson::array();
    if (source.addSpacePrefix)
        normal.push_back({{"type", "Prepend"}, {"prepend", kSpace}});
    normal.push_back({{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", kSpace}});
    decode.push_back({{"type", "Replace"}, {"pattern", {{"String", kSpace}}}, {"content", " "}});
    decode.push_back({{"type", "ByteFallback"}});
    decode.push_back({{"type", "Fuse"}});
    if (source.addSpacePrefix)
        decode.push_back({{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}});
    return {{"version", "1.0"},
            {"truncation", nullptr},
            {"padding", nullptr},
            {"added_tokens", std::move(added)},
            {"normalizer", {{"type", "Sequence"}, {"normalizers", std::move(normal)}}},
            {"pre_tokenizer", nullptr},
            {"post_processor", templateOf(source)},
            {"decoder", {{"type", "Sequence"}, {"decoders", std::move(decode)}}},
            {"model",
             {{"type", "BPE"},
              {"dropout", nullptr},
              {"unk_token", source.unknown ? base::OrderedJson(source.tokens[static_cast<std::size_t>(*source.unknown)])
                                           : base::OrderedJson(nullptr)},
              {"continuing_subword_prefix", nullptr},
              {"end_of_word_suffix", nullptr},
              {"fuse_unk", true},
              {"byte_fallback", true},
              {"ignore_merges", false},
              {"vocab", std::move(vocabulary)},
              {"merges", mergesOf(source)}}}};
}

Result<base::OrderedJson> byteLevel(const TokenizerSource& source, base::OrderedJson vocabulary,
                                    base::OrderedJson added)
{
    const PreTokenizerPreset* preset = findPreTokenizerPreset(source.preTokenizer);
    if (preset == nullptr)
        return badInput(fmt::format("the pre-tokenizer '{}' is not supported", source.preTokenizer), source.file,
                        "key tokenizer.ggml.pre");
    base::OrderedJson steps = base::OrderedJson::array();
    for (const auto& pattern : preset->patterns)
        steps.push_back(
            {{"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}, {"invert", false}});
    const base::OrderedJson bytes{
        {"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", false}};
    steps.push_back(bytes);
    return base::OrderedJson{
        {"version", "1.0"},
        {"truncation", nullptr},
        {"padding", nullptr},
        {"added_tokens", std::move(added)},
        {"normalizer", preset->nfc ? base::OrderedJson{{"type", "NFC"}} : base::OrderedJson(nullptr)},
        {"pre_tokenizer", {{"type", "Sequence"}, {"pretokenizers", steps}}},
        {"post_processor", templateOf(source)},
        {"decoder", bytes},
        {"model",
         {{"type", "BPE"},
          {"dropout", nullptr},
          {"unk_token", nullptr},
          {"continuing_subword_prefix", nullptr},
          {"end_of_word_suffix", nullptr},
          {"fuse_unk", false},
          {"byte_fallback", false},
          {"ignore_merges", preset->ignoreMerges},
          {"vocab", std::move(vocabulary)},
          {"merges", source.merges}}}};
}

} // namespace

Result<base::OrderedJson> toTokenizerJson(const TokenizerSource& source)
{
    if (source.kind == SourceKind::SentencePiece && source.scores.size() != source.tokens.size())
        return badInput("a score for every token is needed", source.file, "key tokenizer.ggml.scores");
    base::OrderedJson vocabulary = base::OrderedJson::object(), added = base::OrderedJson::array();
    for (std::size_t id = 0; id < source.tokens.size(); ++id) {
        vocabulary[source.tokens[id]] = id;
        const auto type = source.types.empty() ? SourceTokenType::Normal : source.types[id];
        if (type == SourceTokenType::Control || type == SourceTokenType::UserDefined ||
            type == SourceTokenType::Unknown)
            added.push_back({{"id", id},
                             {"content", source.tokens[id]},
                             {"single_word", false},
                             {"lstrip", false},
                             {"rstrip", false},
                             {"normalized", false},
                             {"special", type != SourceTokenType::UserDefined}});
    }
    if (source.kind == SourceKind::SentencePiece)
        return sentencePiece(source, std::move(vocabulary), std::move(added));
    return byteLevel(source, std::move(vocabulary), std::move(added));
}

} // namespace espalier::tokenizer
