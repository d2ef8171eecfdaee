// SPDX-License-Identifier: GPL-3.0-or-later
// The colour bar over a heatmap: ticks, unit, a triangle at the cursor's value, and a legend of the cell classes that
// occur.
#pragma once

#include "views/plots/color_map.h"
#include "views/plots/heatmap_paint.h"

#include <QList>
#include <QString>
#include <QWidget>

#include <cmath>
#include <utility>

namespace espalier::views {

struct ColorBarData {
    ColorScale scale;
    MapKind map = MapKind::Cividis;
    bool powersOfTwo = false; ///< ticks 1/4, 1/2, 1, 2 …
    QString unit;
    QList<std::pair<CellMark, QString>> legend;
};

/// Position 0 … 1 and label of every tick; at most `most` labels.
[[nodiscard]] QList<std::pair<double, QString>> colorBarTicks(const ColorBarData& data, int most);

void paintColorBar(QPainter& painter, const QRect& area, const ColorBarData& data, double marked,
                   const HeatmapColors& colors);

class ColorBar : public QWidget {
    Q_OBJECT
public:
    explicit ColorBar(QWidget* parent = nullptr);
    void setData(ColorBarData data);
    [[nodiscard]] const ColorBarData& data() const { return m_data; }
    void setMarked(double value); ///< NaN = none
    [[nodiscard]] double marked() const { return m_marked; }
    [[nodiscard]] QSize sizeHint() const override { return {480, kHeight}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {200, kHeight}; }
    static constexpr int kHeight = 44;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ColorBarData m_data;
    double m_marked = std::nan("");
};

} // namespace espalier::views
