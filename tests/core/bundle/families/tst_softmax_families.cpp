// SPDX-License-Identifier: Apache-2.0
// Mixtral, OLMoE, Qwen2-MoE and Qwen3-MoE: softmax routers in all their switches.
#include "tests/core/bundle/families/family_test.h"

using namespace espalier;
using namespace espalier::test;

class TestSoftmaxFamilies : public FamilyTest {
    Q_OBJECT

    static FamilyCase mixtral(const char* name, const base::OrderedJson& more = base::OrderedJson::object())
    {
        base::OrderedJson config{{"vocab_size", 61},         {"hidden_size", 36},
                                 {"intermediate_size", 22},  {"num_hidden_layers", 3},
                                 {"num_attention_heads", 6}, {"num_key_value_heads", 2},
                                 {"head_dim", 10},           {"num_local_experts", 7},
                                 {"num_experts_per_tok", 3}, {"max_position_embeddings", 256}};
        config.update(more);
        return {name, "mixtral", config, 5};
    }
    static FamilyCase olmoe(const char* name, const base::OrderedJson& more = base::OrderedJson::object())
    {
        base::OrderedJson config{{"vocab_size", 67},         {"hidden_size", 40},
                                 {"intermediate_size", 18},  {"num_hidden_layers", 2},
                                 {"num_attention_heads", 4}, {"num_experts", 9},
                                 {"num_experts_per_tok", 2}, {"max_position_embeddings", 256}};
        config.update(more);
        return {name, "olmoe", config, 4};
    }
    static FamilyCase qwen2Moe(const char* name, const base::OrderedJson& more = base::OrderedJson::object())
    {
        base::OrderedJson config{{"vocab_size", 59},
                                 {"hidden_size", 32},
                                 {"intermediate_size", 44},
                                 {"moe_intermediate_size", 14},
                                 {"shared_expert_intermediate_size", 26},
                                 {"num_hidden_layers", 4},
                                 {"num_attention_heads", 4},
                                 {"num_key_value_heads", 2},
                                 {"num_experts", 6},
                                 {"num_experts_per_tok", 4},
                                 {"max_position_embeddings", 256}};
        config.update(more);
        return {name, "qwen2_moe", config, 5};
    }
    static FamilyCase qwen3Moe(const char* name, const base::OrderedJson& more)
    {
        base::OrderedJson config{{"vocab_size", 53},
                                 {"hidden_size", 28},
                                 {"intermediate_size", 30},
                                 {"moe_intermediate_size", 12},
                                 {"num_hidden_layers", 3},
                                 {"num_attention_heads", 4},
                                 {"num_key_value_heads", 1},
                                 {"head_dim", 12},
                                 {"num_experts", 10},
                                 {"num_experts_per_tok", 3},
                                 {"max_position_embeddings", 256}};
        config.update(more);
        return {name, "qwen3_moe", config, 6};
    }

protected:
    std::vector<FamilyCase> makeCases() const override
    {
        std::vector<FamilyCase> cases{
            mixtral("mixtral"),
            mixtral("mixtral, sliding window", {{"sliding_window", 24}, {"num_experts_per_tok", 1}}),
            mixtral("mixtral, runtime layout"),
            mixtral("mixtral, bfloat16 in shards", {{"tie_word_embeddings", true}}),
            olmoe("olmoe"),
            olmoe("olmoe, renormalised, clipped, shared keys",
                  {{"norm_topk_prob", true}, {"clip_qkv", 0.5}, {"num_key_value_heads", 2}, {"attention_bias", true}}),
            olmoe("olmoe, runtime layout"),
            qwen2Moe("qwen2_moe"),
            qwen2Moe("qwen2_moe, renormalised, dense layers between, windows", {{"norm_topk_prob", true},
                                                                                {"mlp_only_layers", {1}},
                                                                                {"use_sliding_window", true},
                                                                                {"sliding_window", 16},
                                                                                {"max_window_layers", 3},
                                                                                {"qkv_bias", false}}),
            qwen2Moe("qwen2_moe, runtime layout", {{"decoder_sparse_step", 2}}),
            qwen3Moe("qwen3_moe, runtime layout", {{"norm_topk_prob", true}}),
            qwen3Moe("qwen3_moe, dense layers", {{"mlp_only_layers", {0}}, {"attention_bias", true}}),
        };
        for (FamilyCase& one : cases)
            one.runtimeLayout = one.name.ends_with("runtime layout");
        cases[3].dtype = "bfloat16";
        cases[3].maxShard = "20KB";
        return cases;
    }
};

QTEST_APPLESS_MAIN(TestSoftmaxFamilies)
#include "tst_softmax_families.moc"
