// SPDX-License-Identifier: GPL-3.0-or-later
// The planner's heatmap: score per expert relative to the layer's mean, and what happens to each expert as cell marks.
#pragma once

#include "views/plots/heatmap_widget.h"

namespace espalier::views {

class PlanEditor;

[[nodiscard]] HeatmapData plannerHeatmap(const PlanEditor& editor);
/// Row-major marks alone: what a slider drag changes.
[[nodiscard]] std::vector<std::uint8_t> plannerMarks(const PlanEditor& editor);

} // namespace espalier::views
