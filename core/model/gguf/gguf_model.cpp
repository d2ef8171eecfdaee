// SPDX-License-Identifier: Apache-2.0
#include "core/model/gguf/gguf_model.h"

#include "core/model/gguf/gguf_config.h"

#include <array>
#include <fmt/format.h>
#include <utility>

namespace espalier::model {

namespace {

/// Below "blk.N." and "model.layers.N.".
constexpr std::array<std::pair<std::string_view, std::string_view>, 31> kInLayer{
    {{"attn_norm", "input_layernorm"},
     {"ffn_norm", "post_attention_layernorm"},
     {"post_attention_norm", "post_attention_layernorm"},
     {"attn_q", "self_attn.q_proj"},
     {"attn_k", "self_attn.k_proj"},
     {"attn_v", "self_attn.v_proj"},
     {"attn_output", "self_attn.o_proj"},
     {"attn_q_norm", "self_attn.q_norm"},
     {"attn_k_norm", "self_attn.k_norm"},
     {"attn_q_a", "self_attn.q_a_proj"},
     {"attn_q_a_norm", "self_attn.q_a_layernorm"},
     {"attn_q_b", "self_attn.q_b_proj"},
     {"attn_kv_a_mqa", "self_attn.kv_a_proj_with_mqa"},
     {"attn_kv_a_norm", "self_attn.kv_a_layernorm"},
     {"attn_kv_b", "self_attn.kv_b_proj"},
     {"attn_k_b", "self_attn.k_b_proj"},
     {"attn_v_b", "self_attn.v_b_proj"},
     {"ffn_gate", "mlp.gate_proj"},
     {"ffn_up", "mlp.up_proj"},
     {"ffn_down", "mlp.down_proj"},
     {"ffn_gate_inp", "mlp.gate"},
     {"ffn_gate_exps", "mlp.experts.gate_proj"},
     {"ffn_up_exps", "mlp.experts.up_proj"},
     {"ffn_down_exps", "mlp.experts.down_proj"},
     {"ffn_gate_up_exps", "mlp.experts.gate_up_proj"},
     {"ffn_gate_inp_shexp", "mlp.shared_expert_gate"},
     {"nextn.eh_proj", "eh_proj"},
     {"nextn.enorm", "enorm"},
     {"nextn.hnorm", "hnorm"},
     {"nextn.shared_head_norm", "shared_head.norm"},
     {"nextn.shared_head_head", "shared_head.head"}}};

std::string inLayer(std::string_view name, const GgufArchitecture& architecture)
{
    if (name == "attn_sinks.weight")
        return "self_attn.sinks";
    if (name == "exp_probs_b.bias")
        return "mlp.gate.e_score_correction_bias";
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos)
        return std::string(name);
    const std::string_view stem = name.substr(0, dot);
    const std::string_view suffix = name.substr(dot);
    for (const auto& [from, to] : kInLayer)
        if (stem == from)
            return fmt::format("{}{}", to, suffix);
    for (const char* which : {"gate", "up", "down"}) {
        if (!architecture.shared.empty() && stem == fmt::format("ffn_{}_shexp", which))
            return fmt::format("mlp.{}.{}_proj{}", architecture.shared, which, suffix);
        // Files from before April 2024: one tensor per expert, "ffn_gate.7"
        if (const std::string head = fmt::format("ffn_{}.", which); stem.starts_with(head))
            return fmt::format("mlp.experts.{}.{}_proj{}", stem.substr(head.size()), which, suffix);
    }
    return std::string(name);
}

} // namespace

std::string hubName(std::string_view name, const GgufArchitecture& architecture)
{
    if (name == "token_embd.weight")
        return "model.embed_tokens.weight";
    if (name == "output_norm.weight")
        return "model.norm.weight";
    if (name == "output.weight" || name == "output.bias")
        return "lm_head" + std::string(name.substr(6));
    constexpr std::string_view kBlock = "blk.";
    const std::size_t dot = name.find('.', kBlock.size());
    if (!name.starts_with(kBlock) || dot == std::string_view::npos)
        return std::string(name);
    return fmt::format("model.layers.{}.{}", name.substr(kBlock.size(), dot - kBlock.size()),
                       inLayer(name.substr(dot + 1), architecture));
}

Result<void> describeGguf(checkpoint::Checkpoint& checkpoint)
{
    const checkpoint::GgufMetadata& metadata = *checkpoint.gguf();
    const std::string file = checkpoint.configFile();
    const auto name = metadata.text("general.architecture");
    if (!name)
        return base::badInput("the key is missing", file, "key general.architecture", "Is this a language model?");
    const std::string architectureName(name->substr(0, 100));
    const bool moe = metadata.integer(architectureName + ".expert_count").value_or(0) > 0;
    const GgufArchitecture* architecture = findGgufArchitecture(architectureName, moe);
    if (architecture == nullptr)
        return base::badInput(fmt::format("architecture \"{}\" is not supported", architectureName), file,
                              "key general.architecture", "Supported: " + ggufArchitectureNames());
    GgufConfig config(checkpoint, architectureName);
    config.json["model_type"] = architecture->modelType;
    config.json["rope_interleaved"] = architecture->interleaved;
    ESPALIER_CHECK(config.readCommon());
    ESPALIER_CHECK(architecture->configure(config));
    auto tensors = checkpoint.storedTensors();
    for (checkpoint::TensorInfo& tensor : tensors) {
        tensor.name = hubName(tensor.name, *architecture);
        if (tensor.name.ends_with(".mlp.shared_expert_gate.weight") && tensor.shape.size() == 1)
            tensor.shape.insert(tensor.shape.begin(), 1); // a row there, a matrix of one row here
    }
    return checkpoint.describeAs(std::move(config.json), std::move(tensors));
}

} // namespace espalier::model
