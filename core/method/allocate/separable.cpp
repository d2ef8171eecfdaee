// SPDX-License-Identifier: Apache-2.0
#include "core/method/allocate/separable.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace espalier::method {
namespace {

/// Gains that grow by no more than the rounding of the losses count as equal.
bool isConvex(const CountLosses& loss)
{
    double size = 0;
    for (const double v : loss)
        size = std::max(size, std::abs(v));
    for (std::size_t i = 2; i < loss.size(); ++i)
        if ((loss[i - 1] - loss[i]) - (loss[i - 2] - loss[i - 1]) > 1e-12 * size)
            return false;
    return true;
}

/// One more unit for a layer.
struct Gain {
    double value = 0;
    std::int32_t place = 0; ///< that the layer leaves
    std::int32_t layer = 0;
};

/// Gains of the convex layers in the order in which units are given.
std::vector<Gain> sortedGains(const std::vector<CountLosses>& losses, const std::vector<bool>& convex)
{
    std::vector<Gain> gains;
    for (std::size_t l = 0; l < losses.size(); ++l)
        for (std::size_t i = 1; convex[l] && i < losses[l].size(); ++i)
            gains.push_back(
                {losses[l][i - 1] - losses[l][i], static_cast<std::int32_t>(i - 1), static_cast<std::int32_t>(l)});
    // Rounding may let a gain exceed the one before it by a hair; no layer may skip a place for that.
    std::vector<double> bound(losses.size(), std::numeric_limits<double>::infinity());
    for (auto& g : gains)
        g.value = bound[static_cast<std::size_t>(g.layer)] =
            std::min(g.value, bound[static_cast<std::size_t>(g.layer)]);
    std::sort(gains.begin(), gains.end(), [](const Gain& a, const Gain& b) {
        if (a.value != b.value)
            return a.value > b.value;
        return a.place != b.place ? a.place < b.place : a.layer < b.layer;
    });
    return gains;
}

} // namespace

std::vector<std::int32_t> minimiseSeparable(const std::vector<CountLosses>& losses, std::int64_t units)
{
    std::vector<bool> convex;
    std::vector<std::size_t> others;
    std::int64_t room = 0;
    for (std::size_t l = 0; l < losses.size(); ++l) {
        convex.push_back(isConvex(losses[l]));
        if (!convex.back())
            others.push_back(l);
        room += std::max<std::int64_t>(0, static_cast<std::int64_t>(losses[l].size()) - 1);
    }
    const auto budget = static_cast<std::size_t>(std::clamp<std::int64_t>(units, 0, room));
    const auto gains = sortedGains(losses, convex);
    constexpr double kImpossible = std::numeric_limits<double>::infinity();
    // best[u]: least loss of the layers so far with u units, beside the convex layers' loss with none.
    std::vector<double> best(budget + 1, kImpossible);
    best[0] = 0;
    for (std::size_t u = 1; u <= std::min(budget, gains.size()); ++u)
        best[u] = best[u - 1] - gains[u - 1].value;
    std::vector<std::vector<std::int32_t>> taken; // per other layer: its place at every sum
    for (const std::size_t l : others) {
        std::vector<double> next(budget + 1, kImpossible);
        auto& place = taken.emplace_back(budget + 1, 0);
        for (std::size_t u = 0; u <= budget; ++u)
            for (std::size_t i = 0; i < losses[l].size() && i <= u; ++i)
                if (const double loss = best[u - i] + losses[l][i]; loss < next[u]) {
                    next[u] = loss;
                    place[u] = static_cast<std::int32_t>(i);
                }
        best = std::move(next);
    }
    std::vector<std::int32_t> places(losses.size(), 0);
    std::size_t left = budget;
    for (std::size_t i = others.size(); i-- > 0;) {
        places[others[i]] = taken[i][left];
        left -= static_cast<std::size_t>(places[others[i]]);
    }
    for (std::size_t u = 0; u < left; ++u)
        ++places[static_cast<std::size_t>(gains[u].layer)];
    return places;
}

} // namespace espalier::method
