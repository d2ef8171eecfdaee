// SPDX-License-Identifier: Apache-2.0
#include "core/plan/pareto.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace espalier::plan {

std::vector<bool> paretoFront(std::span<const ParetoPoint> points)
{
    std::vector<std::size_t> order(points.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::erase_if(order, [&](std::size_t i) { return std::isnan(points[i].loss) || std::isnan(points[i].memory); });
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return points[a].memory != points[b].memory ? points[a].memory < points[b].memory
                                                    : points[a].loss < points[b].loss;
    });
    std::vector<bool> front(points.size(), false);
    double best = std::numeric_limits<double>::infinity(), bestMemory = -best;
    for (const std::size_t i : order) {
        const bool twin = points[i].loss == best && points[i].memory == bestMemory;
        if (points[i].loss >= best && !twin)
            continue;
        front[i] = true;
        best = points[i].loss;
        bestMemory = points[i].memory;
    }
    return front;
}

} // namespace espalier::plan
