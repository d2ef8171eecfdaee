// SPDX-License-Identifier: Apache-2.0
// DeepSeek-V2 and V3, GLM-4.5, MiniMax-M2: latent attention, groups, correction biases, blocks for further tokens.
#include "tests/core/bundle/families/family_test.h"

using namespace espalier;
using namespace espalier::test;

class TestSigmoidFamilies : public FamilyTest {
    Q_OBJECT

    static FamilyCase deepseek(const char* name, const char* type, int keep, const base::OrderedJson& more)
    {
        base::OrderedJson config{{"vocab_size", 61},
                                 {"hidden_size", 36},
                                 {"intermediate_size", 34},
                                 {"moe_intermediate_size", 14},
                                 {"num_hidden_layers", 3},
                                 {"num_attention_heads", 3},
                                 {"num_key_value_heads", 3},
                                 {"n_routed_experts", 10},
                                 {"num_experts_per_tok", 3},
                                 {"n_shared_experts", 2},
                                 {"first_k_dense_replace", 1},
                                 {"q_lora_rank", 20},
                                 {"kv_lora_rank", 18},
                                 {"qk_nope_head_dim", 10},
                                 {"qk_rope_head_dim", 6},
                                 {"v_head_dim", 11},
                                 {"n_group", 1},
                                 {"topk_group", 1},
                                 {"max_position_embeddings", 256}};
        config.update(more);
        return {name, type, config, keep};
    }
    static FamilyCase glm(const char* name, const base::OrderedJson& more = base::OrderedJson::object())
    {
        base::OrderedJson config{{"vocab_size", 59},
                                 {"hidden_size", 32},
                                 {"intermediate_size", 30},
                                 {"moe_intermediate_size", 12},
                                 {"num_hidden_layers", 3},
                                 {"num_attention_heads", 4},
                                 {"num_key_value_heads", 2},
                                 {"head_dim", 12},
                                 {"n_routed_experts", 9},
                                 {"num_experts_per_tok", 3},
                                 {"routed_scaling_factor", 2.5},
                                 {"max_position_embeddings", 256}};
        config.update(more);
        return {name, "glm4_moe", config, 5};
    }
    static FamilyCase minimax(const char* name, const base::OrderedJson& more = base::OrderedJson::object())
    {
        base::OrderedJson config{{"vocab_size", 71},         {"hidden_size", 30},
                                 {"intermediate_size", 16},  {"num_hidden_layers", 2},
                                 {"num_attention_heads", 4}, {"num_key_value_heads", 2},
                                 {"head_dim", 16},           {"num_local_experts", 11},
                                 {"num_experts_per_tok", 4}, {"max_position_embeddings", 256}};
        config.update(more);
        return {name, "minimax_m2", config, 6};
    }

protected:
    std::vector<FamilyCase> makeCases() const override
    {
        const base::OrderedJson yarn{
            {"rope_type", "yarn"}, {"rope_theta", 10000.0}, {"factor", 4.0},   {"original_max_position_embeddings", 64},
            {"beta_fast", 32.0},   {"beta_slow", 1.0},      {"mscale", 0.707}, {"mscale_all_dim", 0.707}};
        base::OrderedJson steep = yarn;
        steep["mscale"] = 1.0;
        steep["mscale_all_dim"] = 0.5;
        base::OrderedJson sharp = yarn; // both ends of the ramp at one place
        sharp["beta_fast"] = 1.0;
        sharp["factor"] = 32.0;
        std::vector<FamilyCase> cases{
            deepseek("deepseek_v2", "deepseek_v2", 6, base::OrderedJson::object()),
            deepseek("deepseek_v2, queries not compressed, yarn", "deepseek_v2", 7,
                     {{"q_lora_rank", nullptr}, {"rope_parameters", yarn}, {"routed_scaling_factor", 16.0}}),
            deepseek("deepseek_v2, groups", "deepseek_v2", 8,
                     {{"topk_method", "group_limited_greedy"},
                      {"n_routed_experts", 12},
                      {"n_group", 4},
                      {"topk_group", 2},
                      {"attention_bias", true}}),
            deepseek("deepseek_v3, groups", "deepseek_v3", 8,
                     {{"n_routed_experts", 12}, {"n_group", 4}, {"topk_group", 2}, {"num_experts_per_tok", 4}}),
            deepseek("deepseek_v3, one group, not renormalised, halves turn", "deepseek_v3", 4,
                     {{"norm_topk_prob", false},
                      {"rope_interleave", false},
                      {"routed_scaling_factor", 2.827},
                      {"q_lora_rank", nullptr},
                      {"n_shared_experts", 1}}),
            deepseek("deepseek_v3, yarn, further token stored, in bfloat16", "deepseek_v3", 6,
                     {{"rope_parameters", steep}, {"attention_bias", true}}),
            deepseek("deepseek_v3, runtime layout", "deepseek_v3", 6, base::OrderedJson::object()),
            glm("glm4_moe"),
            glm("glm4_moe, q/k norm, biases, whole heads turn, further tokens stored",
                {{"use_qk_norm", true}, {"attention_bias", true}, {"partial_rotary_factor", 1.0}}),
            glm("glm4_moe, three groups, runtime layout",
                {{"n_group", 3}, {"topk_group", 2}, {"norm_topk_prob", false}, {"first_k_dense_replace", 0}}),
            minimax("minimax_m2", {{"rotary_dim", 8}}),
            minimax("minimax_m2, runtime layout", {{"tie_word_embeddings", true}}),
            deepseek("kimi_k2", "kimi_k2", 5,
                     {{"rope_parameters", sharp}, {"n_shared_experts", 1}, {"routed_scaling_factor", 2.827}}),
            deepseek("deepseek_v3, keys of transformers 4", "deepseek_v3", 6, {{"rope_parameters", steep}}),
        };
        for (FamilyCase& one : cases)
            one.runtimeLayout = one.name.ends_with("runtime layout");
        cases[5].mtp = 1;
        cases[5].dtype = "bfloat16";
        cases[8].mtp = 2;
        cases[9].keep = 6;
        cases.back().rope4 = true;
        return cases;
    }
};

QTEST_APPLESS_MAIN(TestSigmoidFamilies)
#include "tst_sigmoid_families.moc"
