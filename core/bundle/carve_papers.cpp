// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/carve_papers.h"

#include "core/base/version.h"
#include "core/bundle/carve_experts.h"

#include <fmt/format.h>

namespace espalier::bundle {

namespace {

/// "llama" -> "CarvedLlama", the names of modeling_espalier_carved.py.
std::string classNameOf(const std::string& family)
{
    std::string name = "Carved" + family;
    name[6] = static_cast<char>(name[6] - 'a' + 'A');
    return name;
}

/// What a configuration made of GGUF metadata lacks for transformers.
void completeGgufConfiguration(const model::OpenModel& model, base::OrderedJson& config)
{
    std::string name = classNameOf(model.summary.family).substr(6);
    config["architectures"] = {name + "ForCausalLM"};
    config["hidden_act"] = "silu";
    if (model.spec.rope.kind == model::RopeKind::Llama3)
        config["rope_scaling"] = {{"rope_type", "llama3"},
                                  {"factor", model.spec.rope.factor},
                                  {"low_freq_factor", model.spec.rope.lowFrequency},
                                  {"high_freq_factor", model.spec.rope.highFrequency},
                                  {"original_max_position_embeddings", model.spec.rope.originalPositions}};
}

base::OrderedJson stockConfiguration(const model::OpenModel& model, const method::CarveShape& shape)
{
    const model::ModelSpec& spec = model.spec;
    base::OrderedJson source = model.checkpoint.config();
    if (model.checkpoint.gguf() != nullptr)
        completeGgufConfiguration(model, source);
    base::OrderedJson config{{"architectures", {"Glm4MoeForCausalLM"}},
                             {"model_type", "glm4_moe"},
                             {"attention_bias", spec.attention.bias},
                             {"attention_dropout", 0.0},
                             {"first_k_dense_replace", 0},
                             {"head_dim", spec.attention.headDim},
                             {"hidden_act", "silu"},
                             {"hidden_size", spec.hidden},
                             {"intermediate_size", shape.width},
                             {"max_position_embeddings", spec.maxPositions},
                             {"moe_intermediate_size", shape.expertWidth()},
                             {"n_group", 1},
                             {"n_routed_experts", shape.routed()},
                             {"n_shared_experts", shape.shared},
                             {"norm_topk_prob", true},
                             {"num_attention_heads", spec.attention.heads},
                             {"num_experts_per_tok", shape.active},
                             {"num_hidden_layers", spec.layers.size()},
                             {"num_key_value_heads", spec.attention.kvHeads},
                             {"num_nextn_predict_layers", 0},
                             {"partial_rotary_factor", 1.0},
                             {"rms_norm_eps", spec.normEpsilon},
                             {"routed_scaling_factor", static_cast<double>(shape.active)},
                             {"tie_word_embeddings", spec.tiedEmbedding},
                             {"topk_group", 1},
                             {"use_cache", true},
                             {"use_qk_norm", spec.attention.qkNorm == model::QkNorm::PerHead},
                             {"vocab_size", spec.vocabulary}};
    if (const auto rope = source.find("rope_parameters"); rope != source.end() && rope->is_object()) {
        config["rope_parameters"] = *rope;
        config["rope_parameters"]["partial_rotary_factor"] = 1.0;
    } else {
        config["rope_theta"] = spec.rope.theta;
        if (source.contains("rope_scaling"))
            config["rope_scaling"] = source["rope_scaling"];
    }
    for (const char* key :
         {"bos_token_id", "eos_token_id", "pad_token_id", "initializer_range", "torch_dtype", "dtype"})
        if (source.contains(key))
            config[key] = source[key];
    return config;
}

} // namespace

std::string_view carveFormatName(CarveFormat format)
{
    switch (format) {
    case CarveFormat::Stock:
        return "stock";
    case CarveFormat::Carved:
        return "carved";
    case CarveFormat::Dense:
        return "dense";
    case CarveFormat::SubExperts:
        return "sub-experts";
    }
    return {};
}

base::OrderedJson carvedConfiguration(const model::OpenModel& model, const engine::Carving& carving, CarveFormat format)
{
    if (format == CarveFormat::Stock)
        return stockConfiguration(model, carving.settings.shape);
    base::OrderedJson config = model.checkpoint.config();
    if (model.checkpoint.gguf() != nullptr)
        completeGgufConfiguration(model, config);
    const auto& shape = carving.settings.shape;
    if (format == CarveFormat::Dense) {
        config["intermediate_size"] = shape.sharedWidth();
        return config;
    }
    const std::string base = model.summary.family;
    const std::string name = classNameOf(base);
    config["architectures"] = {name + "ForCausalLM"};
    config["model_type"] = "espalier_carved";
    config["base_model_type"] = base;
    config["auto_map"] = {{"AutoConfig", "modeling_espalier_carved." + name + "Config"},
                          {"AutoModelForCausalLM", "modeling_espalier_carved." + name + "ForCausalLM"}};
    config["n_routed_experts"] = shape.routed();
    config["n_shared_experts"] = shape.shared;
    config["num_experts_per_tok"] = shape.active;
    config["moe_intermediate_size"] = shape.expertWidth();
    const engine::CarvedRouter& router = carving.layers.front().router;
    config["router_estimate"] = router.kind == engine::RouterKind::Linear    ? "linear"
                                : router.kind == engine::RouterKind::LowRank ? "low_rank"
                                : router.kind == engine::RouterKind::Paper   ? "magnitudes"
                                                                             : "energies";
    if (router.perExpert > 0)
        config["router_rows"] = router.perExpert;
    return config;
}

base::OrderedJson carveRecipe(const model::OpenModel& model, const engine::Carving& carving, CarveFormat format,
                              const std::string& command)
{
    base::OrderedJson recipe{{"schema", "espalier.recipe/1"},
                             {"espalier", base::kVersion},
                             {"command", command},
                             {"source",
                              {{"name", model.summary.name},
                               {"fingerprint", model.summary.fingerprint},
                               {"family", model.summary.family},
                               {"bytes", model.summary.bytes.total()}}},
                             {"method", "cmoe"},
                             {"data", carving.data}};
    if (format == CarveFormat::SubExperts) {
        recipe["carve"] = carvedExpertRecipe(carving);
        return recipe;
    }
    const auto& shape = carving.settings.shape;
    base::OrderedJson layers = base::OrderedJson::array();
    for (const auto& layer : carving.layers) {
        base::OrderedJson json = engine::toJson(layer);
        json["order"] = layer.split.order;
        layers.push_back(std::move(json));
    }
    recipe["carve"] = {{"width", shape.width},
                       {"shared", shape.shared},
                       {"active", shape.active},
                       {"experts", shape.experts},
                       {"router", engine::routerKindName(carving.settings.router)},
                       {"format", carveFormatName(format)},
                       {"layers", std::move(layers)}};
    return recipe;
}

std::string carveCard(const model::OpenModel& model, const engine::Carving& carving, CarveFormat format)
{
    if (format == CarveFormat::SubExperts)
        return carvedExpertCard(model, carving);
    const auto& shape = carving.settings.shape;
    std::string card = fmt::format("# {} carved into {} experts per layer\n\n", model.summary.name, shape.experts);
    card += fmt::format(
        "The feed-forward neurons of `{}` ({}, fingerprint `{}`) in a new order, made with Espalier {}: {} shared "
        "experts of {} neurons that every token visits (one block of {}), and {} of {} routed ones per token, {:.0f} % "
        "of the feed-forward part. Weights were moved, none was trained; the routers ({}) were fitted on the texts "
        "below.\n\n",
        model.summary.name, model.summary.family, model.summary.fingerprint, base::kVersion, shape.shared,
        shape.expertWidth(), shape.sharedWidth(), shape.active, shape.routed(),
        100.0 * (shape.shared + shape.active) / shape.experts, engine::routerKindName(carving.settings.router));
    card += "Texts:";
    for (const auto& [domain, tokens] : carving.tokens)
        card += fmt::format(" {} ({} tokens)", domain, tokens);
    card += "\n\nEnergy of each layer's output that is kept, on tokens the routers were not fitted on:\n\n"
            "| layer | this router | true energies | experts by lot | same size, always the same neurons |\n"
            "| ---: | ---: | ---: | ---: | ---: |\n";
    for (const auto& layer : carving.layers)
        card += fmt::format("| {} | {:.4f} | {:.4f} | {:.4f} | {:.4f} |\n", layer.layer.value(),
                            layer.chosen.energyKept, layer.oracle.energyKept, layer.lot.energyKept, layer.staticKept);
    card += "\nWhat was not measured may be lost.\n\n## Load it\n\n";
    const bool own = format == CarveFormat::Carved;
    card += fmt::format("```python\nfrom transformers import AutoModelForCausalLM\n"
                        "model = AutoModelForCausalLM.from_pretrained(\"PATH-OF-THIS-FOLDER\"{})\n```\n",
                        own ? ", trust_remote_code=True" : "");
    if (format == CarveFormat::Stock)
        card += fmt::format("\nStored as GLM-4.5 MoE, which transformers, vLLM and llama.cpp know. Its gates come from "
                            "sigmoids: they differ from 1 by less than {:.1g}.\n",
                            kStockLogit);
    card += "\n`recipe.json` holds the order of the neurons; check the folder with `espalier verify`.\n";
    return card;
}

} // namespace espalier::bundle
