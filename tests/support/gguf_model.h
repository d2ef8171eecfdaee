// SPDX-License-Identifier: Apache-2.0
// A whole made-up GGUF model: metadata by key and tensors by name, each of which a test may change.
#pragma once

#include "tests/support/gguf_file.h"

#include <cstring>
#include <fmt/format.h>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace espalier::test {

struct GgufModel {
    struct Tensor {
        std::string name;
        std::vector<std::uint64_t> shape; ///< fastest first
        std::uint32_t type = 0;           ///< ggml's number
        std::string bytes;
    };
    std::map<std::string, std::string> keys; ///< entries by key
    std::vector<Tensor> tensors;

    void set(const std::string& key, std::uint32_t value) { keys[key] = ggufU32(key, value); }
    /// Another architecture's name in front of the keys, and as the architecture.
    void rename(const std::string& from, const std::string& to)
    {
        std::map<std::string, std::string> renamed;
        for (const auto& [key, entry] : keys) {
            const std::string name = key.starts_with(from + ".") ? to + key.substr(from.size()) : key;
            renamed[name] = ggufText(name) + entry.substr(8 + key.size());
        }
        keys = std::move(renamed);
        keys["general.architecture"] = ggufString("general.architecture", to);
    }
    Tensor& tensor(const std::string& name)
    {
        for (Tensor& one : tensors)
            if (one.name == name)
                return one;
        throw std::runtime_error("no tensor " + name);
    }
    [[nodiscard]] std::string file(std::uint64_t alignment = 32) const
    {
        std::vector<std::string> entries, table;
        for (const auto& [key, entry] : keys)
            entries.push_back(entry);
        std::string data;
        for (const Tensor& one : tensors) {
            table.push_back(ggufTensor(one.name, one.shape, one.type, data.size()));
            data += one.bytes;
            data.resize(checkpoint::paddedTo(data.size(), alignment), '\0');
        }
        return ggufFile(entries, table, 0, alignment) + data;
    }
};

/// qwen3moe: 2 layers, 4 experts of which 2 are used, 8 tokens, a byte-level tokenizer of "a" and "b". Experts are of
/// ggml type `type` with `blockBytes` for 256 numbers (1024 of F32); their bytes are random but for plain floats.
inline GgufModel ggufMoeModel(std::uint32_t type = 0, std::uint64_t blockBytes = 1024)
{
    GgufModel model;
    std::mt19937 random(9);
    constexpr std::uint64_t kHidden = 256, kHeads = 2, kDim = 32, kExperts = 4, kWidth = 256, kTokens = 8;
    const auto floats = [&](std::uint64_t count) {
        std::string bytes(4 * count, '\0');
        for (std::uint64_t i = 0; i < count; ++i) {
            const float value = static_cast<float>(random() % 2001) / 8000.0F - 0.125F;
            std::memcpy(bytes.data() + 4 * i, &value, 4);
        }
        return bytes;
    };
    const auto add = [&](const std::string& name, const std::vector<std::uint64_t>& shape) {
        std::uint64_t count = 1;
        for (const auto size : shape)
            count *= size;
        model.tensors.push_back({name, shape, 0, floats(count)});
    };
    add("token_embd.weight", {kHidden, kTokens});
    for (int n = 0; n < 2; ++n) {
        const std::string block = fmt::format("blk.{}.", n);
        for (const char* norm : {"attn_norm", "ffn_norm"})
            add(block + norm + ".weight", {kHidden});
        for (const char* norm : {"attn_q_norm", "attn_k_norm"})
            add(block + norm + ".weight", {kDim});
        add(block + "attn_q.weight", {kHidden, kHeads * kDim});
        add(block + "attn_k.weight", {kHidden, kDim});
        add(block + "attn_v.weight", {kHidden, kDim});
        add(block + "attn_output.weight", {kHeads * kDim, kHidden});
        add(block + "ffn_gate_inp.weight", {kHidden, kExperts});
        for (const char* which : {"gate", "up", "down"}) {
            add(fmt::format("{}ffn_{}_exps.weight", block, which), {kHidden, kWidth, kExperts});
            if (type == 0)
                continue;
            GgufModel::Tensor& experts = model.tensors.back();
            experts.type = type;
            experts.bytes.resize(kExperts * kWidth * blockBytes);
            for (char& byte : experts.bytes)
                byte = static_cast<char>(random() & 0x3FU);
        }
    }
    add("output_norm.weight", {kHidden});
    const auto text = [&](const std::string& key, const std::string& value) {
        model.keys[key] = ggufString(key, value);
    };
    text("general.architecture", "qwen3moe");
    text("general.name", "made up");
    const std::string top = "qwen3moe.";
    model.set(top + "block_count", 2);
    model.set(top + "context_length", 64);
    model.set(top + "embedding_length", kHidden);
    model.set(top + "feed_forward_length", 512);
    model.set(top + "attention.head_count", kHeads);
    model.set(top + "attention.head_count_kv", 1);
    model.set(top + "attention.key_length", kDim);
    model.set(top + "expert_count", kExperts);
    model.set(top + "expert_used_count", 2);
    model.set(top + "expert_feed_forward_length", kWidth);
    model.keys[top + "attention.layer_norm_rms_epsilon"] = ggufF32(top + "attention.layer_norm_rms_epsilon", 1e-6F);
    std::string tokens;
    for (const char* token : {"a", "b", "ab", "<s>", "</s>", "c", "d", "e"})
        tokens += ggufText(token);
    std::string types;
    for (const std::uint64_t kind : {1, 1, 1, 3, 3, 1, 1, 1})
        types += ggufNumber(kind, 4);
    text("tokenizer.ggml.model", "gpt2");
    text("tokenizer.ggml.pre", "gpt-2");
    model.keys["tokenizer.ggml.tokens"] = ggufArray("tokenizer.ggml.tokens", GgufType::String, kTokens, tokens);
    model.keys["tokenizer.ggml.token_type"] = ggufArray("tokenizer.ggml.token_type", GgufType::I32, kTokens, types);
    model.keys["tokenizer.ggml.merges"] = ggufArray("tokenizer.ggml.merges", GgufType::String, 1, ggufText("a b"));
    model.set("tokenizer.ggml.eos_token_id", 4);
    return model;
}

} // namespace espalier::test
