// SPDX-License-Identifier: Apache-2.0
// The architectures, each with what config.json says about it and GGUF says otherwise or takes for granted. Where
// llama.cpp fixes a choice that a config can make (renormalised gate weights), its choice is taken: the same file must
// give the same text there and here.
#include "core/model/gguf/gguf_config.h"
#include "core/model/gguf/gguf_model.h"

#include <array>

namespace espalier::model {

namespace {

Result<void> llama(GgufConfig& config)
{
    config.json["attention_bias"] = config.has("blk.0.attn_q.bias");
    config.json["mlp_bias"] = config.has("blk.0.ffn_gate.bias");
    return {};
}

Result<void> mixtral(GgufConfig& config)
{
    return config.readExperts("num_local_experts", "num_experts_per_tok", "feed_forward_length", "intermediate_size");
}

Result<void> nothing(GgufConfig& /*config*/)
{
    return {};
}

Result<void> qwen3moe(GgufConfig& config)
{
    ESPALIER_CHECK(config.readExperts("num_experts", "num_experts_per_tok", "expert_feed_forward_length",
                                      "moe_intermediate_size"));
    config.json["norm_topk_prob"] = true;
    config.json["mlp_only_layers"] = config.denseLayers();
    return {};
}

Result<void> qwen2moe(GgufConfig& config)
{
    ESPALIER_CHECK(qwen3moe(config));
    config.json["norm_topk_prob"] = false;
    const auto* up = config.tensor("blk.0.ffn_up_shexp.weight");
    if (up == nullptr || up->shape.size() != 2)
        return config.error("expert_shared_feed_forward_length", "there is no shared expert");
    config.json["shared_expert_intermediate_size"] = up->shape[0];
    return {};
}

Result<void> olmoe(GgufConfig& config)
{
    config.json["norm_topk_prob"] = false;
    if (config.realIf("attention.clamp_kqv")) // llama.cpp reads over it
        return config.error("attention.clamp_kqv", "clipped queries, keys and values are not supported");
    return config.readExperts("num_experts", "num_experts_per_tok", "feed_forward_length", "intermediate_size");
}

/// Values of expert_gating_func.
constexpr std::int64_t kSoftmax = 1;
constexpr std::int64_t kSigmoid = 2;

/// Keys of DeepSeek's kind of router.
Result<void> sigmoidRouter(GgufConfig& config)
{
    ESPALIER_CHECK(config.readExperts("n_routed_experts", "num_experts_per_tok", "expert_feed_forward_length",
                                      "moe_intermediate_size"));
    config.json["first_k_dense_replace"] = config.integerIf("leading_dense_block_count").value_or(0);
    config.json["n_shared_experts"] = config.integerIf("expert_shared_count").value_or(0);
    config.json["n_group"] = config.integerIf("expert_group_count").value_or(1);
    config.json["topk_group"] = config.integerIf("expert_group_used_count").value_or(1);
    config.json["norm_topk_prob"] = config.booleanIf("expert_weights_norm").value_or(false);
    const double scale = config.realIf("expert_weights_scale").value_or(1.0);
    config.json["routed_scaling_factor"] = scale > 0 ? scale : 1.0;
    return {};
}

Result<void> glm4moe(GgufConfig& config)
{
    if (config.integerIf("expert_gating_func").value_or(kSigmoid) != kSigmoid)
        return config.error("expert_gating_func", "only sigmoid routers are known of this architecture");
    config.json["attention_bias"] = config.has("blk.0.attn_q.bias");
    config.json["use_qk_norm"] = config.has("blk.0.attn_q_norm.weight");
    config.copyIf("nextn_predict_layers", "num_nextn_predict_layers");
    return sigmoidRouter(config);
}

/// DeepSeek-V2 and V3, which differ in their router. Lengths of keys and values are those of the cache in files that
/// split the up-projection by heads, and those of a head in older ones.
Result<void> deepseek2(GgufConfig& config)
{
    const std::int64_t gating = config.integerIf("expert_gating_func").value_or(0);
    if (gating != 0 && gating != kSoftmax && gating != kSigmoid) // 0: V2 from before there were others
        return config.error("expert_gating_func", "only softmax (1) and sigmoid (2) are known of this architecture");
    const bool sigmoid = gating == kSigmoid;
    config.json["model_type"] = sigmoid ? "deepseek_v3" : "deepseek_v2";
    config.json["num_key_value_heads"] = config.json["num_attention_heads"];
    config.json.erase("head_dim");
    config.json.erase("partial_rotary_factor");
    config.copyIf("attention.q_lora_rank", "q_lora_rank");
    ESPALIER_CHECK(config.copy("attention.kv_lora_rank", "kv_lora_rank"));
    const bool split = config.integerIf("attention.key_length_mla").has_value();
    ESPALIER_TRY(const auto key, config.integer(split ? "attention.key_length_mla" : "attention.key_length"));
    ESPALIER_TRY(const auto turning, config.integer("rope.dimension_count"));
    if (turning >= key)
        return config.error("rope.dimension_count", "leaves no elements of a key without positions");
    config.json["qk_rope_head_dim"] = turning;
    config.json["qk_nope_head_dim"] = key - turning;
    ESPALIER_CHECK(config.copy(split ? "attention.value_length_mla" : "attention.value_length", "v_head_dim"));
    config.copyIf("nextn_predict_layers", "num_nextn_predict_layers");
    if (config.json.contains("rope_scaling")) { // the temperature is in the scores alone
        config.json["rope_scaling"]["attention_factor"] = 1.0;
        if (const auto multiplier = config.realIf("rope.scaling.yarn_log_multiplier"))
            config.json["rope_scaling"]["mscale_all_dim"] = *multiplier / 0.1;
    }
    ESPALIER_CHECK(sigmoidRouter(config));
    if (!sigmoid && config.json["norm_topk_prob"] == true)
        return config.error("expert_weights_norm", "renormalised softmax routers are not known of this architecture");
    if (!sigmoid && config.json["n_group"] != 1)
        return config.error("expert_group_count", "groups of softmax routers are chosen in other ways by other "
                                                  "programs and are not supported");
    return {};
}

Result<void> gptOss(GgufConfig& config)
{
    ESPALIER_CHECK(config.readExperts("num_local_experts", "num_experts_per_tok", "expert_feed_forward_length",
                                      "intermediate_size"));
    config.copyIf("attention.sliding_window", "sliding_window");
    if (!config.json.contains("rope_scaling"))
        config.json["rope_scaling"] = {{"rope_type", "default"}};
    return {};
}

Result<void> granitemoe(GgufConfig& config)
{
    if (config.has("blk.0.ffn_up_shexp.weight"))
        return config.error("expert_shared_feed_forward_length",
                            "shared experts of this architecture are not supported");
    config.copyRealIf("embedding_scale", "embedding_multiplier");
    config.copyRealIf("residual_scale", "residual_multiplier");
    config.copyRealIf("logit_scale", "logits_scaling");
    config.copyRealIf("attention.scale", "attention_multiplier");
    return config.readExperts("num_local_experts", "num_experts_per_tok", "feed_forward_length", "intermediate_size");
}

Result<void> minimaxM2(GgufConfig& config)
{
    if (config.json.contains("partial_rotary_factor")) {
        ESPALIER_CHECK(config.copy("rope.dimension_count", "rotary_dim"));
        config.json.erase("partial_rotary_factor");
    }
    return config.readExperts("num_local_experts", "num_experts_per_tok", "expert_feed_forward_length",
                              "intermediate_size");
}

Result<void> ernie(GgufConfig& config)
{
    config.json["moe_num_shared_experts"] = config.integerIf("expert_shared_count").value_or(0);
    config.copyIf("leading_dense_block_count", "moe_layer_start_index");
    if (config.integerIf("interleave_moe_layer_step").value_or(1) != 1)
        return config.error("interleave_moe_layer_step", "experts in some of the later layers only are not supported");
    return config.readExperts("moe_num_experts", "moe_k", "expert_feed_forward_length", "moe_intermediate_size");
}

constexpr std::array<GgufArchitecture, 13> kArchitectures{
    {{"llama", "llama", {}, true, llama},
     {"llama", "mixtral", {}, true, mixtral},
     {"qwen2", "qwen2", {}, false, nothing},
     {"qwen3", "qwen3", {}, false, nothing},
     {"qwen2moe", "qwen2_moe", "shared_expert", false, qwen2moe},
     {"qwen3moe", "qwen3_moe", {}, false, qwen3moe},
     {"olmoe", "olmoe", {}, false, olmoe},
     {"glm4moe", "glm4_moe", "shared_experts", false, glm4moe},
     {"gpt-oss", "gpt_oss", {}, false, gptOss},
     {"granitemoe", "granitemoe", {}, true, granitemoe},
     {"minimax-m2", "minimax_m2", {}, false, minimaxM2},
     {"ernie4_5-moe", "ernie4_5_moe", "shared_experts", true, ernie},
     {"deepseek2", "deepseek_v3", "shared_experts", true, deepseek2}}};

} // namespace

const GgufArchitecture* findGgufArchitecture(std::string_view name, bool moe)
{
    for (const GgufArchitecture& one : kArchitectures)
        if (one.name == name && (name != "llama" || (one.modelType == "mixtral") == moe))
            return &one;
    return nullptr;
}

std::string ggufArchitectureNames()
{
    std::string names;
    for (const GgufArchitecture& one : kArchitectures)
        if (names.empty() || !names.ends_with(one.name))
            names += (names.empty() ? "" : ", ") + std::string(one.name);
    return names;
}

} // namespace espalier::model
