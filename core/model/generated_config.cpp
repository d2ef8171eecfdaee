// SPDX-License-Identifier: Apache-2.0
#include "core/model/generated_config.h"

namespace espalier::model {

base::OrderedJson generatedConfig(const GeneratedSizes& sizes)
{
    return {{"architectures", {"Qwen3MoeForCausalLM"}},
            {"model_type", "qwen3_moe"},
            {"hidden_size", sizes.hidden},
            {"num_hidden_layers", sizes.layers},
            {"num_attention_heads", sizes.heads},
            {"num_key_value_heads", sizes.kvHeads},
            {"head_dim", sizes.headDim},
            {"num_experts", sizes.experts},
            {"num_experts_per_tok", sizes.topK},
            {"moe_intermediate_size", sizes.width},
            {"intermediate_size", 3 * sizes.hidden},
            {"norm_topk_prob", true},
            {"decoder_sparse_step", 1},
            {"mlp_only_layers", base::OrderedJson::array()},
            {"vocab_size", sizes.vocabulary},
            {"max_position_embeddings", 40960},
            {"rms_norm_eps", 1e-6},
            {"rope_theta", 1000000.0},
            {"hidden_act", "silu"},
            {"tie_word_embeddings", false},
            {"attention_bias", false},
            {"torch_dtype", "bfloat16"}};
}

} // namespace espalier::model
