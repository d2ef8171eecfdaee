// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/heatmap_export.h"

#include "views/plots/figure_file.h"
#include "views/theme/theme.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>

namespace espalier::views {
namespace {

constexpr int kMargin = 24;
constexpr int kLeft = 64;

struct Figure {
    const HeatmapData& data;
    ColorScale scale;
    QSize size;
    QRect cells;

    explicit Figure(const HeatmapData& map) : data(map), scale(heatmapScale(map))
    {
        const int rows = std::max(1, static_cast<int>(map.layers.size()));
        const int columns = std::max(1, map.columns);
        const int cell = std::clamp(960 / columns, 3, 28);
        const int height = std::clamp(480 / rows, 3, 36);
        cells = QRect(kLeft, 100, std::max(480, cell * columns), height * rows);
        size = QSize(cells.right() + kMargin, cells.bottom() + 100);
    }

    void paint(QPainter& painter, bool vector) const
    {
        const HeatmapColors colors = HeatmapColors::forTheme(false);
        painter.fillRect(QRect(QPoint(0, 0), size), colors.work);
        painter.setPen(colors.text);
        painter.setFont(Theme::font(TextStyle::Key));
        painter.drawText(QRect(kMargin, 14, size.width() - 2 * kMargin, 26), Qt::AlignVCenter, data.title);
        paintColorBar(painter, QRect(kLeft - 12, 44, size.width() - kLeft, ColorBar::kHeight),
                      colorBarData(data, scale), std::nan(""), colors);
        const HeatmapGeometry g{cells, static_cast<int>(data.layers.size()), data.columns};
        paintHeatmap(painter, g, data, heatmapImage(data, scale, colors), colors, vector);
        painter.setFont(Theme::font(TextStyle::Label));
        painter.setPen(Theme::colorOf(ColorRole::TextSecond, false));
        for (int row = 0; row < g.rows; row += tickStep(g.rows, 16))
            painter.drawText(QRect(kMargin, g.cell(row, 0).center().y() - 8, kLeft - kMargin - 8, 16),
                             Qt::AlignRight | Qt::AlignVCenter,
                             QString::number(data.layers[static_cast<std::size_t>(row)]));
        for (int column = 0; column < g.columns; column += tickStep(g.columns, 16))
            painter.drawText(QRect(g.cell(0, column).center().x() - 24, cells.bottom() + 6, 48, 16), Qt::AlignHCenter,
                             QString::number(column));
        painter.drawText(QRect(cells.left(), cells.bottom() + 24, cells.width(), 16), Qt::AlignHCenter,
                         columnTitleOf(data));
        painter.save();
        painter.translate(14, cells.center().y());
        painter.rotate(-90);
        painter.drawText(QRect(-60, -8, 120, 16), Qt::AlignCenter, rowTitleOf(data));
        painter.restore();
        painter.drawText(QRect(kMargin, cells.bottom() + 48, size.width() - 2 * kMargin, 44), Qt::TextWordWrap,
                         data.caption);
    }
};

} // namespace

QString rowTitleOf(const HeatmapData& data)
{
    return data.rowTitle.isEmpty() ? QCoreApplication::translate("HeatmapFigure", "layer") : data.rowTitle;
}

QString columnTitleOf(const HeatmapData& data)
{
    return data.columnTitle.isEmpty() ? QCoreApplication::translate("HeatmapFigure", "expert") : data.columnTitle;
}

ColorBarData colorBarData(const HeatmapData& data, const ColorScale& scale)
{
    ColorBarData bar;
    bar.scale = scale;
    bar.map = data.diverging ? MapKind::Diverging : MapKind::Cividis;
    bar.powersOfTwo = data.powersOfTwo;
    bar.unit = data.unit;
    std::uint8_t seen = 0;
    for (const auto marks : data.marks)
        seen = static_cast<std::uint8_t>(seen | marks);
    const QList<std::pair<CellMark, QString>> all{
        {CellMark::Dead,
         data.deadName.isEmpty() ? QCoreApplication::translate("HeatmapFigure", "dead: 0 tokens") : data.deadName},
        {CellMark::Thin, QCoreApplication::translate("HeatmapFigure", "too few tokens")},
        {CellMark::Dropped, QCoreApplication::translate("HeatmapFigure", "dropped")},
        {CellMark::Locked, QCoreApplication::translate("HeatmapFigure", "locked")},
        {CellMark::Super, QCoreApplication::translate("HeatmapFigure", "super expert")},
        {CellMark::NotMeasured, QCoreApplication::translate("HeatmapFigure", "not measured")}};
    for (const auto& entry : all)
        if ((seen & static_cast<std::uint8_t>(entry.first)) != 0)
            bar.legend << entry;
    return bar;
}

QString writeHeatmapFigure(const HeatmapData& data, const QString& path)
{
    const Figure figure(data);
    return writePainting({figure.size, data.title, data.caption,
                          [&figure](QPainter& painter, bool vector) { figure.paint(painter, vector); }},
                         path);
}

} // namespace espalier::views
