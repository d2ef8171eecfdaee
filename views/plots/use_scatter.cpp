// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/use_scatter.h"

#include "views/plots/figure_file.h"
#include "views/plots/plot_theme.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QCoreApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

#include <qcustomplot.h>

namespace espalier::views {

struct UseScatter::Private {
    QCustomPlot* plot = nullptr;
    QCPItemTracer* ring = nullptr;
    QCPGraph* all = nullptr; ///< what the ring sits on
    LayerUse use;
    int current = -1;
};

QString useVerdictText(UseVerdict verdict)
{
    switch (verdict) {
    case UseVerdict::More:
        return QCoreApplication::translate("espalier::views::UseScatter", "used more");
    case UseVerdict::Less:
        return QCoreApplication::translate("espalier::views::UseScatter", "used less");
    case UseVerdict::Alike:
        return QCoreApplication::translate("espalier::views::UseScatter", "not told apart from uniform");
    case UseVerdict::Thin:
        return QCoreApplication::translate("espalier::views::UseScatter", "too few tokens to judge");
    case UseVerdict::Unknown:
        break;
    }
    return QCoreApplication::translate("espalier::views::UseScatter", "not known");
}

UseScatter::UseScatter(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>())
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(2, 2, 2, 2);
    d->plot = new QCustomPlot;
    d->plot->setFocusPolicy(Qt::NoFocus);
    d->plot->setMinimumSize(260, 150);
    d->plot->setNoAntialiasingOnDrag(false);
    d->plot->installEventFilter(this);
    layout->addWidget(d->plot);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Use of every expert against uniform use"));
    rebuild();
}

UseScatter::~UseScatter() = default;

void UseScatter::setUse(LayerUse use)
{
    d->use = std::move(use);
    rebuild();
}

int UseScatter::rankOf(int expert) const
{
    const auto found = std::find_if(d->use.points.begin(), d->use.points.end(),
                                    [expert](const UsePoint& point) { return point.expert == expert; });
    return found == d->use.points.end() ? -1 : static_cast<int>(found - d->use.points.begin());
}

void UseScatter::setCurrentExpert(int expert)
{
    d->current = expert;
    showCurrent();
}

QString UseScatter::sentence() const
{
    const LayerUse& use = d->use;
    if (use.count(UseVerdict::Unknown) == static_cast<int>(use.points.size()))
        return tr("Not known: token counts were not measured here.");
    return tr("Of %n expert(s), %1 are used more than uniform use would have it and %2 less; %3 cannot be told apart, "
              "%4 "
              "have too few tokens to judge.",
              nullptr, use.experts)
        .arg(use.count(UseVerdict::More))
        .arg(use.count(UseVerdict::Less))
        .arg(use.count(UseVerdict::Alike))
        .arg(use.count(UseVerdict::Thin));
}

void UseScatter::rebuild()
{
    QCustomPlot* plot = d->plot;
    plot->clearPlottables();
    plot->clearItems();
    applyPlotTheme(plot);
    plot->xAxis->setLabel(tr("experts, most used first"));
    plot->yAxis->setLabel(tr("ratio to uniform"));
    const auto& points = d->use.points;
    double most = 2;
    for (const UsePoint& point : points)
        if (std::isfinite(point.ratio.value))
            most = std::max(most, point.ratio.value + (std::isfinite(point.ratio.half) ? point.ratio.half : 0));
    plot->xAxis->setRange(0, std::max<double>(2, static_cast<double>(points.size()) + 1));
    plot->yAxis->setRange(0, most * 1.05);
    auto* uniform = plot->addGraph();
    uniform->setPen(QPen(Theme::color(ColorRole::Text), 1, Qt::DashLine));
    uniform->setData({plot->xAxis->range().lower, plot->xAxis->range().upper}, {1, 1}, true);
    d->all = plot->addGraph();
    d->all->setLineStyle(QCPGraph::lsNone);
    d->all->setAdaptiveSampling(false);
    QVector<double> ranks, ratios;
    const QColor accent = Theme::color(ColorRole::Accent), quiet = Theme::color(ColorRole::TextThird);
    const double size = points.size() > 200 ? 4 : 7;
    const std::pair<UseVerdict, QCPScatterStyle> styles[] = {
        {UseVerdict::More, {QCPScatterStyle::ssDisc, accent, accent, size}},
        {UseVerdict::Less, {QCPScatterStyle::ssDisc, accent, accent, size}},
        {UseVerdict::Alike, {QCPScatterStyle::ssCircle, QPen(quiet, 1.5), QBrush(Theme::color(ColorRole::Work)), size}},
        {UseVerdict::Thin, {QCPScatterStyle::ssCross, QPen(Theme::color(ColorRole::Warning), 1.5), Qt::NoBrush, size}}};
    for (const auto& [verdict, style] : styles) {
        auto* graph = plot->addGraph();
        graph->setLineStyle(QCPGraph::lsNone);
        graph->setAdaptiveSampling(false);
        graph->setScatterStyle(style);
        auto* bars = new QCPErrorBars(plot->xAxis, plot->yAxis);
        bars->setDataPlottable(graph);
        bars->setWhiskerWidth(0);
        bars->setSymbolGap(0);
        bars->setPen(QPen(
            verdict == UseVerdict::Alike || verdict == UseVerdict::Thin ? Theme::color(ColorRole::StrongRule) : accent,
            1));
        QVector<double> x, y, half;
        for (std::size_t i = 0; i < points.size(); ++i)
            if (points[i].verdict == verdict && std::isfinite(points[i].ratio.value)) {
                x << static_cast<double>(i + 1);
                y << points[i].ratio.value;
                half << points[i].ratio.half; // NaN draws none
            }
        graph->setData(x, y, true);
        bars->setData(half);
        ranks += x;
        ratios += y;
    }
    d->all->setData(ranks, ratios);
    d->ring = new QCPItemTracer(plot);
    d->ring->setGraph(d->all);
    d->ring->setStyle(QCPItemTracer::tsCircle);
    d->ring->setSize(14);
    d->ring->setPen(QPen(Theme::color(ColorRole::Text), 2));
    d->ring->setBrush(Qt::NoBrush);
    showCurrent();
}

void UseScatter::showCurrent()
{
    const int rank = rankOf(d->current);
    const bool shown = rank >= 0 && std::isfinite(d->use.points[static_cast<std::size_t>(rank)].ratio.value);
    d->ring->setVisible(shown);
    QString description = sentence();
    if (shown) {
        const UsePoint& point = d->use.points[static_cast<std::size_t>(rank)];
        d->ring->setGraphKey(rank + 1);
        description += QLatin1Char(' ') + tr("Expert %1: %2 %3, %4.")
                                              .arg(point.expert)
                                              .arg(format::ratio(point.ratio.value),
                                                   format::plusMinus(point.ratio.half), useVerdictText(point.verdict));
    }
    setAccessibleDescription(description);
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

QPoint UseScatter::pointOf(int expert) const
{
    const int rank = rankOf(expert);
    if (rank < 0)
        return {-1, -1};
    const QPointF place(d->plot->xAxis->coordToPixel(rank + 1),
                        d->plot->yAxis->coordToPixel(d->use.points[static_cast<std::size_t>(rank)].ratio.value));
    return d->plot->mapTo(this, place.toPoint());
}

void UseScatter::replotNow()
{
    d->plot->replot(QCustomPlot::rpImmediateRefresh);
}

QString UseScatter::exportFigure(const QString& path) const
{
    return writeFigure(d->plot, path);
}

QString UseScatter::toTsv() const
{
    QStringList lines{QStringList{tr("rank"), tr("expert"), tr("tokens"), tr("ratio to uniform"), tr("half of 95 %"),
                                  tr("against uniform")}
                          .join(QLatin1Char('\t'))};
    int rank = 0;
    for (const UsePoint& point : d->use.points)
        lines << QStringList{QString::number(++rank),         QString::number(point.expert),
                             format::exact(point.tokens),     format::exact(point.ratio.value),
                             format::exact(point.ratio.half), useVerdictText(point.verdict)}
                     .join(QLatin1Char('\t'));
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

void UseScatter::keyPressEvent(QKeyEvent* event)
{
    const int rank = rankOf(d->current), last = static_cast<int>(d->use.points.size()) - 1;
    const int next = event->key() == Qt::Key_Left    ? std::max(0, rank - 1)
                     : event->key() == Qt::Key_Right ? std::min(last, rank + 1)
                     : event->key() == Qt::Key_Home  ? 0
                     : event->key() == Qt::Key_End   ? last
                                                     : -1;
    if (next < 0 || last < 0) {
        QWidget::keyPressEvent(event);
        return;
    }
    emit expertChosen(d->use.points[static_cast<std::size_t>(next)].expert);
}

bool UseScatter::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == d->plot && (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::ToolTip) &&
        !d->use.points.empty()) {
        const QPointF at = event->type() == QEvent::ToolTip ? QPointF(static_cast<QHelpEvent*>(event)->pos())
                                                            : static_cast<QMouseEvent*>(event)->position();
        const auto rank = static_cast<int>(std::lround(d->plot->xAxis->pixelToCoord(at.x()))) - 1;
        if (rank < 0 || rank >= static_cast<int>(d->use.points.size()))
            return false;
        const UsePoint& point = d->use.points[static_cast<std::size_t>(rank)];
        if (event->type() == QEvent::ToolTip) {
            QToolTip::showText(
                static_cast<QHelpEvent*>(event)->globalPos(),
                tr("Expert %1\n%2 %3\n%4 tokens, %5")
                    .arg(point.expert)
                    .arg(format::ratio(point.ratio.value), format::plusMinus(point.ratio.half),
                         std::isfinite(point.tokens) ? format::count(std::llround(point.tokens)) : format::unknown(),
                         useVerdictText(point.verdict)),
                this);
            return true;
        }
        setFocus(Qt::MouseFocusReason);
        emit expertChosen(point.expert);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void UseScatter::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    d->plot->axisRect()->setBackground(QBrush(Theme::color(ColorRole::AccentSoft)));
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

void UseScatter::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    d->plot->axisRect()->setBackground(QBrush(Qt::NoBrush));
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

void UseScatter::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        rebuild();
}

} // namespace espalier::views
