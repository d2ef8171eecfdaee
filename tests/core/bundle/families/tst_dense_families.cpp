// SPDX-License-Identifier: Apache-2.0
// Llama, Mistral, Qwen2 and Qwen3, and every kind of rotary positions.
#include "tests/core/bundle/families/family_test.h"

using namespace espalier;
using namespace espalier::test;

class TestDenseFamilies : public FamilyTest {
    Q_OBJECT

    static FamilyCase dense(const char* name, const char* type,
                            const base::OrderedJson& more = base::OrderedJson::object())
    {
        base::OrderedJson config{{"vocab_size", 61},
                                 {"hidden_size", 36},
                                 {"intermediate_size", 50},
                                 {"num_hidden_layers", 3},
                                 {"num_attention_heads", 6},
                                 {"num_key_value_heads", 2},
                                 {"max_position_embeddings", 256}};
        config.update(more);
        return {name, type, config};
    }
    static FamilyCase rope(const char* name, const base::OrderedJson& parameters, int positions = 256)
    {
        return dense(name, "llama", {{"rope_parameters", parameters}, {"max_position_embeddings", positions}});
    }

protected:
    std::vector<FamilyCase> makeCases() const override
    {
        std::vector<FamilyCase> cases{
            dense("llama", "llama"),
            dense("llama, biases, tied, head width", "llama",
                  {{"attention_bias", true}, {"mlp_bias", true}, {"tie_word_embeddings", true}, {"head_dim", 10}}),
            dense("mistral, sliding window", "mistral", {{"sliding_window", 20}, {"head_dim", 8}}),
            dense("mistral, none", "mistral", {{"sliding_window", nullptr}}),
            dense("qwen2, bfloat16", "qwen2"),
            dense("qwen2, windows from a layer on", "qwen2",
                  {{"use_sliding_window", true}, {"sliding_window", 12}, {"max_window_layers", 1}}),
            dense("qwen3, windows by list", "qwen3",
                  {{"use_sliding_window", true},
                   {"sliding_window", 12},
                   {"head_dim", 12},
                   {"layer_types", {"full_attention", "sliding_attention", "full_attention"}}}),
            rope("linear", {{"rope_type", "linear"}, {"rope_theta", 10000.0}, {"factor", 2.5}}),
            rope("dynamic, longer than trained", {{"rope_type", "dynamic"}, {"rope_theta", 10000.0}, {"factor", 4.0}},
                 60),
            rope("llama3", {{"rope_type", "llama3"},
                            {"rope_theta", 500.0},
                            {"factor", 8.0},
                            {"low_freq_factor", 1.0},
                            {"high_freq_factor", 4.0},
                            {"original_max_position_embeddings", 64}}),
            rope("yarn", {{"rope_type", "yarn"},
                          {"rope_theta", 10000.0},
                          {"factor", 4.0},
                          {"original_max_position_embeddings", 64}}),
            rope("yarn, temperature given", {{"rope_type", "yarn"},
                                             {"rope_theta", 1000.0},
                                             {"factor", 4.0},
                                             {"attention_factor", 1.4},
                                             {"beta_fast", 8.0},
                                             {"beta_slow", 0.5},
                                             {"original_max_position_embeddings", 64}}),
            rope("yarn, two scales, whole ramp", {{"rope_type", "yarn"},
                                                  {"rope_theta", 10000.0},
                                                  {"factor", 8.0},
                                                  {"mscale", 0.8},
                                                  {"mscale_all_dim", 0.4},
                                                  {"truncate", false},
                                                  {"original_max_position_embeddings", 32}}),
            dense("llama as SmolLM2, bfloat16 in shards", "llama",
                  {{"hidden_size", 54},
                   {"num_attention_heads", 9},
                   {"num_key_value_heads", 3},
                   {"tie_word_embeddings", true},
                   {"rope_parameters", {{"rope_type", "default"}, {"rope_theta", 100000.0}}}}),
            rope("llama3, keys of transformers 4", {{"rope_type", "llama3"},
                                                    {"rope_theta", 500.0},
                                                    {"factor", 8.0},
                                                    {"low_freq_factor", 1.0},
                                                    {"high_freq_factor", 4.0},
                                                    {"original_max_position_embeddings", 64}}),
            rope("linear, keys of transformers 4", {{"rope_type", "linear"}, {"rope_theta", 5000.0}, {"factor", 2.0}}),
        };
        cases[4].dtype = "bfloat16";
        for (FamilyCase& one : cases)
            one.rope4 = one.name.ends_with("transformers 4");
        const auto smol = cases.end() - 3;
        smol->dtype = "bfloat16";
        smol->maxShard = "20KB";
        return cases;
    }
};

QTEST_APPLESS_MAIN(TestDenseFamilies)
#include "tst_dense_families.moc"
