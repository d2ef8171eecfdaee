// SPDX-License-Identifier: Apache-2.0
#include "core/method/allocate.h"

#include <algorithm>
#include <cmath>

namespace espalier::method {
namespace {

using stats::Stat;

/// top-k is enforced by every allocation; the protector exists so that plans can name the rule.
std::vector<Lock> noLocks(const stats::Statistics&, const model::ModelSummary&)
{
    return {};
}

/// a = largest |output channel| over all domains; super if a > P99.5 of all experts and a > 0.1 max a, first 75 % of
/// layers.
std::vector<Lock> superExperts(const stats::Statistics& statistics, const model::ModelSummary& model)
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
        if (4 * model.moeLayers[l].layer.value() >= 3 * model.layers)
            break;
        for (std::size_t e = 0; e < peaks[l].size(); ++e)
            if (peaks[l][e] > threshold)
                locks.push_back({model.moeLayers[l].layer, ExpertIndex(static_cast<std::int32_t>(e)), true});
    }
    return locks;
}

} // namespace

const std::vector<Protector>& protectors()
{
    static const std::vector<Protector> list{
        {"min-k", "Never below top-k", "needed by every router", "kept >= k in every layer (always on)", noLocks},
        {"super-experts", "Super experts", "Su et al. 2025, arXiv 2507.23279",
         "max |f_i| > P99.5 of all and > 0.1 max, first 75 % of layers", superExperts}};
    return list;
}

const Protector* findProtector(std::string_view id)
{
    for (const auto& p : protectors())
        if (p.id == id)
            return &p;
    return nullptr;
}

} // namespace espalier::method
