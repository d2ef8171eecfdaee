// SPDX-License-Identifier: Apache-2.0
// Memory against quality of many plans as one SVG file, without Qt: the front drawn through, everything named.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace espalier::bundle {

struct ParetoMark {
    std::string name;  ///< shown beside marks on the front, and as the title of every mark
    std::string group; ///< method: colour and legend
    double memory = 0; ///< bytes
    double value = 0;  ///< KL in nats, or share of items right; NaN is left out
    bool front = false;
    bool random = false; ///< drawn hollow and grey
};
struct ParetoPanel {
    std::string title;        ///< "KL from the whole model, nats"
    bool logarithmic = false; ///< for KL; values of 0 are drawn at the lower edge
    double base = 0;          ///< of the whole model, a dashed line; NaN for none
    std::vector<ParetoMark> marks;
};
/// Panels below each other on one axis of memory, light and dark by the reader's scheme.
[[nodiscard]] std::string paretoSvg(std::span<const ParetoPanel> panels, const std::string& title);

} // namespace espalier::bundle
