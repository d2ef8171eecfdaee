// SPDX-License-Identifier: GPL-3.0-or-later
// A plot as a file: PNG at twice the size on screen, SVG or PDF as vectors, by the file's ending.
#pragma once

#include <QSize>
#include <QString>

#include <functional>

class QCustomPlot;
class QPainter;

namespace espalier::views {

/// Empty string, or what went wrong and what would work.
[[nodiscard]] QString writeFigure(QCustomPlot* plot, const QString& path);

/// The same of anything that is painted by hand.
struct Painting {
    QSize size; ///< of the figure, pixels at 96 per inch
    QString title, description;
    std::function<void(QPainter& painter, bool vector)> paint;
};
[[nodiscard]] QString writePainting(const Painting& painting, const QString& path);

} // namespace espalier::views
