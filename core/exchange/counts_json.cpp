// SPDX-License-Identifier: Apache-2.0
// Count tables as JSON: [model ->] [domain ->] layers -> experts -> count. Layers are an object by decoder layer, or an
// array; experts an object by id (absent = never chosen), or an array of all. A key "<model>_top1" beside "<model>"
// holds the first choices.
#include "core/base/text.h"
#include "core/exchange/import_parts.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::exchange {
namespace {

using base::OrderedJson;

constexpr ByteSize kLimit{256ULL << 20U};

bool isIndex(const std::string& key)
{
    std::int32_t value = 0;
    return base::parseIndex(key, value);
}

/// Counts of one layer: all numbers, or an object by expert id.
bool isExpertRow(const OrderedJson& json)
{
    if (json.is_array())
        return !json.empty() && std::all_of(json.begin(), json.end(), [](const auto& v) { return v.is_number(); });
    return json.is_object() && !json.empty() &&
           std::all_of(json.items().begin(), json.items().end(),
                       [](const auto& i) { return isIndex(i.key()) && i.value().is_number(); });
}

bool isLayerTable(const OrderedJson& json)
{
    if (json.is_array())
        return !json.empty() && std::all_of(json.begin(), json.end(), isExpertRow);
    return json.is_object() && !json.empty() &&
           std::all_of(json.items().begin(), json.items().end(),
                       [](const auto& i) { return isIndex(i.key()) && isExpertRow(i.value()); });
}

bool isDomainTable(const OrderedJson& json)
{
    return json.is_object() && !json.empty() &&
           std::all_of(json.items().begin(), json.items().end(), [](const auto& i) { return isLayerTable(i.value()); });
}

std::string keysOf(const OrderedJson& json)
{
    std::string text;
    for (const auto& [key, value] : json.items()) {
        if (text.size() > 200)
            return text + ", …";
        text += (text.empty() ? "" : ", ") + key.substr(0, 60);
    }
    return text;
}

Result<std::vector<double>> expertRow(const OrderedJson& json, std::int32_t experts, const Place& at)
{
    std::vector<double> counts(static_cast<std::size_t>(experts), 0.0);
    if (json.is_array()) {
        if (json.size() != counts.size())
            return badInput(fmt::format("has {} counts, the layer has {} experts", json.size(), experts), at.file,
                            at.place, "Check that the table belongs to this model");
        for (std::size_t e = 0; e < counts.size(); ++e)
            counts[e] = json[e].get<double>();
        return counts;
    }
    for (const auto& [key, value] : json.items()) {
        std::int32_t id = 0;
        if (!base::parseIndex(key, id) || id >= experts)
            return badInput(
                fmt::format("expert {} does not exist, the layer has 0 to {}", key.substr(0, 20), experts - 1), at.file,
                at.place, "Check that the table belongs to this model");
        counts[static_cast<std::size_t>(id)] = value.get<double>();
    }
    return counts;
}

/// Calls use(row, counts, place) for every layer of a table.
template <typename Use>
Result<void> eachLayer(const OrderedJson& table, const ImportOptions& options, const model::ModelSummary& model,
                       const Place& at, const Use& use)
{
    std::vector<std::int64_t> layers;
    if (table.is_array()) {
        ESPALIER_TRY(layers, layersOf(model, table.size(), options, at));
    } else {
        if (!options.layers.empty())
            return usageError("--layers is for tables that do not name their layers; this one does");
        for (const auto& [key, value] : table.items()) {
            std::int32_t layer = 0;
            (void)base::parseIndex(key, layer);
            layers.push_back(layer);
        }
    }
    std::size_t position = 0;
    for (const auto& row : table) {
        const std::int64_t layer = layers[position++];
        if (layer < 0)
            continue; // dense
        const Place here{at.file, fmt::format("{}, layer {}", at.place, layer)};
        ESPALIER_TRY(const std::size_t index, moeRow(model, layer, here));
        ESPALIER_TRY(auto counts, expertRow(row, model.moeLayers[index].experts, here));
        ESPALIER_CHECK(use(index, std::move(counts), here));
    }
    return {};
}

/// First choices: as many as tokens, never more than the choices.
Result<void> setFirstChoices(stats::LayerStats& layer, std::vector<double> first, const Place& at)
{
    double sum = 0;
    for (std::size_t e = 0; e < first.size(); ++e) {
        sum += first[e];
        if (!(first[e] >= 0) || first[e] > layer[stats::Stat::Count][e])
            return badInput(fmt::format("expert {} was the first choice {} times but chosen {} times", e, first[e],
                                        layer[stats::Stat::Count][e]),
                            at.file, at.place);
    }
    if (sum != layer.tokens())
        return badInput(fmt::format("{} first choices of {} tokens", sum, layer.tokens()), at.file, at.place);
    return layer.set(stats::Stat::Top1, std::move(first));
}

} // namespace

Result<ImportedStatistics> readCountsJson(const Path& path, const ImportOptions& options,
                                          const model::ModelSummary& model)
{
    const std::string file = path.string();
    ESPALIER_TRY(const OrderedJson root, base::readJsonFile(path, kLimit));
    const OrderedJson *table = &root, *first = nullptr;
    std::string place = "top level";
    if (!options.select.empty()) {
        if (!root.is_object() || !root.contains(options.select))
            return badInput(fmt::format("has no key {}", options.select), file, place,
                            root.is_object() ? "It has " + keysOf(root) : std::string());
        table = &root[options.select];
        place = "key " + options.select;
        if (root.contains(options.select + "_top1"))
            first = &root[options.select + "_top1"];
    }
    OrderedJson wrapped = OrderedJson::object(), wrappedFirst = OrderedJson::object();
    if (isLayerTable(*table)) {
        const std::string name = options.domain.empty() ? domainNameOf(path) : options.domain;
        wrapped[name] = *table;
        table = &wrapped;
        if (first != nullptr) {
            wrappedFirst[name] = *first;
            first = &wrappedFirst;
        }
    } else if (!isDomainTable(*table)) {
        return badInput("is no table of counts: domains -> layers -> experts -> count is needed", file, place,
                        options.select.empty() && table->is_object()
                            ? "Choose a part with --select: " + keysOf(*table)
                            : std::string("See `espalier study import --help`"));
    } else if (!options.domain.empty()) {
        return usageError("--domain names the domain of a file that holds one; this table names its own");
    }
    ImportedStatistics out;
    out.form = "count table, JSON";
    for (const auto& [name, layers] : table->items()) {
        auto& domain = out.domains.emplace_back(emptyDomain(domainNameOf(Path(name + ".x")), model));
        const Place at{file, fmt::format("{}, domain {}", place, name.substr(0, 60))};
        ESPALIER_CHECK(eachLayer(layers, options, model, at, [&](std::size_t row, auto counts, const Place& here) {
            return setCounts(domain.layers[row], std::move(counts), here);
        }));
        if (first != nullptr && first->is_object() && first->contains(name) && isLayerTable((*first)[name]))
            ESPALIER_CHECK(
                eachLayer((*first)[name], options, model, at, [&](std::size_t row, auto counts, const Place& here) {
                    return setFirstChoices(domain.layers[row], std::move(counts), here);
                }));
        ESPALIER_CHECK(settleDomain(domain, at, out.notes));
    }
    out.notes.emplace_back(
        "A count table holds no gate weights, expert outputs, probabilities or logits: frequency and "
        "seer-hard can be had from it, other scores cannot.");
    return out;
}

} // namespace espalier::exchange
