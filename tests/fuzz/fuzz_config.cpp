// SPDX-License-Identifier: Apache-2.0
// config.json beside the weights of a model: what is accepted is described and summed up. The first byte of an input
// says which model's weights they are.
#include "core/model/model_summary.h"
#include "core/plan/memory_model.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/released_models.h"
#include "tests/support/tiny_checkpoint.h"

using namespace espalier;
namespace fs = std::filesystem;

namespace {

struct Models {
    std::vector<fs::path> folders;
    std::vector<std::string> configs;

    Models()
    {
        const base::OrderedJson latent{{"hidden_size", 128},
                                       {"intermediate_size", 64},
                                       {"kv_lora_rank", 16},
                                       {"moe_intermediate_size", 8},
                                       {"q_lora_rank", 8},
                                       {"vocab_size", 30},
                                       {"num_hidden_layers", 2},
                                       {"first_k_dense_replace", 1},
                                       {"n_routed_experts", 8},
                                       {"num_experts_per_tok", 2},
                                       {"n_group", 4},
                                       {"topk_group", 2},
                                       {"num_attention_heads", 2}};
        base::OrderedJson kimi = latent;
        kimi["n_group"] = kimi["topk_group"] = 1;
        add(test::deepseekV3(latent));
        add(test::kimiK2(kimi));
        add(test::qwen3Moe235b({{"hidden_size", 16},
                                {"moe_intermediate_size", 8},
                                {"num_attention_heads", 2},
                                {"num_experts", 5},
                                {"num_experts_per_tok", 2},
                                {"num_hidden_layers", 2},
                                {"num_key_value_heads", 1},
                                {"vocab_size", 30}}));
        add(test::gptOss120b({{"hidden_size", 64},
                              {"intermediate_size", 32},
                              {"num_local_experts", 5},
                              {"num_attention_heads", 4},
                              {"num_key_value_heads", 2},
                              {"num_hidden_layers", 2},
                              {"layer_types", {"sliding_attention", "full_attention"}},
                              {"vocab_size", 30}}));
        add(test::qwen3Next80b({{"hidden_size", 32},
                                {"linear_num_key_heads", 1},
                                {"linear_num_value_heads", 2},
                                {"linear_key_head_dim", 8},
                                {"linear_value_head_dim", 4},
                                {"full_attention_interval", 2},
                                {"moe_intermediate_size", 8},
                                {"shared_expert_intermediate_size", 8},
                                {"num_attention_heads", 2},
                                {"num_key_value_heads", 1},
                                {"num_experts", 5},
                                {"num_experts_per_tok", 2},
                                {"num_hidden_layers", 2},
                                {"vocab_size", 30}}));
    }
    void add(const test::ReleasedModel& model)
    {
        folders.push_back(fuzz::scratchFolder() / model.name);
        configs.push_back(model.config.dump());
        test::writeSparse(folders.back(), model, 1);
    }
};

const Models& models()
{
    static const Models all;
    return all;
}

} // namespace

std::vector<std::string> fuzz::fuzzSeeds()
{
    std::vector<std::string> seeds;
    for (std::size_t m = 0; m < models().configs.size(); ++m)
        seeds.push_back(std::string(1, static_cast<char>('0' + m)) + models().configs[m]);
    return seeds;
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return fuzz::kRefused;
    const fs::path& folder = models().folders[(data[0] + std::size_t{2}) % models().folders.size()]; // '0' is 48
    test::writeText(folder / "config.json", fuzz::viewOf(data + 1, size - 1));
    const auto model = model::openModel(folder);
    if (!model)
        return fuzz::refused(model.error());
    const auto& summary = model->summary;
    fuzz::require(summary.bytes.total() == model->checkpoint.tensorBytes(), "bytes by part miss a tensor");
    fuzz::require(summary.topK <= summary.experts && summary.activeParameters <= summary.parameters,
                  "more is active than there is");
    (void)plan::predictMemory(summary, summary.bytes, {4096, 4, 2});
    const auto again = fuzz::mustHold(model::ModelSummary::fromJson(summary.toJson(), "study"), "the summary");
    fuzz::require(again == summary, "the summary changes when it is stored");
    return 0;
}
