// SPDX-License-Identifier: Apache-2.0
// tokenizer.json, and texts through what was accepted.
#include "core/base/json.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/fuzz/fuzz_target.h"

#include <span>

using namespace espalier;
using base::OrderedJson;

namespace {

/// As Qwen and Llama 3: bytes as characters, a pattern before.
OrderedJson byteLevel()
{
    auto json = OrderedJson::parse(R"json({
      "version": "1.0", "truncation": null, "padding": null,
      "added_tokens": [
        {"id": 100, "content": "<|end|>", "single_word": false, "lstrip": false, "rstrip": true, "normalized": false,
         "special": true},
        {"id": 101, "content": "ab", "single_word": true, "lstrip": true, "rstrip": false, "normalized": true,
         "special": false}],
      "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}]},
      "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
        {"type": "Split", "behavior": "Isolated", "invert": false, "pattern":
         {"Regex": "(?i:'s|'t)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|\\s+(?!\\S)|\\s+"}},
        {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]},
      "post_processor": {"type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "<|end|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {"<|end|>": {"id": "<|end|>", "ids": [100], "tokens": ["<|end|>"]}}},
      "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
      "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "",
        "end_of_word_suffix": "", "fuse_unk": false, "byte_fallback": false, "ignore_merges": false, "vocab": {},
        "merges": [["t", "h"], ["th", "e"], ["\u0120", "the"], ["i", "n"]]}})json");
    OrderedJson& vocabulary = json["model"]["vocab"];
    for (char c = '!'; c <= '~'; ++c)
        vocabulary[std::string(1, c)] = vocabulary.size();
    for (const char* text : {"\xc4\xa0", "\xc4\x8a", "th", "the", "\xc4\xa0the", "in"})
        vocabulary[text] = vocabulary.size();
    return json;
}

/// As Llama 2: U+2581 for a space, bytes as <0xNN>.
OrderedJson byteFallback()
{
    auto json = OrderedJson::parse(R"json({
      "version": "1.0",
      "added_tokens": [
        {"id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
         "special": true},
        {"id": 1, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
         "special": true}],
      "normalizer": {"type": "Sequence", "normalizers": [
        {"type": "Prepend", "prepend": "\u2581"},
        {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]},
      "pre_tokenizer": null, "post_processor": null,
      "decoder": {"type": "Sequence", "decoders": [
        {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
        {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
      "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
        "vocab": {"<unk>": 0, "<s>": 1}, "merges": ["t h", "th e", "\u2581 the"]}})json");
    OrderedJson& vocabulary = json["model"]["vocab"];
    for (int b = 0; b < 256; ++b)
        vocabulary[fmt::format("<0x{:02X}>", b)] = vocabulary.size();
    for (const char* text : {"\xe2\x96\x81", "t", "h", "e", "th", "the", "\xe2\x96\x81the"})
        vocabulary[text] = vocabulary.size();
    return json;
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
