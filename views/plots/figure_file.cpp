// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/figure_file.h"

#include <QCoreApplication>
#include <QFileInfo>
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
        return QCoreApplication::translate("espalier::views::FigureFile",
                                           "%1: figures are written as .png, .svg or .pdf")
            .arg(path);
    return written ? QString()
                   : QCoreApplication::translate("espalier::views::FigureFile",
                                                 "%1 cannot be written. Choose a folder you may write to.")
                         .arg(path);
}

} // namespace espalier::views
