// SPDX-License-Identifier: Apache-2.0
// Pictures without Qt: layers x experts heatmaps as one SVG file, for reports and machines without a display.
#pragma once

#include "core/base/strong_index.h"

#include <span>
#include <string>
#include <vector>

namespace espalier::bundle {

/// One heatmap: layers x experts, cividis, experts without tokens as an empty cell with a cross.
struct HeatmapPanel {
    std::string title;   ///< domain
    std::string caption; ///< model, tokens, unit
    std::vector<LayerIndex> layers;
    std::vector<std::vector<double>> values; ///< [layer][expert], ratio to uniform; 0 = no token, NaN = not measured
    std::vector<std::vector<bool>> kept;     ///< empty, or [layer][expert]: false is hatched
};
/// Panels below each other on one logarithmic colour scale, 1/64 to 8 times uniform.
[[nodiscard]] std::string heatmapSvg(std::span<const HeatmapPanel> panels, const std::string& title);

/// cividis (Nuñez, Anderton, Renslow 2018) at `share`, clamped to 0 … 1, as "#rrggbb".
[[nodiscard]] std::string cividisColour(double share);

/// Text with the five characters that HTML and XML reserve replaced.
[[nodiscard]] std::string escapeMarkup(const std::string& text);

} // namespace espalier::bundle
