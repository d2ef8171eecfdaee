// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/bundle_papers.h"

#include "core/base/byte_size.h"
#include "core/base/version.h"
#include "core/bundle/expert_names.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::bundle {
namespace {

/// Numbers and texts of a stored document: whatever has another type counts as absent.
double number(const base::OrderedJson& object, const char* key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

const base::OrderedJson& part(const base::OrderedJson& object, const char* key)
{
    static const base::OrderedJson nothing = base::OrderedJson::object();
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_object() ? *found : nothing;
}

std::string comparisonTable(const base::OrderedJson& validation, const std::string& plan)
{
    if (!validation.is_object() || !validation.contains("plans") || !validation["plans"].is_array())
        return "No comparison was stored when this bundle was written.\n";
    for (const auto& entry : validation["plans"]) {
        if (!entry.is_object() || !entry.contains("name") || entry["name"] != plan)
            continue;
        std::string text = "| measured on | base | this model |\n| --- | ---: | ---: |\n";
        for (const auto& [name, task] : part(entry, "tasks").items())
            text += fmt::format("| {}, exact match % of {} | {:.1f} | {:.1f} |\n", name, number(task, "items"),
                                100 * number(task, "accuracy_base"), 100 * number(task, "accuracy"));
        for (const auto& [name, domain] : part(entry, "domains").items())
            text += fmt::format("| {}, perplexity | {:.2f} | {:.2f} |\n| {}, mean KL | 0 | {:.4f} |\n", name,
                                number(domain, "perplexity_base"), number(domain, "perplexity"), name,
                                number(domain, "kl_mean"));
        return text;
    }
    return "The stored comparison does not hold this plan.\n";
}

/// How the router of a model of sums came about; nothing for other merges.
std::string routerNote(const method::MergeMap& map)
{
    std::size_t fitted = 0;
    double same = 0, moved = 0, error = 0;
    for (const auto& layer : map.layers)
        if (layer.fit) {
            ++fitted;
            same += layer.fit->sameChoice;
            moved += layer.fit->movedGate;
            error += layer.fit->logitError;
        }
    if (fitted == 0)
        return "The router mapping is said exactly by the router rows: this model computes what the plan does.\n\n";
    const auto count = static_cast<double>(fitted);
    return fmt::format("The router mapping acts on probabilities, which no linear router says exactly. In {} of {} "
                       "layers router rows were fitted to it; on tokens left out of the fit, means over those layers: "
                       "{:.1f} % of tokens choose the same experts, {:.2f} % of the gate weight lies elsewhere, logits "
                       "are off by {:.3f}. `recipe.json` has every layer's numbers.\n\n",
                       fitted, map.layers.size(), 100 * same / count, 100 * moved / count, error / count);
}

} // namespace

Result<base::OrderedJson> patchedConfig(const model::OpenModel& model, const plan::Plan& plan, bool dropMtp)
{
    base::OrderedJson config = model.checkpoint.config();
    const std::string file = (model.checkpoint.folder() / "config.json").string();
    const auto set = [&](const std::string& key, const base::OrderedJson& value) -> Result<void> {
        const base::OrderedJson::json_pointer pointer(key);
        if (!config.contains(pointer.parent_pointer()))
            return badInput("the configuration has no place for the key", file, "key " + key.substr(1));
        config[pointer] = value;
        return {};
    };
    for (const char* key : {"quantization_config", "compression_config"})
        if (config.contains(key))
            ESPALIER_CHECK(renumberExpertNames(config[key], plan, file, key));
    for (const auto& key : model.spec.expertCountKeys)
        ESPALIER_CHECK(set(key, plan.layers.front().keep.size()));
    if (const auto active = plan.activeExperts(model.summary); active > 0 && active != model.summary.topK)
        for (const auto& key : model.spec.topKKeys)
            ESPALIER_CHECK(set(key, active));
    for (const auto& [key, value] : model.spec.exportKeys)
        ESPALIER_CHECK(set(key, value));
    if (dropMtp)
        for (const auto& [key, none] : model.spec.mtpKeys)
            ESPALIER_CHECK(set(key, none));
    return config;
}

base::OrderedJson skipRule(const plan::Plan& plan)
{
    base::OrderedJson layers = base::OrderedJson::array();
    for (const auto& layer : plan.layers)
        layers.push_back({{"layer", layer.layer.value()}, {"thresholds", layer.skip}});
    return {{"schema", "espalier.skip/1"},
            {"rule",
             "Sort the weights of a token's k chosen experts, after the model's own choice and before it renormalises: "
             "w_1 >= w_2 >= ... >= w_k, equal ones in the order of choice. Keep the longest beginning in which every "
             "w_j, j >= 2, is at least thresholds[j - 2] * w_1. Leave the other experts out, and let the model "
             "renormalise and scale the kept weights as it does all k; where it does not renormalise they stay."},
            {"paper", "Lu et al. 2024, arXiv 2402.14800, section 3.3, for any number of experts per token"},
            {"layers", layers}};
}

base::OrderedJson recipe(const model::OpenModel& model, const ExportRequest& request)
{
    base::OrderedJson plan = request.plan.toJson();
    base::OrderedJson carried = base::OrderedJson::array();
    for (std::size_t i = 0; i < model.spec.uses.size(); ++i)
        if (model.spec.uses[i].role == model::TensorRole::Other && !model.spec.uses[i].mtp)
            carried.push_back(model.checkpoint.tensors()[i].name);
    base::OrderedJson recipe{{"schema", "espalier.recipe/1"},
                             {"espalier", base::kVersion},
                             {"command", request.command},
                             {"source",
                              {{"name", model.summary.name},
                               {"fingerprint", model.summary.fingerprint},
                               {"family", model.summary.family},
                               {"experts", model.summary.experts},
                               {"bytes", model.summary.bytes.total()}}},
                             {"method", request.plan.method},
                             {"allocator", request.plan.allocator},
                             {"protectors", request.plan.protectors},
                             {"data", request.data},
                             {"carried", std::move(carried)},
                             {"mtp", request.dropMtp ? "dropped" : "kept"},
                             {"plan", std::move(plan)}};
    if (request.merge != nullptr)
        recipe["merge"] = method::toJson(*request.merge);
    return recipe;
}

std::string modelCard(const model::OpenModel& model, const ExportRequest& request)
{
    const auto& source = model.summary;
    const auto kept = request.plan.layers.empty() ? 0 : request.plan.layers.front().keep.size();
    std::string domains;
    for (const auto& domain : request.plan.domains)
        domains += (domains.empty() ? "" : ", ") + domain;
    std::string card = fmt::format("# {} with {} of {} experts per layer\n\n", source.name, kept, source.experts);
    const bool merged = request.merge != nullptr;
    const bool sums = merged && !request.merge->layers.empty() && request.merge->layers.front().sums;
    card += fmt::format(
        "A {} of `{}` ({}, fingerprint `{}`), made with Espalier {}. {}\n\n", merged ? "merge" : "cut", source.name,
        source.family, source.fingerprint, base::kVersion,
        sums ? "Every expert is a weighted sum of the source's, by coefficients that were searched for; everything "
               "outside experts and routers was copied byte for byte, nothing was trained."
        : merged
            ? "Groups of experts were averaged into one, router rows to match; everything else was copied byte for "
              "byte, nothing was trained."
            : "Weights were copied byte for byte; experts were renumbered, nothing was trained or re-encoded.");
    card += fmt::format("- method: {}, allocator: {}\n- measured on: {}\n- size: {} of {}\n\n",
                        request.plan.method.empty() ? "by hand" : request.plan.method,
                        request.plan.allocator.empty() ? "by hand" : request.plan.allocator,
                        domains.empty() ? "all domains of the study" : domains,
                        base::formatByteSize(ByteSize(request.plan.predicted.bytes.total())),
                        base::formatByteSize(ByteSize(source.bytes.total())));
    if (sums)
        card += routerNote(*request.merge);
    if (request.plan.skips())
        card +=
            "The plan leaves out experts token by token where their weight is small. `skipping.json` holds the rule "
            "and its thresholds for a server that can follow it; engines that do not know the file give every token "
            "all its experts.\n\n";
    card += "## Before and after\n\n" + comparisonTable(request.validation, request.plan.name);
    card += sums     ? "\nWhat the search was not asked for may be lost; compare before use.\n\n## Load it\n\n"
            : merged ? "\nMerging is an approximation measured on these texts; compare before use.\n\n## Load it\n\n"
                     : "\nA cut keeps what it was measured on. What was not measured may be lost.\n\n## Load it\n\n";
    if (model.checkpoint.gguf() != nullptr)
        card += "```sh\nllama-server -m model.gguf   # llama.cpp\n```\n\n";
    else
        card += "```python\nfrom transformers import AutoModelForCausalLM\n"
                "model = AutoModelForCausalLM.from_pretrained(\"PATH-OF-THIS-FOLDER\")\n```\n\n"
                "```sh\nvllm serve PATH-OF-THIS-FOLDER\n"
                "python convert_hf_to_gguf.py PATH-OF-THIS-FOLDER   # llama.cpp\n```\n\n";
    card += merged ? "`recipe.json` holds the groups with their shares" : "`recipe.json` holds the keep lists";
    card += " and everything needed to make this folder again; check it with "
            "`espalier verify` or `sha256sum -c SHA256SUMS`.\n";
    return card;
}

std::string checksums(std::span<const BundleFile> files)
{
    std::vector<const BundleFile*> sorted;
    for (const auto& file : files)
        sorted.push_back(&file);
    std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
    std::string text;
    for (const auto* file : sorted)
        text += file->sha256 + "  " + file->name + "\n";
    return text;
}

} // namespace espalier::bundle
