// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/compare_data.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace espalier::views {
namespace {

using stats::Stat;

/// Cumulative share of the experts in falling order, mean of layers, 0 … 1.
std::vector<double> curveOf(const OverviewMap& map)
{
    const auto experts = static_cast<std::size_t>(map.experts);
    std::vector<double> curve(experts + 1);
    const auto measured = [&](std::size_t row) { return map.cells[row * experts].measured; };
    double rows = 0;
    for (std::size_t row = 0; row < map.layers.size(); ++row)
        rows += measured(row) ? 1 : 0;
    for (std::size_t row = 0; row < map.layers.size(); ++row) {
        if (!measured(row))
            continue;
        std::vector<double> shares;
        for (std::size_t e = 0; e < experts; ++e)
            shares.push_back(map.cells[row * experts + e].value / 100);
        std::sort(shares.begin(), shares.end(), std::greater<>());
        double sum = 0;
        for (std::size_t e = 0; e < experts; ++e)
            curve[e + 1] += (sum += shares[e]) / rows;
    }
    return curve;
}

/// The `top` experts of a layer by gate mass, as flags; ties by id.
std::vector<bool> topSet(const stats::LayerStats& layer, std::size_t top)
{
    const auto mass = layer[layer.has(Stat::Gate) ? Stat::Gate : Stat::Count];
    std::vector<std::size_t> order(mass.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    top = std::min(top, order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(top), order.end(),
                      [&](std::size_t a, std::size_t b) { return mass[a] != mass[b] ? mass[a] > mass[b] : a < b; });
    std::vector<bool> set(mass.size());
    for (std::size_t i = 0; i < top; ++i)
        set[order[i]] = true;
    return set;
}

double jaccard(const std::vector<bool>& a, const std::vector<bool>& b)
{
    int both = 0, any = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        both += a[i] && b[i] ? 1 : 0;
        any += a[i] || b[i] ? 1 : 0;
    }
    return any > 0 ? static_cast<double>(both) / any : 1;
}

} // namespace

bool differs(const MapCell& cell)
{
    return cell.measured && std::abs(cell.value) > halfWidth95(cell);
}

Result<Comparison> compareDomains(const stats::Statistics& statistics, const std::string& first,
                                  const std::string& second)
{
    const auto quantities = mapQuantities(statistics);
    const auto share =
        std::find_if(quantities.begin(), quantities.end(), [](const auto& q) { return q.id == "share"; });
    Comparison out;
    ESPALIER_TRY(out.first, overviewMap(statistics, *share, first));
    ESPALIER_TRY(out.second, overviewMap(statistics, *share, second));
    out.delta = difference(out.first, out.second);
    double measured = 0;
    for (const MapCell& cell : out.delta.cells) {
        if (!cell.measured)
            continue;
        out.differing += differs(cell) ? 1 : 0;
        out.moved += std::abs(cell.value) / 200;
        measured += 1;
    }
    if (!out.delta.layers.empty())
        out.moved /= measured / out.delta.experts; // layers that both have measured; NaN when there is none
    out.firstCurve = curveOf(out.first);
    out.secondCurve = curveOf(out.second);
    return out;
}

std::vector<int> linkageOrder(const std::vector<std::vector<double>>& similarity)
{
    std::vector<std::vector<int>> groups;
    for (std::size_t i = 0; i < similarity.size(); ++i)
        groups.push_back({static_cast<int>(i)});
    const auto at = [&](int a, int b) { return similarity[static_cast<std::size_t>(a)][static_cast<std::size_t>(b)]; };
    const auto likeness = [&](const std::vector<int>& a, const std::vector<int>& b) {
        double sum = 0;
        for (const int i : a)
            for (const int j : b)
                sum += at(i, j);
        return sum / static_cast<double>(a.size() * b.size());
    };
    while (groups.size() > 1) {
        std::size_t left = 0, right = 1;
        double best = -1;
        for (std::size_t i = 0; i < groups.size(); ++i)
            for (std::size_t j = i + 1; j < groups.size(); ++j)
                if (const double value = likeness(groups[i], groups[j]); value > best) {
                    best = value;
                    left = i;
                    right = j;
                }
        // The two ends that are most alike meet in the middle.
        auto& a = groups[left];
        auto& b = groups[right];
        const double ends[] = {at(a.back(), b.front()), at(a.back(), b.back()), at(a.front(), b.front()),
                               at(a.front(), b.back())};
        const auto most = std::max_element(std::begin(ends), std::end(ends)) - std::begin(ends);
        if (most >= 2)
            std::reverse(a.begin(), a.end());
        if (most % 2 == 1)
            std::reverse(b.begin(), b.end());
        a.insert(a.end(), b.begin(), b.end());
        groups.erase(groups.begin() + static_cast<std::ptrdiff_t>(right));
    }
    return groups.empty() ? std::vector<int>() : groups.front();
}

Likeness likenessOf(const stats::Statistics& statistics, int top)
{
    const auto& domains = statistics.domains;
    Likeness out;
    out.top = top;
    if (domains.empty() || domains.front().layers.empty())
        return out;
    std::vector<std::vector<std::vector<bool>>> sets(domains.size());
    for (std::size_t d = 0; d < domains.size(); ++d)
        for (const auto& layer : domains[d].layers)
            sets[d].push_back(topSet(layer, static_cast<std::size_t>(top)));
    std::vector<std::vector<double>> plain(domains.size(), std::vector<double>(domains.size(), 1));
    for (std::size_t a = 0; a < domains.size(); ++a)
        for (std::size_t b = a + 1; b < domains.size(); ++b) {
            double sum = 0, layers = 0;
            for (std::size_t l = 0; l < sets[a].size(); ++l) {
                if (sets[a][l].empty() || sets[b][l].empty())
                    continue; // one of them was not measured there
                sum += jaccard(sets[a][l], sets[b][l]);
                layers += 1;
            }
            plain[a][b] = plain[b][a] = layers > 0 ? sum / layers : 0;
        }
    const auto order = linkageOrder(plain);
    out.values.assign(domains.size(), std::vector<double>(domains.size()));
    for (std::size_t i = 0; i < order.size(); ++i) {
        out.domains.push_back(domains[static_cast<std::size_t>(order[i])].name);
        for (std::size_t j = 0; j < order.size(); ++j)
            out.values[i][j] = plain[static_cast<std::size_t>(order[i])][static_cast<std::size_t>(order[j])];
    }
    // Two random sets of m out of E share m²/E experts on average.
    const double share = static_cast<double>(top) / domains.front().layers.front().topology().experts;
    out.chance = share >= 1 ? 1 : share / (2 - share);
    return out;
}

} // namespace espalier::views
