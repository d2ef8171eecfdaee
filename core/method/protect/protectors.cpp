// SPDX-License-Identifier: Apache-2.0
#include "core/method/allocate.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <string>

namespace espalier::method {
namespace {

using stats::Stat;

/// top-k is enforced by every allocation; the protector exists so that plans can name the rule.
std::vector<Lock> noLocks(const stats::Statistics&, const model::ModelSummary&, double)
{
    return {};
}

/// a = largest |output channel| over all domains; stands out if a > P99.5 of all experts and a > 0.1 max a, in the
/// first `quarters` of the layers.
std::vector<Lock> outstanding(const stats::Statistics& statistics, const model::ModelSummary& model, int quarters)
{
    std::vector<std::vector<double>> peaks;
    std::vector<double> all;
    for (std::size_t l = 0; l < model.moeLayers.size(); ++l) {
        std::vector<double> layer(static_cast<std::size_t>(model.moeLayers[l].experts), 0.0);
        for (const auto& domain : statistics.domains) {
            if (l >= domain.layers.size())
                continue;
            const auto values = domain.layers[l][Stat::MaxAbs];
            for (std::size_t e = 0; e < std::min(layer.size(), values.size()); ++e)
                if (std::isfinite(values[e]))
                    layer[e] = std::max(layer[e], values[e]);
        }
        all.insert(all.end(), layer.begin(), layer.end());
        peaks.push_back(std::move(layer));
    }
    if (all.empty())
        return {};
    std::sort(all.begin(), all.end());
    const double position = 0.995 * static_cast<double>(all.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const double above = all[std::min(below + 1, all.size() - 1)];
    const double threshold =
        std::max(all[below] + (above - all[below]) * (position - static_cast<double>(below)), 0.1 * all.back());
    std::vector<Lock> locks;
    for (std::size_t l = 0; l < peaks.size(); ++l) {
        if (4 * model.moeLayers[l].layer.value() >= quarters * model.layers)
            break;
        for (std::size_t e = 0; e < peaks[l].size(); ++e)
            if (peaks[l][e] > threshold)
                locks.push_back({model.moeLayers[l].layer, ExpertIndex(static_cast<std::int32_t>(e)), true});
    }
    return locks;
}

std::vector<Lock> superExperts(const stats::Statistics& statistics, const model::ModelSummary& model, double)
{
    return outstanding(statistics, model, 3);
}

std::vector<Lock> outliers(const stats::Statistics& statistics, const model::ModelSummary& model, double)
{
    return outstanding(statistics, model, 4);
}

/// In every layer and for every measured domain, the fewest experts that carry the share of the domain's gate mass.
std::vector<Lock> domainFloor(const stats::Statistics& statistics, const model::ModelSummary& model, double share)
{
    std::vector<Lock> locks;
    for (std::size_t l = 0; l < model.moeLayers.size(); ++l) {
        std::vector<bool> stays(static_cast<std::size_t>(model.moeLayers[l].experts), false);
        for (const auto& domain : statistics.domains) {
            if (l >= domain.layers.size())
                continue;
            const auto gate = domain.layers[l][Stat::Gate];
            std::vector<std::size_t> order(std::min(stays.size(), gate.size()));
            std::iota(order.begin(), order.end(), std::size_t{0});
            std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return gate[a] > gate[b]; });
            double total = 0, covered = 0;
            for (const auto e : order)
                total += gate[e];
            for (const auto e : order) {
                if (!(gate[e] > 0) || covered >= share * total)
                    break;
                covered += gate[e];
                stays[e] = true;
            }
        }
        for (std::size_t e = 0; e < stays.size(); ++e)
            if (stays[e])
                locks.push_back({model.moeLayers[l].layer, ExpertIndex(static_cast<std::int32_t>(e)), true});
    }
    return locks;
}

} // namespace

const std::vector<Protector>& protectors()
{
    static const std::vector<Protector> list{
        {"min-k",
         "Never below top-k",
         "needed by every router",
         "kept >= k in every layer (always on); min-k:N keeps at least N",
         noLocks,
         "experts per layer at least",
         0,
         0,
         65536,
         {},
         true},
        {"super-experts",
         "Super experts",
         "Su et al. 2025, arXiv 2507.23279",
         "max |f_i| > P99.5 of all and > 0.1 max, first 75 % of layers",
         superExperts,
         {},
         0,
         0,
         0,
         "max-abs"},
        {"outliers",
         "Outliers",
         "Lasby et al. 2025 (REAP), arXiv 2510.13999, outlier option",
         "max |f_i| > P99.5 of all and > 0.1 max, all layers",
         outliers,
         {},
         0,
         0,
         0,
         "max-abs"},
        {"domain-floor", "A floor for every domain", "own",
         "per layer and measured domain, the fewest experts that carry the share of its gate mass", domainFloor,
         "share of the domain's gate mass", 0.5, 0, 1, "gate"}};
    return list;
}

const Protector* findProtector(std::string_view id)
{
    for (const auto& p : protectors())
        if (p.id == id)
            return &p;
    return nullptr;
}

Result<ProtectorChoice> chooseProtector(std::string_view text)
{
    const auto colon = text.find(':');
    const auto* protector = findProtector(text.substr(0, colon));
    if (protector == nullptr) {
        std::string known;
        for (const auto& p : protectors())
            known += (known.empty() ? "" : ", ") + std::string(p.id);
        return usageError(fmt::format("there is no protector '{}'", text), "Known are " + known);
    }
    ProtectorChoice choice{protector, protector->standard};
    if (colon == std::string_view::npos)
        return choice;
    const auto number = text.substr(colon + 1);
    const auto read = std::from_chars(number.data(), number.data() + number.size(), choice.parameter);
    if (protector->parameter.empty() || read.ec != std::errc() || read.ptr != number.data() + number.size() ||
        !(choice.parameter >= protector->low && choice.parameter <= protector->high))
        return usageError(fmt::format("'{}' is no protector", text),
                          protector->parameter.empty()
                              ? fmt::format("{} takes no number", protector->id)
                              : fmt::format("Write {}:N, N = {}, {:g} to {:g}", protector->id, protector->parameter,
                                            protector->low, protector->high));
    return choice;
}

} // namespace espalier::method
