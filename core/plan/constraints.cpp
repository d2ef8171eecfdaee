// SPDX-License-Identifier: Apache-2.0
#include "core/plan/constraints.h"

#include "core/plan/planner.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::plan {
namespace {

/// One layer; `fixed` is +1 for experts that stay and −1 for experts that go.
void constrainLayer(const std::vector<std::int32_t>& ranking, const std::vector<signed char>& fixed,
                    std::int32_t groups, Constraints& out)
{
    const auto state = [&](std::int32_t id) { return fixed[static_cast<std::size_t>(id)]; };
    auto order = ranking;
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return state(a) > state(b); });
    const auto perGroup = static_cast<std::int32_t>(order.size()) / groups;
    std::vector<std::int32_t> round(order.size());
    std::vector<std::int32_t> seen(static_cast<std::size_t>(groups), 0), kept = seen, dropped = seen;
    for (const auto id : order) {
        const auto group = static_cast<std::size_t>(id / perGroup);
        round[static_cast<std::size_t>(id)] = seen[group]++;
        kept[group] += state(id) > 0 ? 1 : 0;
        dropped[group] += state(id) < 0 ? 1 : 0;
    }
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
        return round[static_cast<std::size_t>(a)] < round[static_cast<std::size_t>(b)];
    });
    out.order.push_back(std::move(order));
    out.lockedKept.push_back(groups * *std::max_element(kept.begin(), kept.end()));
    out.lockedDropped.push_back(groups * *std::max_element(dropped.begin(), dropped.end()));
}

} // namespace

Result<void> checkKeep(const model::ModelSummary& model, std::int32_t keep)
{
    if (keep >= model.topK && keep <= model.experts && legalCount(model, keep) == keep)
        return {};
    return usageError(fmt::format("cannot keep {} experts per layer: the model has {} and its router chooses {}{}",
                                  keep, model.experts, model.topK,
                                  model.routerGroups > 1 ? fmt::format(" in {} groups", model.routerGroups) : ""),
                      fmt::format("Choose {} to {}", legalCount(model, model.topK), model.experts));
}

std::int32_t routerGroups(const model::ModelSummary& model)
{
    return model.routerGroups > 1 && model.experts % model.routerGroups == 0 ? model.routerGroups : 1;
}

Result<Constraints> constrain(const model::ModelSummary& model, const std::vector<std::vector<std::int32_t>>& ranking,
                              std::span<const method::Lock> locks, std::int32_t smallest)
{
    std::vector<std::vector<signed char>> fixed;
    for (const auto& facts : model.moeLayers)
        fixed.emplace_back(static_cast<std::size_t>(facts.experts), 0);
    for (const auto& lock : locks) {
        const int l = model.moePosition(lock.layer);
        if (l < 0 || lock.expert.value() < 0 ||
            lock.expert.value() >= model.moeLayers[static_cast<std::size_t>(l)].experts)
            return usageError(fmt::format("expert L{}E{} does not exist", lock.layer.value(), lock.expert.value()));
        auto& cell = fixed[static_cast<std::size_t>(l)][lock.expert.index()];
        if (cell == 0)
            cell = lock.keep ? 1 : -1;
    }
    const auto groups = routerGroups(model);
    Constraints out;
    for (std::size_t l = 0; l < model.moeLayers.size(); ++l) {
        constrainLayer(ranking[l], fixed[l], groups, out);
        const auto& facts = model.moeLayers[l];
        if (facts.experts - out.lockedDropped[l] < std::max(smallest, out.lockedKept[l]))
            return usageError(fmt::format("the locks leave layer {} fewer than {} experts", facts.layer.value(),
                                          std::max(smallest, out.lockedKept[l])),
                              "Unlock experts of this layer");
    }
    return out;
}

Result<void> checkCounts(const model::ModelSummary& model, const Constraints& constraints,
                         const std::vector<std::int32_t>& counts, std::int32_t smallest)
{
    const auto groups = routerGroups(model);
    for (std::size_t l = 0; l < counts.size(); ++l) {
        const auto& facts = model.moeLayers[l];
        const auto low = std::max(smallest, constraints.lockedKept[l]);
        const auto high = facts.experts - constraints.lockedDropped[l];
        if (counts[l] < low || counts[l] > high)
            return usageError(fmt::format("layer {} cannot keep {} experts", facts.layer.value(), counts[l]),
                              fmt::format("Choose {} to {}", low, high));
        if (counts[l] % groups != 0)
            return usageError(fmt::format("layer {} cannot keep {} experts: its router has {} groups",
                                          facts.layer.value(), counts[l], groups),
                              fmt::format("Choose {} or {}", std::max(low, counts[l] / groups * groups),
                                          std::min(high, (counts[l] / groups + 1) * groups)));
    }
    return {};
}

Result<std::int32_t> commonCount(const model::ModelSummary& model, const Constraints& constraints,
                                 const std::vector<std::int32_t>& counts)
{
    std::size_t asks = 0, gives = 0;
    const auto leaves = [&](std::size_t l) { return model.moeLayers[l].experts - constraints.lockedDropped[l]; };
    for (std::size_t l = 1; l < counts.size(); ++l) {
        if (constraints.lockedKept[l] > constraints.lockedKept[asks])
            asks = l;
        if (leaves(l) < leaves(gives))
            gives = l;
    }
    if (constraints.lockedKept[asks] > leaves(gives))
        return usageError(fmt::format("no count fits all layers: the locks keep {} experts in layer {} but leave {} in "
                                      "layer {}",
                                      constraints.lockedKept[asks], model.moeLayers[asks].layer.value(), leaves(gives),
                                      model.moeLayers[gives].layer.value()),
                          "Unlock experts, or let counts differ with the allocator global or coverage");
    return std::min(*std::max_element(counts.begin(), counts.end()), leaves(gives));
}

} // namespace espalier::plan
