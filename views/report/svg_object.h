// SPDX-License-Identifier: GPL-3.0-or-later
// A vector image inside a text document; an <img> would be painted as pixels.
#pragma once

#include "core/report/document.h"

#include <QObject>
#include <QTextFormat>
#include <QTextObjectInterface>

namespace espalier::views {

class SvgObject : public QObject, public QTextObjectInterface {
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)
public:
    static constexpr int kType = QTextFormat::UserObject + 1;
    [[nodiscard]] static QTextCharFormat format(const report::Figure& figure);

    QSizeF intrinsicSize(QTextDocument* document, int position, const QTextFormat& format) override;
    void drawObject(QPainter* painter, const QRectF& rect, QTextDocument* document, int position,
                    const QTextFormat& format) override;
};

} // namespace espalier::views
