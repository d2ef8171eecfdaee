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
    config.copyRealIf("attention.clamp_kqv", "clip_qkv");
    return config.readExperts("num_experts", "num_experts_per_tok", "feed_forward_length", "intermediate_size");
}

/// Keys of DeepSeek's kind of router.
Result<void> sigmoidRouter(GgufConfig& config)
{
    ESPALIER_CHECK(config.readExperts("n_routed_experts", "num_experts_per_tok", "expert_feed_forward_length",
                                      "moe_intermediate_size"));
    config.copyIf("leading_dense_block_count", "first_k_dense_replace");
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
    config.json["attention_bias"] = config.has("blk.0.attn_q.bias");
    config.json["use_qk_norm"] = config.has("blk.0.attn_q_norm.weight");
    config.copyIf("nextn_predict_layers", "num_nextn_predict_layers");
    return sigmoidRouter(config);
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
    config.copyIf("interleave_moe_layer_step", "moe_layer_interval");
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
     {"mistral", "mistral", {}, true, llama}}};

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
