// SPDX-License-Identifier: GPL-3.0-or-later
// Geometry and painting of the cells, shared by the widget and by exported figures. Pure functions over a painter.
#pragma once

#include "views/plots/color_map.h"
#include "views/plots/heatmap_widget.h"

#include <QImage>
#include <QPainter>
#include <QRect>

namespace espalier::views {

/// Pixel-exact cells inside a rectangle: column c covers [edge(c), edge(c + 1)).
struct HeatmapGeometry {
    QRect area;
    int rows = 0, columns = 0;

    [[nodiscard]] int columnEdge(int column) const;
    [[nodiscard]] int rowEdge(int row) const;
    [[nodiscard]] QRect cell(int row, int column) const;
    [[nodiscard]] QPoint cellAt(const QPoint& position) const; ///< (-1, -1) outside
    /// Below 8 px cells have no gaps and no glyphs.
    [[nodiscard]] bool roomy() const;
};

/// Colours of one theme; exported figures are always light.
struct HeatmapColors {
    bool dark = false;
    QColor work, rule, hatch, text, thin;
    static HeatmapColors forTheme(bool dark);
};

/// The scale that `data` asks for: its own range, or the range of its values.
[[nodiscard]] ColorScale heatmapScale(const HeatmapData& data);

/// One pixel per cell. Dead and not measured cells have the ground's colour, dropped ones are faded.
[[nodiscard]] QImage heatmapImage(const HeatmapData& data, const ColorScale& scale, const HeatmapColors& colors);

/// Cells from the image (raster) or one rectangle each (vector files), then gaps, hatches and glyphs.
void paintHeatmap(QPainter& painter, const HeatmapGeometry& geometry, const HeatmapData& data, const QImage& image,
                  const HeatmapColors& colors, bool vector);

/// One mark in a cell; also used by legends.
void paintMark(QPainter& painter, const QRect& cell, CellMark mark, const HeatmapColors& colors);

/// Spacing of tick labels so that at most `most` fit: 1, 2, 4, 8, 16 …
[[nodiscard]] int tickStep(int count, int most);

} // namespace espalier::views
