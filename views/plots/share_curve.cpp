// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/share_curve.h"

#include "views/plots/figure_file.h"
#include "views/plots/plot_theme.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QEvent>
#include <QVBoxLayout>

#include <algorithm>

#include <qcustomplot.h>

namespace espalier::views {

struct ShareCurve::Private {
    QCustomPlot* plot = nullptr;
    std::vector<Curve> curves;
    int marked = 0;
};

ShareCurve::ShareCurve(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>())
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    d->plot = new QCustomPlot;
    d->plot->setFocusPolicy(Qt::NoFocus);
    d->plot->setMinimumSize(240, 140);
    layout->addWidget(d->plot);
    setAccessibleName(tr("Cumulative share of assignments"));
    rebuild();
}

ShareCurve::~ShareCurve() = default;

void ShareCurve::setCurves(std::vector<Curve> curves, int marked)
{
    d->curves = std::move(curves);
    d->marked = marked;
    setAccessibleDescription(sentence());
    rebuild();
}

QString ShareCurve::sentence() const
{
    const auto at = [this](const Curve& curve) {
        return format::percent(curve.share[static_cast<std::size_t>(d->marked)], 1);
    };
    for (const Curve& curve : d->curves)
        if (d->marked < 0 || static_cast<std::size_t>(d->marked) >= curve.share.size())
            return {};
    if (d->curves.size() == 2)
        return tr("%n expert(s) per layer hold %1 of A and %2 of B", nullptr, d->marked)
            .arg(at(d->curves[0]), at(d->curves[1]));
    return d->curves.size() == 1 ? tr("%n expert(s) per layer hold %1", nullptr, d->marked).arg(at(d->curves[0]))
                                 : QString();
}

void ShareCurve::rebuild()
{
    QCustomPlot* plot = d->plot;
    plot->clearPlottables();
    plot->clearItems();
    applyPlotTheme(plot);
    plot->xAxis->setLabel(tr("experts per layer, most used first"));
    plot->yAxis->setLabel(QStringLiteral("%"));
    const int experts = d->curves.empty() ? 1 : std::max(1, static_cast<int>(d->curves.front().share.size()) - 1);
    plot->xAxis->setRange(0, experts);
    plot->yAxis->setRange(0, 105);
    auto* uniform = plot->addGraph();
    uniform->setPen(QPen(Theme::color(ColorRole::TextThird), 1, Qt::DotLine));
    uniform->setData({0, double(experts)}, {0, 100}, true);
    const ColorRole colors[] = {ColorRole::SeriesOrange, ColorRole::SeriesBlue};
    int n = 0;
    for (const Curve& curve : d->curves) {
        const QColor color = Theme::color(colors[n % 2]);
        auto* graph = plot->addGraph();
        graph->setPen(QPen(color, 2, n == 0 ? Qt::SolidLine : Qt::DashLine));
        QVector<double> x, y;
        for (std::size_t i = 0; i < curve.share.size(); ++i) {
            x << static_cast<double>(i);
            y << 100 * curve.share[i];
        }
        graph->setData(x, y, true);
        auto* name = new QCPItemText(plot);
        name->position->setType(QCPItemPosition::ptAxisRectRatio);
        name->position->setCoords(0.45, 0.2 + 0.13 * n);
        name->setPositionAlignment(Qt::AlignLeft | Qt::AlignVCenter);
        name->setText(QStringLiteral("%1 %2 %3")
                          .arg(n == 0 ? QStringLiteral("——") : QStringLiteral("– –"),
                               n == 0 ? QStringLiteral("A") : QStringLiteral("B"), curve.name));
        name->setBrush(Theme::color(ColorRole::Work)); // never struck through by a line
        name->setPadding(QMargins(2, 1, 2, 1));
        name->setColor(color);
        name->setFont(Theme::font(TextStyle::Label));
        ++n;
    }
    if (d->marked > 0 && d->marked < experts && !d->curves.empty()) {
        auto* line = new QCPItemStraightLine(plot);
        line->setPen(QPen(Theme::color(ColorRole::StrongRule), 1, Qt::DashLine));
        line->point1->setCoords(d->marked, 0);
        line->point2->setCoords(d->marked, 1);
        auto* text = new QCPItemText(plot);
        text->position->setType(QCPItemPosition::ptAxisRectRatio);
        text->position->setCoords(0.98, 0.88);
        text->setPositionAlignment(Qt::AlignRight | Qt::AlignVCenter);
        text->setText(sentence());
        text->setColor(Theme::color(ColorRole::TextSecond));
        text->setFont(Theme::font(TextStyle::Label));
    }
    plot->replot(QCustomPlot::rpQueuedReplot);
}

QString ShareCurve::exportFigure(const QString& path) const
{
    return writeFigure(d->plot, path);
}

QString ShareCurve::toTsv() const
{
    QString text = tr("experts");
    for (const Curve& curve : d->curves)
        text += QLatin1Char('\t') + curve.name;
    text += QLatin1Char('\n');
    const std::size_t rows = d->curves.empty() ? 0 : d->curves.front().share.size();
    for (std::size_t i = 0; i < rows; ++i) {
        text += QString::number(i);
        for (const Curve& curve : d->curves)
            text += QLatin1Char('\t') + format::exact(i < curve.share.size() ? curve.share[i] : std::nan(""));
        text += QLatin1Char('\n');
    }
    return text;
}

void ShareCurve::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        rebuild();
}

} // namespace espalier::views
