// SPDX-License-Identifier: Apache-2.0
// Which plans are worth considering: nothing else costs at most as much memory and is better. Pure; any thread.
#pragma once

#include <span>
#include <vector>

namespace espalier::plan {

struct ParetoPoint {
    double memory = 0; ///< less is better
    double loss = 0;   ///< less is better; NaN is never on the front
};
/// [point] -> on the front. Of points that are equal in both, all are.
[[nodiscard]] std::vector<bool> paretoFront(std::span<const ParetoPoint> points);

} // namespace espalier::plan
