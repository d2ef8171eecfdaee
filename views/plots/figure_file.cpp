// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/figure_file.h"

#include "core/base/file.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFileInfo>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <functional>

#include <qcustomplot.h>

namespace espalier::views {

namespace {

/// Draws on a device that was made for the size; false when it could not begin or end.
using Draw = std::function<bool(QPaintDevice& device, bool vector)>;

bool drawPng(const QSize& size, const Draw& draw, QBuffer& into)
{
    constexpr int kScale = 2;
    QImage image(size * kScale, QImage::Format_RGB32);
    image.setDevicePixelRatio(kScale);
    image.fill(Qt::white);
    return draw(image, false) && image.save(&into, "PNG");
}

bool drawSvg(const QSize& size, const QString& title, const QString& description, const Draw& draw, QBuffer& into)
{
    QSvgGenerator generator;
    generator.setOutputDevice(&into);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    generator.setTitle(title);
    generator.setDescription(description);
    return draw(generator, true);
}

bool drawPdf(const QSize& size, const QString& title, const Draw& draw, QBuffer& into)
{
    constexpr int kDotsPerInch = 96;
    QPdfWriter writer(&into);
    writer.setTitle(title);
    writer.setResolution(kDotsPerInch);
    writer.setPageSize(QPageSize(QSizeF(size) * 72.0 / kDotsPerInch, QPageSize::Point));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    return draw(writer, true);
}

/// In memory first, so that a full disk leaves no half figure.
QString write(const QSize& size, const QString& title, const QString& description, const Draw& draw,
              const QString& path)
{
    const QString ending = QFileInfo(path).suffix().toLower();
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    bool drawn = false;
    if (ending == QLatin1String("png"))
        drawn = drawPng(size, draw, buffer);
    else if (ending == QLatin1String("svg"))
        drawn = drawSvg(size, title, description, draw, buffer);
    else if (ending == QLatin1String("pdf"))
        drawn = drawPdf(size, title, draw, buffer);
    else
        return QCoreApplication::translate("espalier::views::FigureFile",
                                           "%1: figures are written as .png, .svg or .pdf")
            .arg(path);
    const QByteArray& bytes = buffer.data();
    const auto written = drawn ? base::writeFileAtomically(path.toStdString(),
                                                           {bytes.constData(), static_cast<std::size_t>(bytes.size())})
                               : Result<void>(base::internalError("the figure could not be drawn"));
    if (written)
        return {};
    return QCoreApplication::translate("espalier::views::FigureFile",
                                       "%1 could not be written: %2. Choose a folder you may write to.")
        .arg(path, QString::fromStdString(written.error().message));
}

} // namespace

QString writeFigure(QCustomPlot* plot, const QString& path)
{
    const auto draw = [plot](QPaintDevice& device, bool vector) {
        QCPPainter painter;
        if (!painter.begin(&device))
            return false;
        painter.setMode(QCPPainter::pmVectorized, vector);
        painter.setMode(QCPPainter::pmNoCaching);
        plot->toPainter(&painter, plot->width(), plot->height());
        return painter.end();
    };
    return write(plot->size(), {}, {}, draw, path);
}

QString writePainting(const Painting& painting, const QString& path)
{
    const auto draw = [&painting](QPaintDevice& device, bool vector) {
        QPainter painter(&device);
        painting.paint(painter, vector);
        return painter.end();
    };
    return write(painting.size, painting.title, painting.description, draw, path);
}

} // namespace espalier::views
