// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/report/svg_object.h"

#include <QAbstractTextDocumentLayout>
#include <QPaintDevice>
#include <QPainter>
#include <QSvgRenderer>
#include <QTextDocument>

#include <algorithm>

namespace espalier::views {
namespace {

constexpr int kSvg = QTextFormat::UserProperty + 1, kWidth = kSvg + 1, kHeight = kSvg + 2;
constexpr qreal kMost = 247.0 / 25.4,
                kTallest = 150.0 / 25.4; ///< inches of an A4 page, landscape, that figures may take
constexpr qreal kUnit = 1 / 96.0;        ///< inches of one unit of an image

} // namespace

QTextCharFormat SvgObject::format(const report::Figure& figure)
{
    QTextCharFormat format;
    format.setObjectType(kType);
    format.setProperty(kSvg, QByteArray::fromStdString(figure.svg));
    format.setProperty(kWidth, figure.width);
    format.setProperty(kHeight, figure.height);
    return format;
}

QSizeF SvgObject::intrinsicSize(QTextDocument* document, int, const QTextFormat& format)
{
    const QPaintDevice* device = document->documentLayout()->paintDevice();
    const qreal dots = device != nullptr ? device->logicalDpiX() : 96;
    const qreal width = format.doubleProperty(kWidth) * kUnit, height = format.doubleProperty(kHeight) * kUnit;
    if (width <= 0 || height <= 0)
        return {};
    const qreal scale = std::min({1.0, kMost / width, kTallest / height});
    return QSizeF(width, height) * scale * dots;
}

void SvgObject::drawObject(QPainter* painter, const QRectF& rect, QTextDocument*, int, const QTextFormat& format)
{
    QSvgRenderer renderer(format.property(kSvg).toByteArray());
    renderer.render(painter, rect);
}

} // namespace espalier::views
