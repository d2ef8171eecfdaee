// SPDX-License-Identifier: Apache-2.0
#include "core/engine/carve.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace espalier::engine {

namespace {

constexpr std::array<std::pair<RouterKind, std::string_view>, 5> kNames{{{RouterKind::Linear, "linear"},
                                                                         {RouterKind::Representative, "representative"},
                                                                         {RouterKind::Energy, "energy"},
                                                                         {RouterKind::LowRank, "lowrank"},
                                                                         {RouterKind::Paper, "paper"}}};

base::OrderedJson qualityJson(const CarveQuality& quality)
{
    return {{"energy_kept", quality.energyKept}, {"agreement", quality.agreement}, {"exact", quality.exact}};
}

} // namespace

Result<RouterKind> parseRouterKind(std::string_view text)
{
    std::string known;
    for (const auto& [kind, name] : kNames) {
        if (name == text)
            return kind;
        known += fmt::format("{}{}", known.empty() ? "" : ", ", name);
    }
    return usageError(fmt::format("there is no router '{}'", text), "Routers: " + known);
}

std::string_view routerKindName(RouterKind kind)
{
    for (const auto& [known, name] : kNames)
        if (known == kind)
            return name;
    return {};
}

base::OrderedJson toJson(const CarvedLayer& layer)
{
    base::OrderedJson json{{"layer", layer.layer.value()}};
    if (layer.expert >= 0) {
        json["expert"] = layer.expert;
        json["tokens"] = layer.tokens;
    }
    json.update(base::OrderedJson{
        {"router", qualityJson(layer.chosen)},
        {"oracle", qualityJson(layer.oracle)},
        {"lot", qualityJson(layer.lot)},
        {"static", {{"energy_kept", layer.staticKept}}},
        {"load", layer.load},
        {"clustering", {{"cost", layer.split.cost}, {"rounds", layer.split.rounds}}},
        {"seconds",
         {{"statistics", layer.secondsStatistics}, {"split", layer.secondsSplit}, {"router", layer.secondsRouter}}}});
    return json;
}

std::vector<CarvedLayer> byLayer(const std::vector<CarvedLayer>& carved)
{
    std::vector<CarvedLayer> layers;
    const auto add = [](CarveQuality& sum, const CarveQuality& quality, double weight) {
        sum.energyKept += weight * quality.energyKept;
        sum.agreement += weight * quality.agreement;
        sum.exact += weight * quality.exact;
    };
    for (const CarvedLayer& one : carved) {
        if (one.expert < 0) {
            layers.push_back(one);
            continue;
        }
        if (layers.empty() || layers.back().layer != one.layer)
            layers.emplace_back().layer = one.layer;
        layers.back().tokens += one.tokens;
    }
    for (const CarvedLayer& one : carved) {
        if (one.expert < 0)
            continue;
        CarvedLayer& layer =
            *std::find_if(layers.begin(), layers.end(), [&](const auto& l) { return l.layer == one.layer; });
        const double weight =
            layer.tokens > 0 ? static_cast<double>(one.tokens) / static_cast<double>(layer.tokens) : 0;
        add(layer.chosen, one.chosen, weight);
        add(layer.oracle, one.oracle, weight);
        add(layer.lot, one.lot, weight);
        layer.staticKept += weight * one.staticKept;
        layer.load.resize(one.load.size(), 0.0);
        for (std::size_t e = 0; e < one.load.size(); ++e)
            layer.load[e] += weight * one.load[e];
        layer.secondsStatistics += one.secondsStatistics;
        layer.secondsSplit += one.secondsSplit;
        layer.secondsRouter += one.secondsRouter;
    }
    return layers;
}

} // namespace espalier::engine
