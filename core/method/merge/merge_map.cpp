// SPDX-License-Identifier: Apache-2.0
#include "core/method/merge/merge_map.h"

#include "core/method/carve/neuron_split.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <numeric>

namespace espalier::method {
namespace {

bool areNumbers(const std::vector<double>& shares, std::size_t members)
{
    return shares.size() == members &&
           std::all_of(shares.begin(), shares.end(), [](double v) { return std::isfinite(v); });
}

bool sumToOne(const std::vector<double>& shares)
{
    constexpr double kRounding = 1e-6;
    return std::abs(std::accumulate(shares.begin(), shares.end(), 0.0) - 1) < kRounding;
}

/// The list under `key` as numbers; nothing when it is something else.
template <typename Number>
bool readList(const base::OrderedJson& json, const char* key, std::vector<Number>& into)
{
    const auto found = json.find(key);
    if (found == json.end() || !found->is_array() ||
        !std::all_of(found->begin(), found->end(), [](const auto& value) { return value.is_number(); }))
        return false;
    into = found->template get<std::vector<Number>>();
    return true;
}

/// Of a layer of sums: the rows are the mapping, or how near they come.
base::OrderedJson routerJson(const LayerMerge& layer)
{
    if (!layer.fit)
        return {{"mapping", "exact"}};
    return {{"mapping", "fitted"},
            {"tokens", layer.fit->tokens},
            {"same_choice", layer.fit->sameChoice},
            {"moved_gate", layer.fit->movedGate},
            {"logit_error", layer.fit->logitError}};
}

/// False for something else than what routerJson() writes.
bool readRouter(const base::OrderedJson& json, LayerMerge& layer)
{
    layer.sums = true;
    if (!json.is_object() || !json.contains("mapping"))
        return false;
    if (json["mapping"] == "exact")
        return true;
    const auto number = [&](const char* key) { return json.contains(key) && json[key].is_number(); };
    if (json["mapping"] != "fitted" || !number("tokens") || !number("same_choice") || !number("moved_gate") ||
        !number("logit_error"))
        return false;
    layer.fit = GateFit{json["tokens"].get<std::int64_t>(), json["same_choice"].get<double>(),
                        json["moved_gate"].get<double>(), json["logit_error"].get<double>()};
    return true;
}

} // namespace

Result<void> checkMerge(const LayerMerge& merge, std::int32_t experts, std::int32_t width, const std::string& file)
{
    const std::string place = fmt::format("layer {}", merge.layer.value());
    const auto wrong = [&](std::string why) { return badInput(std::move(why), file, place); };
    std::vector<std::int32_t> all;
    std::int32_t last = -1;
    for (const ExpertGroup& group : merge.groups) {
        if (group.kept <= last ||
            std::find(group.members.begin(), group.members.end(), group.kept) == group.members.end())
            return wrong("the experts that stand for groups are not ascending members of them");
        last = group.kept;
        if (!areNumbers(group.weights, group.members.size()) || !areNumbers(group.rows, group.members.size()))
            return wrong(fmt::format("the shares of the group of expert {} are not one number per member", group.kept));
        if (merge.sums) {
            const auto& ids = group.members;
            if (ids.front() < 0 || ids.back() >= experts || !group.order.empty() ||
                std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>()) != ids.end())
                return wrong(
                    fmt::format("the sum of expert {} is not of ascending experts below {}", group.kept, experts));
            continue;
        }
        if (!sumToOne(group.weights))
            return wrong(fmt::format("the shares of the group of expert {} do not add up to 1", group.kept));
        if (!group.order.empty() && group.order.size() != group.members.size())
            return wrong(fmt::format("the group of expert {} has orders for other members", group.kept));
        for (const auto& order : group.order)
            if (!order.empty() && !isPermutation(order, width))
                return wrong(
                    fmt::format("an order in the group of expert {} does not name every neuron once", group.kept));
        all.insert(all.end(), group.members.begin(), group.members.end());
    }
    std::sort(all.begin(), all.end());
    if (!merge.sums && !isPermutation(all, experts))
        return wrong(fmt::format("not every one of {} experts is in exactly one group", experts));
    return {};
}

base::OrderedJson toJson(const MergeMap& map)
{
    base::OrderedJson layers = base::OrderedJson::array();
    for (const LayerMerge& layer : map.layers) {
        base::OrderedJson groups = base::OrderedJson::array();
        for (const ExpertGroup& group : layer.groups) {
            base::OrderedJson one{
                {"kept", group.kept}, {"members", group.members}, {"weights", group.weights}, {"rows", group.rows}};
            if (!group.order.empty())
                one["order"] = group.order;
            groups.push_back(std::move(one));
        }
        base::OrderedJson one{
            {"layer", layer.layer.value()}, {"predicted_error", nullptr}, {"groups", std::move(groups)}};
        if (layer.predictedError >= 0)
            one["predicted_error"] = layer.predictedError;
        if (layer.sums)
            one["router"] = routerJson(layer);
        layers.push_back(std::move(one));
    }
    return {{"method", map.method}, {"layers", std::move(layers)}};
}

Result<MergeMap> mergeMapFromJson(const base::OrderedJson& json, const std::string& file)
{
    const auto wrong = [&](const char* why) { return badInput(why, file, "key merge"); };
    if (!json.is_object() || !json.contains("layers") || !json["layers"].is_array())
        return wrong("there is no list of merged layers");
    MergeMap map;
    if (json.contains("method") && json["method"].is_string())
        map.method = json["method"].get<std::string>();
    for (const auto& one : json["layers"]) {
        if (!one.is_object() || !one.contains("layer") || !one["layer"].is_number_integer() ||
            !one.contains("groups") || !one["groups"].is_array())
            return wrong("a merged layer has no number or no groups");
        LayerMerge layer;
        layer.layer = LayerIndex(one["layer"].get<std::int32_t>());
        if (one.contains("predicted_error") && one["predicted_error"].is_number())
            layer.predictedError = one["predicted_error"].get<double>();
        if (one.contains("router") && !readRouter(one["router"], layer))
            return wrong("a layer does not say how its router was mapped");
        for (const auto& entry : one["groups"]) {
            ExpertGroup group;
            if (!entry.is_object() || !entry.contains("kept") || !entry["kept"].is_number_integer() ||
                !readList(entry, "members", group.members) || !readList(entry, "weights", group.weights) ||
                !readList(entry, "rows", group.rows))
                return wrong("a group lacks its members or their shares");
            group.kept = entry["kept"].get<std::int32_t>();
            if (entry.contains("order")) {
                if (!entry["order"].is_array())
                    return wrong("the orders of a group are no list");
                for (const auto& order : entry["order"])
                    if (!readList(base::OrderedJson{{"order", order}}, "order", group.order.emplace_back()))
                        return wrong("an order of neurons is no list of numbers");
            }
            layer.groups.push_back(std::move(group));
        }
        map.layers.push_back(std::move(layer));
    }
    return map;
}

} // namespace espalier::method
