// SPDX-License-Identifier: Apache-2.0
#include "tests/support/released_models.h"

#include "tests/support/tiny_checkpoint.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::test {

namespace {

using checkpoint::Dtype;
using Shape = std::vector<std::int64_t>;

struct TensorList {
    ReleasedModel& model;
    std::int64_t size(const char* key) const { return model.config.at(key).get<std::int64_t>(); }

    void add(const std::string& name, Shape shape, Dtype dtype = Dtype::BF16)
    {
        checkpoint::TensorInfo info;
        info.name = name;
        info.dtype = dtype;
        info.shape = std::move(shape);
        info.bytes = static_cast<std::uint64_t>(info.elements()) *
                     static_cast<std::uint64_t>(checkpoint::bitsPerElement(dtype)) / 8;
        model.tensors.push_back(std::move(info));
    }
    /// A matrix in FP8 with its scales, as DeepSeek stores it.
    void fp8(const std::string& stem, std::int64_t rows, std::int64_t columns)
    {
        add(stem + ".weight", {rows, columns}, Dtype::F8E4M3);
        add(stem + ".weight_scale_inv", {(rows + 127) / 128, (columns + 127) / 128}, Dtype::F32);
    }
    void linear(const std::string& stem, std::int64_t rows, std::int64_t columns, bool bias = false)
    {
        add(stem + ".weight", {rows, columns});
        if (bias)
            add(stem + ".bias", {rows});
    }
    void ffn(const std::string& stem, std::int64_t width, bool narrow)
    {
        const std::int64_t hidden = size("hidden_size");
        const auto matrix = [&](const char* name, std::int64_t rows, std::int64_t columns) {
            narrow ? fp8(stem + name, rows, columns) : linear(stem + name, rows, columns);
        };
        matrix("gate_proj", width, hidden);
        matrix("up_proj", width, hidden);
        matrix("down_proj", hidden, width);
    }
    void norms(const std::string& prefix)
    {
        add(prefix + "input_layernorm.weight", {size("hidden_size")});
        add(prefix + "post_attention_layernorm.weight", {size("hidden_size")});
    }
    void ends()
    {
        add("model.norm.weight", {size("hidden_size")});
        add("lm_head.weight", {size("vocab_size"), size("hidden_size")});
    }
    void embedding(const std::string& name = "model.embed_tokens.weight")
    {
        add(name, {size("vocab_size"), size("hidden_size")});
    }
    void grouped(const std::string& self, std::int64_t queryParts, bool bias)
    {
        const std::int64_t hidden = size("hidden_size"), width = size("head_dim");
        linear(self + "q_proj", size("num_attention_heads") * width * queryParts, hidden, bias);
        linear(self + "k_proj", size("num_key_value_heads") * width, hidden, bias);
        linear(self + "v_proj", size("num_key_value_heads") * width, hidden, bias);
        linear(self + "o_proj", hidden, size("num_attention_heads") * width, bias);
    }
    void headNorms(const std::string& self)
    {
        add(self + "q_norm.weight", {size("head_dim")});
        add(self + "k_norm.weight", {size("head_dim")});
    }
    void latentLayer(const std::string& prefix, bool moe)
    {
        const std::string self = prefix + "self_attn.";
        const std::int64_t hidden = size("hidden_size"), heads = size("num_attention_heads");
        const std::int64_t nope = size("qk_nope_head_dim"), rope = size("qk_rope_head_dim");
        fp8(self + "q_a_proj", size("q_lora_rank"), hidden);
        add(self + "q_a_layernorm.weight", {size("q_lora_rank")});
        fp8(self + "q_b_proj", heads * (nope + rope), size("q_lora_rank"));
        fp8(self + "kv_a_proj_with_mqa", size("kv_lora_rank") + rope, hidden);
        add(self + "kv_a_layernorm.weight", {size("kv_lora_rank")});
        fp8(self + "kv_b_proj", heads * (nope + size("v_head_dim")), size("kv_lora_rank"));
        fp8(self + "o_proj", hidden, heads * size("v_head_dim"));
        norms(prefix);
        if (!moe)
            return ffn(prefix + "mlp.", size("intermediate_size"), true);
        add(prefix + "mlp.gate.weight", {size("n_routed_experts"), hidden});
        add(prefix + "mlp.gate.e_score_correction_bias", {size("n_routed_experts")}, Dtype::F32);
        for (int e = 0; e < size("n_routed_experts"); ++e)
            ffn(fmt::format("{}mlp.experts.{}.", prefix, e), size("moe_intermediate_size"), true);
        ffn(prefix + "mlp.shared_experts.", size("n_shared_experts") * size("moe_intermediate_size"), true);
    }
};

void change(ReleasedModel& model, const ConfigChanges& changes)
{
    if (!changes.is_null())
        model.config.update(changes);
}

ReleasedModel latentModel(const std::string& name, const base::OrderedJson& own, const ConfigChanges& changes)
{
    ReleasedModel model{name,
                        {{"architectures", {"DeepseekV3ForCausalLM"}},
                         {"attention_bias", false},
                         {"hidden_act", "silu"},
                         {"hidden_size", 7168},
                         {"intermediate_size", 18432},
                         {"kv_lora_rank", 512},
                         {"moe_intermediate_size", 2048},
                         {"moe_layer_freq", 1},
                         {"n_shared_experts", 1},
                         {"norm_topk_prob", true},
                         {"num_experts_per_tok", 8},
                         {"num_hidden_layers", 61},
                         {"q_lora_rank", 1536},
                         {"qk_nope_head_dim", 128},
                         {"qk_rope_head_dim", 64},
                         {"quantization_config",
                          {{"activation_scheme", "dynamic"},
                           {"fmt", "e4m3"},
                           {"quant_method", "fp8"},
                           {"weight_block_size", {128, 128}}}},
                         {"rms_norm_eps", 1e-6},
                         {"scoring_func", "sigmoid"},
                         {"tie_word_embeddings", false},
                         {"topk_method", "noaux_tc"},
                         {"torch_dtype", "bfloat16"},
                         {"v_head_dim", 128}},
                        {}};
    model.config.update(own);
    change(model, changes);
    TensorList list{model};
    const auto layers = list.size("num_hidden_layers");
    list.embedding();
    for (int n = 0; n < layers; ++n)
        list.latentLayer(fmt::format("model.layers.{}.", n), n >= list.size("first_k_dense_replace"));
    list.ends();
    const std::int64_t hidden = list.size("hidden_size");
    for (auto n = layers; n < layers + list.size("num_nextn_predict_layers"); ++n) {
        const std::string prefix = fmt::format("model.layers.{}.", n);
        list.embedding(prefix + "embed_tokens.weight");
        for (const char* norm : {"enorm", "hnorm", "shared_head.norm"})
            list.add(prefix + norm + ".weight", {hidden});
        list.linear(prefix + "eh_proj", hidden, 2 * hidden);
        list.latentLayer(prefix, true);
        list.embedding(prefix + "shared_head.head.weight");
    }
    return model;
}

base::OrderedJson yarn(double factor, double fast)
{
    return {{"beta_fast", fast}, {"beta_slow", 1},        {"factor", factor},
            {"mscale", 1.0},     {"mscale_all_dim", 1.0}, {"original_max_position_embeddings", 4096},
            {"type", "yarn"}};
}

} // namespace

ReleasedModel deepseekV3(const ConfigChanges& changes)
{
    return latentModel("DeepSeek-V3",
                       {{"model_type", "deepseek_v3"},
                        {"first_k_dense_replace", 3},
                        {"max_position_embeddings", 163840},
                        {"n_group", 8},
                        {"n_routed_experts", 256},
                        {"num_attention_heads", 128},
                        {"num_key_value_heads", 128},
                        {"num_nextn_predict_layers", 1},
                        {"rope_scaling", yarn(40, 32)},
                        {"rope_theta", 10000},
                        {"routed_scaling_factor", 2.5},
                        {"topk_group", 4},
                        {"vocab_size", 129280}},
                       changes);
}

ReleasedModel kimiK2(const ConfigChanges& changes)
{
    return latentModel("Kimi-K2",
                       {{"model_type", "kimi_k2"},
                        {"first_k_dense_replace", 1},
                        {"max_position_embeddings", 131072},
                        {"n_group", 1},
                        {"n_routed_experts", 384},
                        {"num_attention_heads", 64},
                        {"num_key_value_heads", 64},
                        {"num_nextn_predict_layers", 0},
                        {"rope_scaling", yarn(32, 1)},
                        {"rope_theta", 50000.0},
                        {"routed_scaling_factor", 2.827},
                        {"topk_group", 1},
                        {"vocab_size", 163840}},
                       changes);
}

ReleasedModel qwen3Moe235b(const ConfigChanges& changes)
{
    ReleasedModel model{"Qwen3-235B-A22B",
                        {{"architectures", {"Qwen3MoeForCausalLM"}},
                         {"model_type", "qwen3_moe"},
                         {"attention_bias", false},
                         {"decoder_sparse_step", 1},
                         {"head_dim", 128},
                         {"hidden_act", "silu"},
                         {"hidden_size", 4096},
                         {"intermediate_size", 12288},
                         {"max_position_embeddings", 40960},
                         {"mlp_only_layers", base::OrderedJson::array()},
                         {"moe_intermediate_size", 1536},
                         {"norm_topk_prob", true},
                         {"num_attention_heads", 64},
                         {"num_experts", 128},
                         {"num_experts_per_tok", 8},
                         {"num_hidden_layers", 94},
                         {"num_key_value_heads", 4},
                         {"rms_norm_eps", 1e-6},
                         {"rope_scaling", nullptr},
                         {"rope_theta", 1000000.0},
                         {"sliding_window", nullptr},
                         {"tie_word_embeddings", false},
                         {"torch_dtype", "bfloat16"},
                         {"use_sliding_window", false},
                         {"vocab_size", 151936}},
                        {}};
    change(model, changes);
    TensorList list{model};
    list.embedding();
    for (int n = 0; n < list.size("num_hidden_layers"); ++n) {
        const std::string prefix = fmt::format("model.layers.{}.", n);
        list.norms(prefix);
        for (int e = 0; e < list.size("num_experts"); ++e)
            list.ffn(fmt::format("{}mlp.experts.{}.", prefix, e), list.size("moe_intermediate_size"), false);
        list.add(prefix + "mlp.gate.weight", {list.size("num_experts"), list.size("hidden_size")});
        list.grouped(prefix + "self_attn.", 1, false);
        list.headNorms(prefix + "self_attn.");
    }
    list.ends();
    return model;
}

ReleasedModel gptOss120b(const ConfigChanges& changes)
{
    base::OrderedJson types = base::OrderedJson::array();
    for (int n = 0; n < 36; ++n)
        types.push_back(n % 2 == 0 ? "sliding_attention" : "full_attention");
    base::OrderedJson scaling = yarn(32, 32);
    scaling.erase("mscale");
    scaling.erase("mscale_all_dim");
    scaling.erase("type");
    scaling["rope_type"] = "yarn";
    scaling["truncate"] = false;
    ReleasedModel model{"gpt-oss-120b",
                        {{"architectures", {"GptOssForCausalLM"}},
                         {"model_type", "gpt_oss"},
                         {"attention_bias", true},
                         {"experts_per_token", 4},
                         {"head_dim", 64},
                         {"hidden_act", "silu"},
                         {"hidden_size", 2880},
                         {"intermediate_size", 2880},
                         {"layer_types", types},
                         {"max_position_embeddings", 131072},
                         {"num_attention_heads", 64},
                         {"num_experts_per_tok", 4},
                         {"num_hidden_layers", 36},
                         {"num_key_value_heads", 8},
                         {"num_local_experts", 128},
                         {"quantization_config", {{"quant_method", "mxfp4"}}},
                         {"rms_norm_eps", 1e-5},
                         {"rope_scaling", scaling},
                         {"rope_theta", 150000},
                         {"sliding_window", 128},
                         {"swiglu_limit", 7.0},
                         {"tie_word_embeddings", false},
                         {"vocab_size", 201088}},
                        {}};
    change(model, changes);
    TensorList list{model};
    const std::int64_t experts = list.size("num_local_experts"), hidden = list.size("hidden_size"),
                       width = list.size("intermediate_size");
    list.embedding();
    for (int n = 0; n < list.size("num_hidden_layers"); ++n) {
        const std::string prefix = fmt::format("model.layers.{}.", n);
        list.norms(prefix);
        list.add(prefix + "mlp.experts.down_proj_bias", {experts, hidden});
        list.add(prefix + "mlp.experts.down_proj_blocks", {experts, hidden, width / 32, 16}, Dtype::U8);
        list.add(prefix + "mlp.experts.down_proj_scales", {experts, hidden, width / 32}, Dtype::U8);
        list.add(prefix + "mlp.experts.gate_up_proj_bias", {experts, 2 * width});
        list.add(prefix + "mlp.experts.gate_up_proj_blocks", {experts, 2 * width, hidden / 32, 16}, Dtype::U8);
        list.add(prefix + "mlp.experts.gate_up_proj_scales", {experts, 2 * width, hidden / 32}, Dtype::U8);
        list.linear(prefix + "mlp.router", experts, hidden, true);
        list.grouped(prefix + "self_attn.", 1, true);
        list.add(prefix + "self_attn.sinks", {list.size("num_attention_heads")});
    }
    list.ends();
    return model;
}

ReleasedModel qwen3Next80b(const ConfigChanges& changes)
{
    ReleasedModel model{"Qwen3-Next-80B-A3B",
                        {{"architectures", {"Qwen3NextForCausalLM"}},
                         {"model_type", "qwen3_next"},
                         {"decoder_sparse_step", 1},
                         {"full_attention_interval", 4},
                         {"head_dim", 256},
                         {"hidden_act", "silu"},
                         {"hidden_size", 2048},
                         {"intermediate_size", 5120},
                         {"linear_conv_kernel_dim", 4},
                         {"linear_key_head_dim", 128},
                         {"linear_num_key_heads", 16},
                         {"linear_num_value_heads", 32},
                         {"linear_value_head_dim", 128},
                         {"max_position_embeddings", 262144},
                         {"mlp_only_layers", base::OrderedJson::array()},
                         {"moe_intermediate_size", 512},
                         {"norm_topk_prob", true},
                         {"num_attention_heads", 16},
                         {"num_experts", 512},
                         {"num_experts_per_tok", 10},
                         {"num_hidden_layers", 48},
                         {"num_key_value_heads", 2},
                         {"partial_rotary_factor", 0.25},
                         {"rms_norm_eps", 1e-6},
                         {"rope_scaling", nullptr},
                         {"rope_theta", 10000000},
                         {"shared_expert_intermediate_size", 512},
                         {"tie_word_embeddings", false},
                         {"vocab_size", 151936}},
                        {}};
    change(model, changes);
    TensorList list{model};
    const std::int64_t hidden = list.size("hidden_size"), heads = list.size("linear_num_value_heads"),
                       keys = list.size("linear_num_key_heads") * list.size("linear_key_head_dim"),
                       values = heads * list.size("linear_value_head_dim");
    list.embedding();
    const auto block = [&](const std::string& prefix, bool attention) {
        list.norms(prefix);
        for (int e = 0; e < list.size("num_experts"); ++e)
            list.ffn(fmt::format("{}mlp.experts.{}.", prefix, e), list.size("moe_intermediate_size"), false);
        list.add(prefix + "mlp.gate.weight", {list.size("num_experts"), hidden});
        list.ffn(prefix + "mlp.shared_expert.", list.size("shared_expert_intermediate_size"), false);
        list.add(prefix + "mlp.shared_expert_gate.weight", {1, hidden});
        if (attention) {
            list.grouped(prefix + "self_attn.", 2, false); // q_proj holds the gate of the output, too
            return list.headNorms(prefix + "self_attn.");
        }
        const std::string self = prefix + "linear_attn.";
        list.add(self + "A_log", {heads});
        list.add(self + "conv1d.weight", {2 * keys + values, 1, list.size("linear_conv_kernel_dim")});
        list.add(self + "dt_bias", {heads});
        list.add(self + "in_proj_ba.weight", {2 * heads, hidden});
        list.add(self + "in_proj_qkvz.weight", {2 * keys + 2 * values, hidden});
        list.add(self + "norm.weight", {list.size("linear_value_head_dim")});
        list.add(self + "out_proj.weight", {hidden, values});
    };
    for (int n = 0; n < list.size("num_hidden_layers"); ++n)
        block(fmt::format("model.layers.{}.", n), (n + 1) % list.size("full_attention_interval") == 0);
    list.ends();
    block("mtp.layers.0.", true);
    list.add("mtp.fc.weight", {hidden, 2 * hidden});
    for (const char* norm : {"mtp.norm", "mtp.pre_fc_norm_embedding", "mtp.pre_fc_norm_hidden"})
        list.add(std::string(norm) + ".weight", {hidden});
    return model;
}

void writeSparse(const std::filesystem::path& folder, const ReleasedModel& model, std::size_t shards)
{
    std::filesystem::create_directories(folder);
    writeText(folder / "config.json", model.config.dump(2));
    std::string map;
    std::uint64_t total = 0;
    const std::size_t perShard = (model.tensors.size() + shards - 1) / shards;
    for (std::size_t shard = 0; shard < shards; ++shard) {
        const std::string name = fmt::format("model-{:05}-of-{:05}.safetensors", shard + 1, shards);
        const auto place = [&](std::size_t n) {
            return model.tensors.begin() + static_cast<std::ptrdiff_t>(std::min(n * perShard, model.tensors.size()));
        };
        const std::vector<checkpoint::TensorInfo> part(place(shard), place(shard + 1));
        std::uint64_t bytes = 0;
        for (const auto& tensor : part) {
            bytes += tensor.bytes;
            map += fmt::format("{}\"{}\":\"{}\"", map.empty() ? "" : ",", tensor.name, name);
        }
        const std::string head = checkpoint::makeSafetensorsHeader(part, {{"format", "pt"}});
        writeText(folder / name, head);
        std::filesystem::resize_file(folder / name, head.size() + bytes); // a hole: no disk is used
        total += bytes;
    }
    writeText(folder / "model.safetensors.index.json",
              fmt::format("{{\"metadata\":{{\"total_size\":{}}},\"weight_map\":{{{}}}}}", total, map));
}

} // namespace espalier::test
