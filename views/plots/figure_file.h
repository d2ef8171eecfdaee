// SPDX-License-Identifier: GPL-3.0-or-later
// A plot as a file: PNG at twice the size on screen, SVG or PDF as vectors, by the file's ending.
#pragma once

#include <QString>

class QCustomPlot;

namespace espalier::views {

/// Empty string, or what went wrong and what would work.
[[nodiscard]] QString writeFigure(QCustomPlot* plot, const QString& path);

} // namespace espalier::views
