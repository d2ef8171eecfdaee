// SPDX-License-Identifier: Apache-2.0
#include "core/engine/carve.h"

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
    return {
        {"layer", layer.layer.value()},
        {"router", qualityJson(layer.chosen)},
        {"oracle", qualityJson(layer.oracle)},
        {"lot", qualityJson(layer.lot)},
        {"static", {{"energy_kept", layer.staticKept}}},
        {"load", layer.load},
        {"clustering", {{"cost", layer.split.cost}, {"rounds", layer.split.rounds}}},
        {"seconds",
         {{"statistics", layer.secondsStatistics}, {"split", layer.secondsSplit}, {"router", layer.secondsRouter}}}};
}

} // namespace espalier::engine
