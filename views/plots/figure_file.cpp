// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/figure_file.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <qcustomplot.h>

namespace espalier::views {

namespace {

bool writeSvg(QCustomPlot* plot, const QString& path)
{
    QSvgGenerator generator;
    generator.setFileName(path);
    generator.setSize(plot->size());
    generator.setViewBox(plot->rect());
    QCPPainter painter;
    if (!painter.begin(&generator))
        return false;
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    plot->toPainter(&painter, plot->width(), plot->height());
    return painter.end();
}

QString wrongEnding(const QString& path)
{
    return QCoreApplication::translate("espalier::views::FigureFile", "%1: figures are written as .png, .svg or .pdf")
        .arg(path);
}

bool paintPng(const Painting& painting, QFile& file)
{
    constexpr int kScale = 2;
    QImage image(painting.size * kScale, QImage::Format_RGB32);
    image.setDevicePixelRatio(kScale);
    QPainter painter(&image);
    painting.paint(painter, false);
    return painter.end() && image.save(&file, "PNG");
}

bool paintSvg(const Painting& painting, QFile& file)
{
    QSvgGenerator generator;
    generator.setOutputDevice(&file);
    generator.setSize(painting.size);
    generator.setViewBox(QRect(QPoint(0, 0), painting.size));
    generator.setTitle(painting.title);
    generator.setDescription(painting.description);
    QPainter painter(&generator);
    painting.paint(painter, true);
    return painter.end();
}

bool paintPdf(const Painting& painting, QFile& file)
{
    constexpr int kDotsPerInch = 96;
    QPdfWriter writer(&file);
    writer.setTitle(painting.title);
    writer.setResolution(kDotsPerInch);
    writer.setPageSize(QPageSize(QSizeF(painting.size) * 72.0 / kDotsPerInch, QPageSize::Point));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    QPainter painter(&writer);
    painting.paint(painter, true);
    return painter.end();
}

} // namespace

QString writeFigure(QCustomPlot* plot, const QString& path)
{
    const QString ending = QFileInfo(path).suffix().toLower();
    bool written = false;
    if (ending == QLatin1String("png"))
        written = plot->savePng(path, plot->width(), plot->height(), 2.0);
    else if (ending == QLatin1String("pdf"))
        written = plot->savePdf(path, plot->width(), plot->height());
    else if (ending == QLatin1String("svg"))
        written = writeSvg(plot, path);
    else
        return wrongEnding(path);
    return written ? QString()
                   : QCoreApplication::translate("espalier::views::FigureFile",
                                                 "%1 cannot be written. Choose a folder you may write to.")
                         .arg(path);
}

QString writePainting(const Painting& painting, const QString& path)
{
    const QString ending = QFileInfo(path).suffix().toLower();
    const auto paint = ending == QLatin1String("png")   ? paintPng
                       : ending == QLatin1String("svg") ? paintSvg
                       : ending == QLatin1String("pdf") ? paintPdf
                                                        : nullptr;
    if (paint == nullptr)
        return wrongEnding(path);
    QFile file(path);
    if (file.open(QIODevice::WriteOnly) && paint(painting, file) && file.flush())
        return {};
    return QCoreApplication::translate("espalier::views::FigureFile",
                                       "%1 could not be written: %2. Choose a folder you may write to.")
        .arg(path, file.errorString());
}

} // namespace espalier::views
