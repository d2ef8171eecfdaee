// SPDX-License-Identifier: GPL-3.0-or-later
// The look that the curves and scatters share; QCustomPlot follows no palette by itself.
#pragma once

class QCPAxis;
class QCustomPlot;

namespace espalier::views {

/// Ground, axes, grid and fonts of the present theme.
void applyPlotTheme(QCustomPlot* plot);
/// A logarithmic axis with 10, 10², 10³ …, the same in every language.
void usePowersOfTen(QCPAxis* axis);

} // namespace espalier::views
