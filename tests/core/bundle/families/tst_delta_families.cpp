// SPDX-License-Identifier: Apache-2.0
// Qwen3-Next and Qwen3.5-MoE: layers by the gated delta rule between attention with a gated output.
#include "tests/core/bundle/families/family_test.h"

using namespace espalier;
using namespace espalier::test;

class TestDeltaFamilies : public FamilyTest {
    Q_OBJECT

    static FamilyCase delta(const char* name, const char* type,
                            const base::OrderedJson& more = base::OrderedJson::object())
    {
        base::OrderedJson config{{"vocab_size", 61},
                                 {"hidden_size", 36},
                                 {"intermediate_size", 40},
                                 {"moe_intermediate_size", 14},
                                 {"shared_expert_intermediate_size", 18},
                                 {"num_hidden_layers", 4},
                                 {"num_attention_heads", 4},
                                 {"num_key_value_heads", 2},
                                 {"head_dim", 16},
                                 {"num_experts", 7},
                                 {"num_experts_per_tok", 3},
                                 {"linear_num_key_heads", 2},
                                 {"linear_num_value_heads", 6},
                                 {"linear_key_head_dim", 10},
                                 {"linear_value_head_dim", 12},
                                 {"linear_conv_kernel_dim", 4},
                                 {"max_position_embeddings", 256}};
        config.update(more);
        return {name, type, config, 5};
    }

    /// The text model as a part of one that sees pictures: its configuration is nested, its names lie deeper.
    static FamilyCase withPictures(const char* name)
    {
        FamilyCase one = delta(name, "qwen3_5_moe");
        one.config = {{"text_config", one.config},
                      {"vision_config",
                       {{"depth", 1},
                        {"hidden_size", 16},
                        {"intermediate_size", 16},
                        {"num_heads", 2},
                        {"out_hidden_size", 36},
                        {"patch_size", 4},
                        {"num_position_embeddings", 16}}}};
        return one;
    }

protected:
    std::vector<FamilyCase> makeCases() const override
    {
        std::vector<FamilyCase> cases{
            delta("qwen3_next", "qwen3_next"),
            delta("qwen3_next, not renormalised, dense layer, biases, runtime layout", "qwen3_next",
                  {{"norm_topk_prob", false},
                   {"mlp_only_layers", {1}},
                   {"attention_bias", true},
                   {"layer_types", {"full_attention", "linear_attention", "full_attention", "linear_attention"}}}),
            delta("qwen3_5_moe_text", "qwen3_5_moe_text"),
            delta("qwen3_5_moe_text, tied, runtime layout", "qwen3_5_moe_text", {{"tie_word_embeddings", true}}),
            delta("qwen3_next, further tokens stored", "qwen3_next"),
            withPictures("qwen3_5_moe"),
        };
        cases[4].mtp = 1;
        for (FamilyCase& one : cases) {
            one.runtimeLayout = one.name.ends_with("runtime layout");
            one.tolerance = 1e-3; // transformers computes the rule in chunks, we token by token
            one.cutTolerance = 1e-4;
        }
        return cases;
    }
};

QTEST_APPLESS_MAIN(TestDeltaFamilies)
#include "tst_delta_families.moc"
