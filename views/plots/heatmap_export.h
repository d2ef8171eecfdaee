// SPDX-License-Identifier: GPL-3.0-or-later
// A heatmap as a figure on its own: title, colour bar, cells, axes, caption. Vector files hold rectangles, not a
// bitmap.
#pragma once

#include "views/plots/color_bar.h"
#include "views/plots/heatmap_widget.h"

#include <QString>

namespace espalier::views {

/// What stands at the axes.
[[nodiscard]] QString rowTitleOf(const HeatmapData& data);
[[nodiscard]] QString columnTitleOf(const HeatmapData& data);
/// The colour bar and legend that belong to a map.
[[nodiscard]] ColorBarData colorBarData(const HeatmapData& data, const ColorScale& scale);

/// PNG (twice the size), SVG or PDF by the ending; empty, or an error text.
[[nodiscard]] QString writeHeatmapFigure(const HeatmapData& data, const QString& path);

} // namespace espalier::views
