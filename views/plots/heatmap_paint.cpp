// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/heatmap_paint.h"

#include "views/theme/theme.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace espalier::views {
namespace {

constexpr int kRoomy = 8;

bool has(std::uint8_t marks, CellMark mark)
{
    return (marks & static_cast<std::uint8_t>(mark)) != 0;
}

std::uint8_t marksAt(const HeatmapData& data, std::size_t at)
{
    std::uint8_t marks = at < data.marks.size() ? data.marks[at] : std::uint8_t{0};
    if (at >= data.values.size() || std::isnan(data.values[at]))
        marks |= static_cast<std::uint8_t>(CellMark::NotMeasured);
    return marks;
}

QRgb blend(QRgb a, QRgb b, double share)
{
    const auto mix = [share](int x, int y) { return static_cast<int>(std::lround(x + (y - x) * share)); };
    return qRgb(mix(qRed(a), qRed(b)), mix(qGreen(a), qGreen(b)), mix(qBlue(a), qBlue(b)));
}

void hatch(QPainter& painter, const QRect& area, const QColor& color)
{
    painter.fillRect(area, QBrush(color, Qt::BDiagPattern));
}

/// Hatches neighbouring cells in one go, so that the lines run through and large maps stay quick.
void hatchRuns(QPainter& painter, const HeatmapGeometry& g, const HeatmapData& data, CellMark mark, const QColor& color)
{
    for (int row = 0; row < g.rows; ++row) {
        int start = -1;
        for (int column = 0; column <= g.columns; ++column) {
            const auto at =
                static_cast<std::size_t>(row) * static_cast<std::size_t>(g.columns) + static_cast<std::size_t>(column);
            const bool on = column < g.columns && has(marksAt(data, at), mark);
            if (on && start < 0)
                start = column;
            if (!on && start >= 0) {
                hatch(painter, g.cell(row, start).united(g.cell(row, column - 1)), color);
                start = -1;
            }
        }
    }
}

} // namespace

int HeatmapGeometry::columnEdge(int column) const
{
    return area.left() + static_cast<int>(std::lround(static_cast<double>(column) * area.width() / columns));
}

int HeatmapGeometry::rowEdge(int row) const
{
    return area.top() + static_cast<int>(std::lround(static_cast<double>(row) * area.height() / rows));
}

QRect HeatmapGeometry::cell(int row, int column) const
{
    if (row < 0 || column < 0 || row >= rows || column >= columns)
        return {};
    return {QPoint(columnEdge(column), rowEdge(row)), QPoint(columnEdge(column + 1) - 1, rowEdge(row + 1) - 1)};
}

QPoint HeatmapGeometry::cellAt(const QPoint& position) const
{
    if (rows <= 0 || columns <= 0 || !area.contains(position))
        return {-1, -1};
    int column = (position.x() - area.left()) * columns / area.width();
    int row = (position.y() - area.top()) * rows / area.height();
    // Edges are rounded, so the guess may be off by one.
    while (column > 0 && position.x() < columnEdge(column))
        --column;
    while (column + 1 < columns && position.x() >= columnEdge(column + 1))
        ++column;
    while (row > 0 && position.y() < rowEdge(row))
        --row;
    while (row + 1 < rows && position.y() >= rowEdge(row + 1))
        ++row;
    return {column, row};
}

bool HeatmapGeometry::roomy() const
{
    return rows > 0 && columns > 0 && area.width() / columns >= kRoomy && area.height() / rows >= kRoomy;
}

HeatmapColors HeatmapColors::forTheme(bool dark)
{
    const auto c = [dark](ColorRole role) { return Theme::colorOf(role, dark); };
    // A cut corner in the ground's colour shows on every light cell; on dark ground it needs to be lighter.
    return {dark,
            c(ColorRole::Work),
            c(ColorRole::Rule),
            c(ColorRole::StrongRule),
            c(ColorRole::Text),
            dark ? c(ColorRole::TextSecond) : c(ColorRole::Work)};
}

ColorScale heatmapScale(const HeatmapData& data)
{
    if (data.high > data.low && (!data.logarithmic || data.low > 0))
        return {data.low, data.high, data.logarithmic && !data.diverging};
    return scaleFor(data.values, data.logarithmic && !data.diverging, data.diverging);
}

QImage heatmapImage(const HeatmapData& data, const ColorScale& scale, const HeatmapColors& colors)
{
    const auto rows = data.layers.size();
    const auto columns = static_cast<std::size_t>(std::max(0, data.columns));
    if (rows == 0 || columns == 0)
        return {};
    constexpr std::size_t kSteps = 1024;
    static thread_local std::array<QRgb, kSteps + 1> table;
    for (std::size_t i = 0; i <= kSteps; ++i)
        table[i] = mapColor(data.diverging ? MapKind::Diverging : MapKind::Cividis,
                            static_cast<double>(i) / static_cast<double>(kSteps), colors.dark);
    const QRgb ground = colors.work.rgb();
    QImage image(static_cast<int>(columns), static_cast<int>(rows), QImage::Format_RGB32);
    for (std::size_t row = 0; row < rows; ++row) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(row)));
        for (std::size_t column = 0; column < columns; ++column) {
            const std::size_t at = row * columns + column;
            const std::uint8_t marks = marksAt(data, at);
            if (has(marks, CellMark::NotMeasured) || has(marks, CellMark::Dead)) {
                line[column] = ground;
                continue;
            }
            const double position = scale.position(data.values[at]);
            QRgb color = table[static_cast<std::size_t>(std::lround(position * static_cast<double>(kSteps)))];
            if (has(marks, CellMark::Dropped))
                color = blend(color, ground, 0.72);
            line[column] = color;
        }
    }
    return image;
}

void paintMark(QPainter& painter, const QRect& cell, CellMark mark, const HeatmapColors& colors)
{
    painter.save();
    const int size = std::min(cell.width(), cell.height());
    switch (mark) {
    case CellMark::Dead: {
        painter.setPen(QPen(colors.rule, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(cell.adjusted(0, 0, -1, -1));
        const int reach = std::clamp(size / 4, 2, 4);
        const QPoint c = cell.center();
        painter.setPen(QPen(colors.text, 1));
        painter.setOpacity(0.7);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.drawLine(c + QPoint(-reach, -reach), c + QPoint(reach, reach));
        painter.drawLine(c + QPoint(-reach, reach), c + QPoint(reach, -reach));
        break;
    }
    case CellMark::Thin: {
        const int cut = std::clamp(size / 2, 4, 9);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.thin);
        const QPointF corner(cell.right() + 1, cell.bottom() + 1);
        painter.drawPolygon(QPolygonF{corner, corner - QPointF(cut, 0), corner - QPointF(0, cut)});
        break;
    }
    case CellMark::Locked: {
        const int side = std::clamp(size / 3, 4, 7);
        const QPoint c = cell.center();
        painter.setPen(QPen(Qt::black, 1));
        painter.setBrush(Qt::white);
        painter.drawRect(QRect(c.x() - side / 2, c.y() - side / 2, side, side));
        break;
    }
    case CellMark::Super: {
        const double radius = std::clamp(size / 3.0, 3.0, 6.0);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(Qt::black, 3.5));
        painter.drawEllipse(QRectF(cell).center(), radius, radius);
        painter.setPen(QPen(Qt::white, 1.75));
        painter.drawEllipse(QRectF(cell).center(), radius, radius);
        break;
    }
    case CellMark::NotMeasured:
    case CellMark::Dropped:
        hatch(painter, cell, colors.hatch);
        break;
    case CellMark::None:
        break;
    }
    painter.restore();
}

void paintHeatmap(QPainter& painter, const HeatmapGeometry& g, const HeatmapData& data, const QImage& image,
                  const HeatmapColors& colors, bool vector)
{
    if (image.isNull() || g.rows <= 0 || g.columns <= 0 || g.area.isEmpty())
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    if (vector || g.roomy()) { // a scaled image rounds its edges otherwise than the gaps between the cells
        painter.setPen(Qt::NoPen);
        for (int row = 0; row < g.rows; ++row)
            for (int column = 0; column < g.columns; ++column)
                if (image.pixel(column, row) != colors.work.rgb())
                    painter.fillRect(g.cell(row, column), QColor(image.pixel(column, row)));
    } else {
        painter.drawImage(g.area, image);
    }
    hatchRuns(painter, g, data, CellMark::NotMeasured, colors.hatch);
    hatchRuns(painter, g, data, CellMark::Dropped, colors.hatch);
    if (g.roomy()) {
        painter.setPen(QPen(colors.work, 1));
        for (int column = 1; column < g.columns; ++column)
            painter.drawLine(g.columnEdge(column) - 1, g.area.top(), g.columnEdge(column) - 1, g.area.bottom());
        for (int row = 1; row < g.rows; ++row)
            painter.drawLine(g.area.left(), g.rowEdge(row) - 1, g.area.right(), g.rowEdge(row) - 1);
        for (int row = 0; row < g.rows; ++row) {
            for (int column = 0; column < g.columns; ++column) {
                const std::uint8_t marks =
                    marksAt(data, static_cast<std::size_t>(row) * static_cast<std::size_t>(g.columns) +
                                      static_cast<std::size_t>(column));
                const QRect cell = g.cell(row, column).adjusted(0, 0, -1, -1);
                for (const CellMark mark : {CellMark::Dead, CellMark::Thin, CellMark::Super, CellMark::Locked})
                    if (has(marks, mark))
                        paintMark(painter, cell, mark, colors);
            }
        }
    }
    painter.restore();
}

int tickStep(int count, int most)
{
    int step = 1;
    while (most > 0 && (count + step - 1) / step > most)
        step *= 2;
    return step;
}

} // namespace espalier::views
