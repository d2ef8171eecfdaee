// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/plot_theme.h"

#include "views/theme/theme.h"

#include <qcustomplot.h>

namespace espalier::views {

void applyPlotTheme(QCustomPlot* plot)
{
    plot->setBackground(QBrush(Theme::color(ColorRole::Work)));
    for (QCPAxis* axis : {plot->xAxis, plot->yAxis}) {
        axis->setBasePen(QPen(Theme::color(ColorRole::StrongRule), 1));
        axis->setTickPen(QPen(Theme::color(ColorRole::StrongRule), 1));
        axis->setSubTicks(false);
        axis->grid()->setPen(QPen(Theme::color(ColorRole::Rule), 1));
        axis->grid()->setZeroLinePen(Qt::NoPen);
        axis->setTickLabelFont(Theme::font(TextStyle::Label));
        axis->setLabelFont(Theme::font(TextStyle::Label));
        axis->setTickLabelColor(Theme::color(ColorRole::TextSecond));
        axis->setLabelColor(Theme::color(ColorRole::TextSecond));
    }
    plot->xAxis->grid()->setVisible(false);
}

} // namespace espalier::views
