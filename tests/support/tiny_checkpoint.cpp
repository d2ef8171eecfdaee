// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tiny_checkpoint.h"

#include "core/base/file.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <limits>
#include <numbers>
#include <random>
#include <stdexcept>

namespace espalier::test {

using checkpoint::Dtype;

namespace {

template <typename R>
void require(const R& result)
{
    if (!result)
        throw std::runtime_error(result.error().text());
}

/// Normal values from mt19937 by Box-Muller: std::normal_distribution differs between standard libraries.
class Normal {
public:
    explicit Normal(std::uint32_t seed) : m_bits(seed) {}
    double operator()()
    {
        const double u = (static_cast<double>(m_bits()) + 1.0) / 4294967297.0;
        const double v = static_cast<double>(m_bits()) / 4294967296.0;
        return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
    }

private:
    std::mt19937 m_bits;
};

RawTensor randomTensor(const TinyOptions& options, Normal& normal, std::string name, std::vector<std::int64_t> shape)
{
    const bool norm = name.ends_with("norm.weight");
    std::size_t count = 1;
    for (const std::int64_t dimension : shape)
        count *= static_cast<std::size_t>(dimension);
    RawTensor tensor{std::move(name), options.dtype, std::move(shape), {}};
    const std::size_t width = options.dtype == Dtype::BF16 ? 2 : 4;
    tensor.data.resize(count * width);
    for (std::size_t i = 0; i < count; ++i) {
        const double z = normal();
        const auto value = static_cast<float>(norm ? 1 + 0.2 * z : options.weightScale * z);
        const auto bits = std::bit_cast<std::uint32_t>(value);
        if (width == 4) {
            std::memcpy(tensor.data.data() + 4 * i, &bits, 4);
        } else {
            const auto half = static_cast<std::uint16_t>((bits + 0x7FFFU + ((bits >> 16U) & 1U)) >> 16U);
            std::memcpy(tensor.data.data() + 2 * i, &half, 2);
        }
    }
    return tensor;
}

float halfToFloat(std::uint16_t half)
{
    const int exponent = (half >> 10) & 31;
    const int mantissa = half & 1023;
    const float sign = (half & 0x8000) != 0 ? -1.0F : 1.0F;
    if (exponent == 31)
        return mantissa == 0 ? sign * std::numeric_limits<float>::infinity() : std::nanf("");
    if (exponent == 0)
        return sign * std::ldexp(static_cast<float>(mantissa), -24);
    return sign * std::ldexp(static_cast<float>(mantissa + 1024), exponent - 25);
}

} // namespace

bool isMoeLayer(const TinyOptions& options, int layer)
{
    return options.moe && !options.mlpOnlyLayers.contains(layer) && options.experts > 0 &&
           (layer + 1) % options.decoderSparseStep == 0;
}

base::OrderedJson tinyConfig(const TinyOptions& options)
{
    base::OrderedJson config;
    config["architectures"] = {options.moe ? "Qwen3MoeForCausalLM" : "Qwen3ForCausalLM"};
    config["model_type"] = options.moe ? "qwen3_moe" : "qwen3";
    config["attention_bias"] = options.attentionBias;
    config["attention_dropout"] = 0.0;
    config["bos_token_id"] = nullptr;
    config["eos_token_id"] = 0;
    config["head_dim"] = options.headDim;
    config["hidden_act"] = "silu";
    config["hidden_size"] = options.hidden;
    config["initializer_range"] = 0.02;
    config["intermediate_size"] = options.denseWidth;
    config["max_position_embeddings"] = options.maxPositions;
    config["num_attention_heads"] = options.heads;
    config["num_hidden_layers"] = options.layers;
    config["num_key_value_heads"] = options.kvHeads;
    config["rms_norm_eps"] = 1e-6;
    config["rope_scaling"] = nullptr;
    config["rope_theta"] = options.ropeTheta;
    config["sliding_window"] = nullptr;
    config["tie_word_embeddings"] = options.tied;
    config["torch_dtype"] = std::string(checkpoint::dtypeLongName(options.dtype));
    config["use_cache"] = true;
    config["use_sliding_window"] = false;
    config["vocab_size"] = options.vocabulary;
    if (options.moe) {
        config["decoder_sparse_step"] = options.decoderSparseStep;
        config["mlp_only_layers"] = options.mlpOnlyLayers;
        config["moe_intermediate_size"] = options.expertWidth;
        config["norm_topk_prob"] = options.normTopK;
        config["num_experts"] = options.experts;
        config["num_experts_per_tok"] = options.topK;
        config["output_router_logits"] = false;
    }
    return config;
}

std::vector<RawTensor> tinyTensors(const TinyOptions& options)
{
    Normal normal(options.seed);
    std::vector<RawTensor> tensors;
    const auto add = [&](std::string name, std::vector<std::int64_t> shape) {
        tensors.push_back(randomTensor(options, normal, std::move(name), std::move(shape)));
    };
    const std::int64_t hidden = options.hidden;
    const std::int64_t qRows = std::int64_t{options.heads} * options.headDim;
    const std::int64_t kvRows = std::int64_t{options.kvHeads} * options.headDim;
    const auto addFfn = [&](const std::string& prefix, std::int64_t width) {
        add(prefix + "gate_proj.weight", {width, hidden});
        add(prefix + "up_proj.weight", {width, hidden});
        add(prefix + "down_proj.weight", {hidden, width});
    };
    add("model.embed_tokens.weight", {options.vocabulary, hidden});
    for (int layer = 0; layer < options.layers; ++layer) {
        const std::string prefix = fmt::format("model.layers.{}.", layer);
        add(prefix + "input_layernorm.weight", {hidden});
        add(prefix + "self_attn.q_proj.weight", {qRows, hidden});
        add(prefix + "self_attn.k_proj.weight", {kvRows, hidden});
        add(prefix + "self_attn.v_proj.weight", {kvRows, hidden});
        add(prefix + "self_attn.o_proj.weight", {hidden, qRows});
        if (options.attentionBias) {
            add(prefix + "self_attn.q_proj.bias", {qRows});
            add(prefix + "self_attn.k_proj.bias", {kvRows});
            add(prefix + "self_attn.v_proj.bias", {kvRows});
            add(prefix + "self_attn.o_proj.bias", {hidden});
        }
        add(prefix + "self_attn.q_norm.weight", {options.headDim});
        add(prefix + "self_attn.k_norm.weight", {options.headDim});
        add(prefix + "post_attention_layernorm.weight", {hidden});
        if (!isMoeLayer(options, layer)) {
            addFfn(prefix + "mlp.", options.denseWidth);
            continue;
        }
        add(prefix + "mlp.gate.weight", {options.experts, hidden});
        for (int expert = 0; expert < options.experts; ++expert)
            addFfn(fmt::format("{}mlp.experts.{}.", prefix, expert), options.expertWidth);
    }
    add("model.norm.weight", {hidden});
    if (!options.tied)
        add("lm_head.weight", {options.vocabulary, hidden});
    return tensors;
}

void writeText(const std::filesystem::path& file, std::string_view text)
{
    std::ofstream out(file, std::ios::binary);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.close();
    if (!out)
        throw std::runtime_error("cannot write " + file.string());
}

std::string readText(const std::filesystem::path& file)
{
    auto text = base::readTextFile(file, ByteSize(1ULL << 32U));
    require(text);
    return *text;
}

void writeSafetensors(const std::filesystem::path& file, const std::vector<RawTensor>& tensors,
                      const std::map<std::string, std::string>& metadata)
{
    std::vector<checkpoint::TensorInfo> infos;
    for (const RawTensor& tensor : tensors) {
        checkpoint::TensorInfo info;
        info.name = tensor.name;
        info.dtype = tensor.dtype;
        info.shape = tensor.shape;
        info.bytes = tensor.data.size();
        infos.push_back(std::move(info));
    }
    std::string all = checkpoint::makeSafetensorsHeader(infos, metadata);
    for (const RawTensor& tensor : tensors)
        all.append(reinterpret_cast<const char*>(tensor.data.data()), tensor.data.size());
    writeText(file, all);
}

std::string hostileSafetensors(std::string_view json, std::size_t dataBytes, std::int64_t claimedLength)
{
    const auto length =
        claimedLength < 0 ? static_cast<std::uint64_t>(json.size()) : static_cast<std::uint64_t>(claimedLength);
    std::string out;
    for (unsigned shift = 0; shift < 64; shift += 8)
        out += static_cast<char>(static_cast<unsigned char>(length >> shift));
    out += json;
    out.append(dataBytes, '\0');
    return out;
}

void writeCheckpoint(const std::filesystem::path& folder, const base::OrderedJson& config,
                     const std::vector<RawTensor>& tensors, int shards)
{
    std::filesystem::create_directories(folder);
    writeText(folder / "config.json", config.dump(2) + "\n");
    if (shards <= 1) {
        writeSafetensors(folder / "model.safetensors", tensors);
        return;
    }
    base::OrderedJson map;
    std::uint64_t total = 0;
    for (int shard = 0; shard < shards; ++shard) {
        const std::string name = fmt::format("model-{:05}-of-{:05}.safetensors", shard + 1, shards);
        std::vector<RawTensor> part;
        // Round robin, so that even one expert's matrices lie in different files
        for (auto i = static_cast<std::size_t>(shard); i < tensors.size(); i += static_cast<std::size_t>(shards)) {
            map[tensors[i].name] = name;
            total += tensors[i].data.size();
            part.push_back(tensors[i]);
        }
        writeSafetensors(folder / name, part);
    }
    base::OrderedJson index;
    index["metadata"]["total_size"] = total;
    index["weight_map"] = std::move(map);
    writeText(folder / "model.safetensors.index.json", index.dump(2) + "\n");
}

void writeTinyCheckpoint(const std::filesystem::path& folder, const TinyOptions& options)
{
    writeCheckpoint(folder, tinyConfig(options), tinyTensors(options), options.shards);
}

std::vector<float> toFloats(Dtype dtype, const std::byte* data, std::size_t count)
{
    std::vector<float> out(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::uint16_t half = 0;
        if (dtype == Dtype::F32) {
            std::memcpy(&out[i], data + 4 * i, 4);
            continue;
        }
        std::memcpy(&half, data + 2 * i, 2);
        if (dtype == Dtype::BF16)
            out[i] = std::bit_cast<float>(static_cast<std::uint32_t>(half) << 16U);
        else if (dtype == Dtype::F16)
            out[i] = halfToFloat(half);
        else
            throw std::runtime_error("toFloats: unsupported dtype");
    }
    return out;
}

} // namespace espalier::test
