// SPDX-License-Identifier: Apache-2.0
// Pictures and report without Qt: heatmap as SVG and PNG, self-contained HTML report of the demo road.
#pragma once

#include "core/base/result.h"
#include "core/method/score.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace espalier::bundle {

/// One heatmap: layers x experts, cividis, experts without tokens as an empty cell with a cross.
struct HeatmapPanel {
    std::string title;   ///< domain
    std::string caption; ///< model, tokens, unit
    std::vector<LayerIndex> layers;
    std::vector<std::vector<double>> values; ///< [layer][expert], ratio to uniform; NaN = not measured
    std::vector<std::vector<bool>> kept;     ///< empty, or [layer][expert]: false is hatched
};
[[nodiscard]] std::string heatmapSvg(std::span<const HeatmapPanel> panels, const std::string& title);
[[nodiscard]] Result<void> writeHeatmapPng(const std::filesystem::path& path, std::span<const HeatmapPanel> panels);

} // namespace espalier::bundle
