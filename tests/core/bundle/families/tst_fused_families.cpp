// SPDX-License-Identifier: Apache-2.0
// gpt-oss, Granite-MoE, ERNIE-4.5-MoE and PhiMoE: fused experts, sinks, multipliers, row biases, two choices in turn.
#include "tests/core/bundle/families/family_test.h"

using namespace espalier;
using namespace espalier::test;

class TestFusedFamilies : public FamilyTest {
    Q_OBJECT

    static FamilyCase gptOss(const char* name, const base::OrderedJson& more = base::OrderedJson::object())
    {
        base::OrderedJson config{{"vocab_size", 61},
                                 {"hidden_size", 36},
                                 {"intermediate_size", 22},
                                 {"num_hidden_layers", 4},
                                 {"num_attention_heads", 6},
                                 {"num_key_value_heads", 2},
                                 {"head_dim", 10},
                                 {"num_local_experts", 7},
                                 {"num_experts_per_tok", 3},
                                 {"sliding_window", 16},
                                 {"swiglu_limit", 0.8},
                                 {"rope_parameters",
                                  {{"rope_type", "yarn"},
                                   {"rope_theta", 150000.0},
                                   {"factor", 32.0},
                                   {"beta_fast", 32.0},
                                   {"beta_slow", 1.0},
                                   {"truncate", false},
                                   {"original_max_position_embeddings", 64}}},
                                 {"max_position_embeddings", 2048}};
        config.update(more);
        return {name, "gpt_oss", config, 5};
    }
    static FamilyCase granite(const char* name, const char* type = "granitemoe",
                              const base::OrderedJson& more = base::OrderedJson::object())
    {
        base::OrderedJson config{{"vocab_size", 53},
                                 {"hidden_size", 32},
                                 {"intermediate_size", 18},
                                 {"num_hidden_layers", 3},
                                 {"num_attention_heads", 4},
                                 {"num_key_value_heads", 2},
                                 {"num_local_experts", 10},
                                 {"num_experts_per_tok", 4},
                                 {"embedding_multiplier", 12.0},
                                 {"logits_scaling", 6.0},
                                 {"residual_multiplier", 0.22},
                                 {"attention_multiplier", 0.0625},
                                 {"max_position_embeddings", 256}};
        config.update(more);
        return {name, type, config, 6};
    }
    static FamilyCase ernie(const char* name, const base::OrderedJson& more = base::OrderedJson::object())
    {
        base::OrderedJson config{{"vocab_size", 67},
                                 {"hidden_size", 40},
                                 {"intermediate_size", 26},
                                 {"moe_intermediate_size", 14},
                                 {"num_hidden_layers", 4},
                                 {"num_attention_heads", 4},
                                 {"num_key_value_heads", 2},
                                 {"moe_num_experts", 9},
                                 {"moe_k", 3},
                                 {"max_position_embeddings", 256}};
        config.update(more);
        return {name, "ernie4_5_moe", config, 5};
    }
    static FamilyCase phi(const char* name, const base::OrderedJson& more = base::OrderedJson::object())
    {
        base::OrderedJson config{
            {"vocab_size", 59},       {"hidden_size", 32},          {"intermediate_size", 20},
            {"num_hidden_layers", 3}, {"num_attention_heads", 4},   {"num_key_value_heads", 2},
            {"num_local_experts", 6}, {"router_jitter_noise", 0.2}, {"max_position_embeddings", 256}};
        config.update(more);
        return {name, "phimoe", config, 4};
    }

protected:
    std::vector<FamilyCase> makeCases() const override
    {
        const base::OrderedJson longRope{{"rope_type", "longrope"},
                                         {"rope_theta", 10000.0},
                                         {"short_factor", {1.0, 1.1, 1.3, 1.6}},
                                         {"long_factor", {1.0, 2.0, 4.0, 8.0}},
                                         {"short_mscale", 1.2},
                                         {"long_mscale", 1.3},
                                         {"original_max_position_embeddings", 100}};
        std::vector<FamilyCase> cases{
            gptOss("gpt_oss"),
            gptOss("gpt_oss, no biases, all layers alike, tied, bfloat16 in shards",
                   {{"attention_bias", false},
                    {"layer_types", {"full_attention", "full_attention", "full_attention", "full_attention"}},
                    {"swiglu_limit", 7.0},
                    {"tie_word_embeddings", true}}),
            gptOss("gpt_oss, default positions",
                   {{"rope_parameters", {{"rope_type", "default"}, {"rope_theta", 1e4}}}, {"num_experts_per_tok", 1}}),
            granite("granitemoe"),
            granite("granitemoe, tied, biases, runtime layout", "granitemoe",
                    {{"tie_word_embeddings", true}, {"attention_bias", true}}),
            granite("granitemoeshared", "granitemoeshared", {{"shared_intermediate_size", 22}}),
            ernie("ernie4_5_moe"),
            ernie("ernie4_5_moe, biases, interval, no shared experts", {{"use_bias", true},
                                                                        {"moe_layer_interval", 2},
                                                                        {"moe_num_shared_experts", 0},
                                                                        {"tie_word_embeddings", false}}),
            ernie("ernie4_5_moe, ends early, large least sum, runtime layout",
                  {{"moe_layer_end_index", 2}, {"moe_norm_min", 0.7}}),
            phi("phimoe"),
            phi("phimoe, longrope, biases, runtime layout", {{"rope_parameters", longRope},
                                                             {"attention_bias", true},
                                                             {"lm_head_bias", true},
                                                             {"router_jitter_noise", 0.01}}),
            phi("phimoe, sliding window", {{"sliding_window", 20}}),
        };
        for (FamilyCase& one : cases)
            one.runtimeLayout = one.name.ends_with("runtime layout");
        cases[1].dtype = "bfloat16";
        cases[1].maxShard = "20KB";
        return cases;
    }
};

QTEST_APPLESS_MAIN(TestFusedFamilies)
#include "tst_fused_families.moc"
