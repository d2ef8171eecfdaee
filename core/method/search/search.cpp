// SPDX-License-Identifier: Apache-2.0
#include "core/method/search/search.h"

#include <algorithm>
#include <numeric>

namespace espalier::method {

bool better(const Fitness& a, const Fitness& b)
{
    if (a.values.size() != b.values.size())
        return a.values.size() > b.values.size();
    for (std::size_t rung = a.values.size(); rung-- > 0;)
        if (a.values[rung] != b.values[rung])
            return a.values[rung] > b.values[rung];
    return false;
}

std::vector<std::size_t> ranked(std::span<const Fitness> fitness)
{
    std::vector<std::size_t> order(fitness.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return better(fitness[a], fitness[b]); });
    return order;
}

} // namespace espalier::method
