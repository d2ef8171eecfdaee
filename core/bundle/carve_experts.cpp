// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/carve_experts.h"

#include "core/base/version.h"
#include "core/bundle/bundle_papers.h"
#include "core/bundle/merged_tensors.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <memory>

namespace espalier::bundle {
namespace {

/// "model.layers.3."
std::string prefixOf(const model::LayerSpec& layer)
{
    const std::string part = fmt::format("layers.{}.", layer.index.value());
    const std::string& name = layer.router.weight;
    return name.substr(0, name.find(part) + part.size());
}

/// Every expert a group of its own, with its neurons in another order.
method::MergeMap ordersOf(const engine::Carving& carving)
{
    method::MergeMap map;
    for (const auto& carved : carving.layers) {
        if (map.layers.empty() || map.layers.back().layer != carved.layer)
            map.layers.emplace_back().layer = carved.layer;
        map.layers.back().groups.push_back({carved.expert, {carved.expert}, {1}, {1}, {carved.split.order}});
    }
    return map;
}

/// The source with its experts' neurons moved, and what reads it.
struct Moved {
    Moved(const model::OpenModel& model, const engine::Carving& carving)
        : map(ordersOf(carving)), tensors(model, map), reader(model.checkpoint)
    {
    }
    method::MergeMap map;
    MergedTensors tensors;
    checkpoint::TensorReader reader;
};

/// Routers of a layer's experts one behind the other.
void addRouters(const model::OpenModel& model, const engine::Carving& carving, std::vector<MadeTensor>& tensors)
{
    const auto routed = static_cast<std::int64_t>(carving.settings.shape.routed());
    std::map<LayerIndex, std::pair<std::vector<float>, std::vector<float>>> layers;
    for (const auto& carved : carving.layers) {
        auto& [weight, bias] = layers[carved.layer];
        weight.insert(weight.end(), carved.router.weight.begin(), carved.router.weight.end());
        bias.insert(bias.end(), carved.router.bias.begin(), carved.router.bias.end());
    }
    for (auto& [layer, values] : layers) {
        const std::string prefix = prefixOf(model.spec.layers[layer.index()]) + "sub_router.";
        const std::int64_t experts = model.spec.experts;
        tensors.push_back(
            madeOfFloats(prefix + "weight", {experts, routed, model.spec.hidden}, std::move(values.first)));
        tensors.push_back(madeOfFloats(prefix + "bias", {experts, routed}, std::move(values.second)));
    }
}

} // namespace

Result<std::vector<MadeTensor>> carvedExpertTensors(const model::OpenModel& model, const engine::Carving& carving,
                                                    bool routers)
{
    ESPALIER_CHECK(checkExpertsPlain(model, "carved"));
    ESPALIER_TRY(auto slices, sliceTensors(model, plan::Plan::keepAll(model.summary)));
    const auto moved = std::make_shared<Moved>(model, carving);
    std::vector<MadeTensor> tensors;
    for (auto& slice : slices) {
        const auto& source = model.checkpoint.tensors()[slice.source];
        MadeTensor tensor;
        tensor.out = slice.out;
        tensor.make = [moved, &source, slice = std::move(slice)]() -> Result<std::vector<std::byte>> {
            ESPALIER_TRY(const auto bytes,
                         moved->tensors.changes(slice) ? moved->tensors.make(slice) : moved->reader.bytes(source));
            return std::vector<std::byte>(bytes.begin(), bytes.end());
        };
        tensors.push_back(std::move(tensor));
    }
    if (routers)
        addRouters(model, carving, tensors);
    return tensors;
}

Result<base::OrderedJson> carvedExpertConfiguration(const model::OpenModel& model, const method::CarveShape& shape)
{
    ESPALIER_TRY(auto config, patchedConfig(model, plan::Plan::keepAll(model.summary), false));
    config["espalier_sub_experts"] = {{"shared", shape.shared}, {"active", shape.active}, {"experts", shape.experts}};
    config["auto_map"] = {
        {"AutoModelForCausalLM", "modeling_espalier_sub_experts.SubExperts" + model.spec.architecture}};
    return config;
}

base::OrderedJson carvedExpertRecipe(const engine::Carving& carving)
{
    const auto& shape = carving.settings.shape;
    base::OrderedJson layers = base::OrderedJson::array();
    for (const auto& layer : engine::byLayer(carving.layers)) {
        base::OrderedJson one = engine::toJson(layer);
        one["orders"] = base::OrderedJson::array();
        one["experts"] = base::OrderedJson::array();
        for (const auto& carved : carving.layers)
            if (carved.layer == layer.layer) {
                one["orders"].push_back(carved.split.order);
                one["experts"].push_back(engine::toJson(carved));
            }
        layers.push_back(std::move(one));
    }
    return {{"inside", "experts"},     {"width", shape.width},       {"shared", shape.shared},
            {"active", shape.active},  {"experts", shape.experts},   {"router", "linear"},
            {"format", "sub-experts"}, {"layers", std::move(layers)}};
}

std::string carvedExpertCard(const model::OpenModel& model, const engine::Carving& carving)
{
    const auto& shape = carving.settings.shape;
    std::string card = fmt::format("# {} with its experts carved\n\n", model.summary.name);
    card += fmt::format("The neurons of every routed expert of `{}` ({}, fingerprint `{}`) in a "
                        "new order, made with Espalier {}: of "
                        "{} blocks of {} neurons the first {} run wherever the expert does, and "
                        "{} of the other {} by a router inside "
                        "the expert, {:.0f} % of it. Weights were moved, none was trained; the "
                        "routers were fitted on the texts "
                        "below.\n\nTexts:",
                        model.summary.name, model.summary.family, model.summary.fingerprint, base::kVersion,
                        shape.experts, shape.expertWidth(), shape.shared, shape.active, shape.routed(),
                        100.0 * (shape.shared + shape.active) / shape.experts);
    for (const auto& [domain, tokens] : carving.tokens)
        card += fmt::format(" {} ({} tokens)", domain, tokens);
    card += "\n\nEnergy of the experts' outputs that is kept, mean over each "
            "layer's experts weighed by their tokens, "
            "on tokens the routers were not fitted on:\n\n"
            "| layer | these routers | true energies | blocks by lot | same "
            "size, always the same neurons |\n"
            "| ---: | ---: | ---: | ---: | ---: |\n";
    for (const auto& layer : engine::byLayer(carving.layers))
        card += fmt::format("| {} | {:.4f} | {:.4f} | {:.4f} | {:.4f} |\n", layer.layer.value(),
                            layer.chosen.energyKept, layer.oracle.energyKept, layer.lot.energyKept, layer.staticKept);
    card += "\nWhat was not measured may be lost.\n\n## Load it\n\n"
            "```python\nfrom transformers import AutoModelForCausalLM\n"
            "model = AutoModelForCausalLM.from_pretrained(\"PATH-OF-THIS-FOLDER\", "
            "trust_remote_code=True)\n```\n\n"
            "No stock architecture has routers inside its experts. Without "
            "`trust_remote_code` transformers says that "
            "it does not know the `sub_router` tensors and runs every expert whole: "
            "that is the model this one was "
            "made from.\n\n`recipe.json` holds the order of every expert's neurons; "
            "check the folder with "
            "`espalier verify`.\n";
    return card;
}

VerifyCheck checkCarvedExpertRecipe(const model::OpenModel& model, const base::OrderedJson& carve)
{
    const auto wrong = [](std::string why) { return VerifyCheck{"recipe", false, std::move(why)}; };
    const auto says = [&](const char* key, std::int64_t value) {
        return carve.contains(key) && carve[key].is_number_integer() && carve[key].get<std::int64_t>() == value;
    };
    const auto& sub = model.spec.subExperts;
    if (!sub || !says("width", model.spec.expertWidth) || !says("shared", sub->shared) ||
        !says("active", sub->active) || !says("experts", sub->experts))
        return wrong("its numbers of neurons and blocks are not those of the configuration");
    const auto& moe = model.summary.moeLayers;
    if (!carve.contains("layers") || !carve["layers"].is_array() || carve["layers"].size() != moe.size())
        return wrong("it does not hold as many layers as the model has with experts");
    for (std::size_t l = 0; l < moe.size(); ++l) {
        const auto& layer = carve["layers"][l];
        const auto number = moe[l].layer.value();
        if (!layer.is_object() || !layer.contains("layer") || layer["layer"] != number || !layer.contains("orders") ||
            !layer["orders"].is_array() || layer["orders"].size() != static_cast<std::size_t>(model.spec.experts))
            return wrong(fmt::format("it does not hold an order for every expert of layer {}", number));
        for (const auto& order : layer["orders"])
            if (!order.is_array() ||
                !std::all_of(order.begin(), order.end(), [](const auto& value) { return value.is_number_integer(); }) ||
                !method::isPermutation(order.get<std::vector<std::int32_t>>(), model.spec.expertWidth))
                return wrong(fmt::format("an order of layer {} does not name every neuron once", number));
    }
    return {"recipe", true, fmt::format("{} layers, every neuron of an expert in one of its blocks", moe.size())};
}

engine::Carving carvedExpertsOf(const base::OrderedJson& carve)
{
    engine::Carving carving;
    carving.settings.shape = {carve["width"].get<int>(), carve["shared"].get<int>(), carve["active"].get<int>(),
                              carve["experts"].get<int>()};
    for (const auto& layer : carve["layers"]) {
        std::int32_t expert = 0;
        for (const auto& order : layer["orders"]) {
            engine::CarvedLayer carved;
            carved.layer = LayerIndex(layer["layer"].get<std::int32_t>());
            carved.expert = expert++;
            carved.split.order = order.get<std::vector<std::int32_t>>();
            carving.layers.push_back(std::move(carved));
        }
    }
    return carving;
}

} // namespace espalier::bundle
