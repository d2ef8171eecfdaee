// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/heatmap_export.h"

#include "views/theme/theme.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>

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
                         QCoreApplication::translate("HeatmapFigure", "expert"));
        painter.save();
        painter.translate(14, cells.center().y());
        painter.rotate(-90);
        painter.drawText(QRect(-60, -8, 120, 16), Qt::AlignCenter,
                         QCoreApplication::translate("HeatmapFigure", "layer"));
        painter.restore();
        painter.drawText(QRect(kMargin, cells.bottom() + 48, size.width() - 2 * kMargin, 44), Qt::TextWordWrap,
                         data.caption);
    }
};

} // namespace

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
        {CellMark::Dead, QCoreApplication::translate("HeatmapFigure", "dead: 0 tokens")},
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
    const QString suffix = QFileInfo(path).suffix().toLower();
    const QString refused = QCoreApplication::translate("HeatmapFigure", "%1 could not be written: %2. Choose a folder "
                                                                         "you may write to.");
    QFile file(path);
    if (suffix != QLatin1String("png") && suffix != QLatin1String("svg") && suffix != QLatin1String("pdf"))
        return QCoreApplication::translate("HeatmapFigure", "%1: the ending must be .png, .svg or .pdf").arg(path);
    if (!file.open(QIODevice::WriteOnly))
        return refused.arg(path, file.errorString());
    if (suffix == QLatin1String("png")) {
        constexpr int kScale = 2;
        QImage image(figure.size * kScale, QImage::Format_RGB32);
        image.setDevicePixelRatio(kScale);
        QPainter painter(&image);
        figure.paint(painter, false);
        painter.end();
        return image.save(&file, "PNG") ? QString() : refused.arg(path, file.errorString());
    }
    if (suffix == QLatin1String("svg")) {
        QSvgGenerator generator;
        generator.setOutputDevice(&file);
        generator.setSize(figure.size);
        generator.setViewBox(QRect(QPoint(0, 0), figure.size));
        generator.setTitle(data.title);
        generator.setDescription(data.caption);
        QPainter painter(&generator);
        figure.paint(painter, true);
        return painter.end() ? QString() : refused.arg(path, file.errorString());
    }
    constexpr int kDotsPerInch = 96;
    QPdfWriter writer(&file);
    writer.setTitle(data.title);
    writer.setResolution(kDotsPerInch);
    writer.setPageSize(QPageSize(QSizeF(figure.size) * 72.0 / kDotsPerInch, QPageSize::Point));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    QPainter painter(&writer);
    figure.paint(painter, true);
    return painter.end() ? QString() : refused.arg(path, file.errorString());
}

} // namespace espalier::views
