// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/plot_theme.h"

#include "views/theme/theme.h"

#include <qcustomplot.h>

namespace espalier::views {

namespace {

/// Powers of ten are typeset only from the plain "1e-3", which other locales write with a capital.
class PowerTicker : public QCPAxisTickerLog {
    QString getTickLabel(double tick, const QLocale&, QChar format, int precision) override
    {
        return QCPAxisTickerLog::getTickLabel(tick, QLocale::c(), format, precision);
    }
};

} // namespace

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

void usePowersOfTen(QCPAxis* axis)
{
    axis->setTicker(QSharedPointer<QCPAxisTicker>(new PowerTicker));
    axis->setScaleType(QCPAxis::stLogarithmic);
    axis->setNumberFormat(QStringLiteral("eb"));
    axis->setNumberPrecision(0);
}

} // namespace espalier::views
