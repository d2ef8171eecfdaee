// SPDX-License-Identifier: Apache-2.0
// tokenizer.json, and texts through what was accepted.
#include "core/base/json.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/fuzz/fuzz_target.h"

#include <span>
#include <utility>

using namespace espalier;
using base::OrderedJson;

namespace {

OrderedJson added(int id, const char* text, bool special)
{
    return {{"id", id},       {"content", text},     {"single_word", false}, {"lstrip", false},
            {"rstrip", true}, {"normalized", false}, {"special", special}};
}

/// As Qwen and Llama 3: bytes as characters, a pattern before.
OrderedJson byteLevel()
{
    OrderedJson vocabulary = OrderedJson::object();
    for (char c = '!'; c <= '~'; ++c)
        vocabulary[std::string(1, c)] = vocabulary.size();
    for (const char* text : {"\xc4\xa0", "\xc4\x8a", "th", "the", "\xc4\xa0the", "in"})
        vocabulary[text] = vocabulary.size();
    return {
        {"version", "1.0"},
        {"truncation", nullptr},
        {"padding", nullptr},
        {"added_tokens", {added(100, "<|end|>", true), added(101, "ab", false)}},
        {"normalizer", {{"type", "Sequence"}, {"normalizers", {{{"type", "NFC"}}}}}},
        {"pre_tokenizer",
         {{"type", "Sequence"},
          {"pretokenizers",
           {{{"type", "Split"},
             {"pattern", {{"Regex", "(?i:'s|'t)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|\\s+(?!\\S)|\\s+"}}},
             {"behavior", "Isolated"},
             {"invert", false}},
            {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", false}}}}}},
        {"post_processor",
         {{"type", "TemplateProcessing"},
          {"single",
           {{{"SpecialToken", {{"id", "<|end|>"}, {"type_id", 0}}}}, {{"Sequence", {{"id", "A"}, {"type_id", 0}}}}}},
          {"pair", OrderedJson::array()},
          {"special_tokens", {{"<|end|>", {{"id", "<|end|>"}, {"ids", {100}}, {"tokens", {"<|end|>"}}}}}}}},
        {"decoder", {{"type", "ByteLevel"}, {"add_prefix_space", true}, {"trim_offsets", true}, {"use_regex", true}}},
        {"model",
         {{"type", "BPE"},
          {"dropout", nullptr},
          {"unk_token", nullptr},
          {"continuing_subword_prefix", ""},
          {"end_of_word_suffix", ""},
          {"fuse_unk", false},
          {"byte_fallback", false},
          {"ignore_merges", false},
          {"vocab", vocabulary},
          {"merges", merges}}}};
}

/// As Llama 2: U+2581 for a space, bytes as <0xNN>.
OrderedJson byteFallback()
{
    OrderedJson vocabulary{{"<unk>", 0}, {"<s>", 1}};
    for (int b = 0; b < 256; ++b)
        vocabulary[fmt::format("<0x{:02X}>", b)] = vocabulary.size();
    for (const char* text : {"\xe2\x96\x81", "t", "h", "e", "th", "the", "\xe2\x96\x81the"})
        vocabulary[text] = vocabulary.size();
    const OrderedJson decoders{{{"type", "Replace"}, {"pattern", {{"String", "\xe2\x96\x81"}}}, {"content", " "}},
                               {{"type", "ByteFallback"}},
                               {{"type", "Fuse"}},
                               {{"type", "Strip"}, {"content", " "}, {"start", 1}, {"stop", 0}}};
    return {{"version", "1.0"},
            {"added_tokens", {added(0, "<unk>", true), added(1, "<s>", true)}},
            {"normalizer",
             {{"type", "Sequence"},
              {"normalizers",
               {{{"type", "Prepend"}, {"prepend", "\xe2\x96\x81"}},
                {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", "\xe2\x96\x81"}}}}}},
            {"pre_tokenizer", nullptr},
            {"post_processor", nullptr},
            {"decoder", {{"type", "Sequence"}, {"decoders", decoders}}},
            {"model",
             {{"type", "BPE"},
              {"unk_token", "<unk>"},
              {"fuse_unk", true},
              {"byte_fallback", true},
              {"vocab", vocabulary},
              {"merges", {"t h", "th e", "\xe2\x96\x81 the"}}}}};
}

} // namespace

std::vector<std::string> fuzz::fuzzSeeds()
{
    return {byteLevel().dump(), byteFallback().dump(), byteFallback().dump(2)};
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto tokenizer = tokenizer::Tokenizer::parse(fuzz::viewOf(data, size), "tokenizer.json");
    if (!tokenizer)
        return fuzz::refused(tokenizer.error());
    std::string hostile = "The  the in\xc3\xa4 \xf0\x9f\x8d\x87 <|end|>  ab\r\n\t1234567's the";
    hostile += std::string(300, ' ') + std::string(300, 'e') + "e\xcc\x81 \xe2\x96\x81";
    for (const bool special : {false, true}) {
        const auto ids = tokenizer->encode(hostile, special);
        if (!ids)
            return ids.error().message.empty() ? throw std::runtime_error("no reason is given") : 0;
        for (const auto id : *ids)
            fuzz::require(id >= 0, "an id is negative");
        (void)tokenizer->decode(*ids);
        (void)tokenizer->decode(*ids, false, tokenizer::DecodeAt::Inside);
    }
    for (const tokenizer::TokenId id : {-1, 0, 100, 101, 1 << 30})
        (void)tokenizer->tokenBytes(id);
    return 0;
}
