// SPDX-License-Identifier: Apache-2.0
#include "core/model/gguf/gguf_config.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace espalier::model {

GgufConfig::GgufConfig(const checkpoint::Checkpoint& checkpoint, std::string_view architecture)
    : m_checkpoint(checkpoint), m_metadata(*checkpoint.gguf()), m_prefix(std::string(architecture) + ".")
{
}

std::string GgufConfig::full(std::string_view key) const
{
    return m_prefix + std::string(key);
}

Error GgufConfig::error(std::string_view key, std::string message) const
{
    return base::badInput(std::move(message), m_checkpoint.configFile(), "key " + full(key));
}

std::optional<std::int64_t> GgufConfig::integerIf(std::string_view key) const
{
    return m_metadata.integer(full(key));
}
std::optional<double> GgufConfig::realIf(std::string_view key) const
{
    return m_metadata.real(full(key));
}
std::optional<bool> GgufConfig::booleanIf(std::string_view key) const
{
    return m_metadata.boolean(full(key));
}

Result<std::int64_t> GgufConfig::integer(std::string_view key) const
{
    if (m_metadata.find(full(key)) == nullptr)
        return error(key, "the key is missing");
    const auto value = integerIf(key);
    if (!value)
        return error(key, "is not one whole number");
    return *value;
}

Result<std::int64_t> GgufConfig::uniform(std::string_view key) const
{
    const auto all = m_metadata.integers(full(key));
    if (!all)
        return integer(key);
    if (all->empty() || std::any_of(all->begin(), all->end(), [&](auto value) { return value != all->front(); }))
        return error(key, "layers that differ in this are not supported");
    return all->front();
}

Result<void> GgufConfig::copy(std::string_view key, const char* to)
{
    ESPALIER_TRY(json[to], integer(key));
    return {};
}

void GgufConfig::copyIf(std::string_view key, const char* to)
{
    if (const auto value = integerIf(key))
        json[to] = *value;
}

void GgufConfig::copyRealIf(std::string_view key, const char* to)
{
    if (const auto value = realIf(key))
        json[to] = *value;
}

Result<void> GgufConfig::readCommon()
{
    ESPALIER_TRY(const std::int64_t blocks, integer("block_count"));
    const std::int64_t further = integerIf("nextn_predict_layers").value_or(0);
    if (blocks < 1 || blocks > 10'000 || further < 0 || further >= blocks)
        return error("block_count", fmt::format("{} is not a sensible number of layers", blocks));
    m_layers = static_cast<int>(blocks - further);
    json["num_hidden_layers"] = m_layers;
    ESPALIER_CHECK(copy("embedding_length", "hidden_size"));
    ESPALIER_CHECK(copy("context_length", "max_position_embeddings"));
    ESPALIER_TRY(const std::int64_t heads, uniform("attention.head_count"));
    json["num_attention_heads"] = heads;
    json["num_key_value_heads"] = heads;
    if (m_metadata.find(full("attention.head_count_kv")) != nullptr) {
        ESPALIER_TRY(json["num_key_value_heads"], uniform("attention.head_count_kv"));
    }
    copyIf("attention.key_length", "head_dim");
    if (heads < 1)
        return error("attention.head_count", "is not greater than zero");
    if (!json.contains("head_dim"))
        json["head_dim"] = json["hidden_size"].get<std::int64_t>() / heads;
    if (m_metadata.find(full("feed_forward_length")) != nullptr) {
        ESPALIER_TRY(json["intermediate_size"], uniform("feed_forward_length"));
    }
    if (!realIf("attention.layer_norm_rms_epsilon"))
        return error("attention.layer_norm_rms_epsilon", "the key is missing");
    copyRealIf("attention.layer_norm_rms_epsilon", "rms_norm_eps");
    const checkpoint::TensorInfo* embedding = tensor("token_embd.weight");
    if (embedding == nullptr || embedding->shape.size() != 2)
        return base::badInput("the embedding is missing", m_checkpoint.configFile(), "tensor token_embd.weight");
    json["vocab_size"] = embedding->shape[0];
    if (const auto* tokens = m_metadata.find("tokenizer.ggml.tokens");
        tokens != nullptr && std::cmp_not_equal(tokens->count, embedding->shape[0]))
        return base::badInput(
            fmt::format("names {} tokens, the embedding has {} rows", tokens->count, embedding->shape[0]),
            m_checkpoint.configFile(), "key tokenizer.ggml.tokens");
    json["tie_word_embeddings"] = !has("output.weight");
    readStops();
    return readRope();
}

/// Besides the keys, the tokens that end a turn by their text in the models of today: llama.cpp stops there, too.
void GgufConfig::readStops()
{
    constexpr std::array<std::string_view, 8> kEnds{"<|eot_id|>",      "<|im_end|>",    "<|endoftext|>",
                                                    "<|end_of_text|>", "<end_of_turn>", "<｜end▁of▁sentence｜>",
                                                    "<|return|>",      "<|call|>"};
    base::OrderedJson stops = base::OrderedJson::array();
    for (const char* key :
         {"tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"})
        if (const auto id = m_metadata.integer(key); id && *id >= 0)
            stops.push_back(static_cast<std::uint64_t>(*id));
    if (const auto tokens = m_metadata.texts("tokenizer.ggml.tokens"))
        for (std::size_t id = 0; id < tokens->size(); ++id)
            if (std::find(kEnds.begin(), kEnds.end(), (*tokens)[id]) != kEnds.end())
                stops.push_back(id);
    json["eos_token_id"] = std::move(stops);
}

Result<void> GgufConfig::readRope()
{
    json["rope_theta"] = realIf("rope.freq_base").value_or(10000.0); // llama.cpp's own, whatever the family's is
    if (const auto turning = integerIf("rope.dimension_count")) {
        const std::int64_t whole = json["head_dim"].get<std::int64_t>();
        if (*turning < 1 || *turning > whole)
            return error("rope.dimension_count",
                         fmt::format("{} of a head's {} elements cannot turn", *turning, whole));
        if (*turning != whole)
            json["partial_rotary_factor"] = static_cast<double>(*turning) / static_cast<double>(whole);
    }
    const auto type = m_metadata.text(full("rope.scaling.type"));
    const auto factor = realIf("rope.scaling.factor");
    if (!type || *type == "none" || !factor || *factor <= 0)
        return {};
    base::OrderedJson scaling{{"rope_type", std::string(*type)}, {"factor", *factor}};
    const auto add = [&](const char* key, const char* to) {
        if (const auto value = realIf(key))
            scaling[to] = *value;
    };
    if (const auto length = integerIf("rope.scaling.original_context_length"))
        scaling["original_max_position_embeddings"] = *length;
    add("rope.scaling.yarn_beta_fast", "beta_fast");
    add("rope.scaling.yarn_beta_slow", "beta_slow");
    if (const auto attention = realIf("rope.scaling.attn_factor"); attention && *type == "yarn" && *factor > 1)
        scaling["attention_factor"] = *attention * (0.1 * std::log(*factor) + 1);
    json["rope_scaling"] = std::move(scaling);
    return {};
}

Result<void> GgufConfig::readExperts(const char* count, const char* topK, std::string_view widthKey, const char* width)
{
    ESPALIER_CHECK(copy("expert_count", count)); // engines read one count for all layers
    ESPALIER_CHECK(copy("expert_used_count", topK));
    ESPALIER_TRY(json[width], uniform(widthKey));
    return {};
}

base::OrderedJson GgufConfig::denseLayers() const
{
    base::OrderedJson dense = base::OrderedJson::array();
    for (int n = 0; n < m_layers; ++n)
        if (!has(fmt::format("blk.{}.ffn_gate_inp.weight", n)))
            dense.push_back(n);
    return dense;
}

} // namespace espalier::model
