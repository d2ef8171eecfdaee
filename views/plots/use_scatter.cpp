// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/use_scatter.h"

#include "views/models/layer_tables.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <algorithm>
#include <cmath>

#include <qcustomplot.h>

namespace espalier::views {

namespace {

constexpr std::size_t kManyPoints = 200; // smaller points from here on

QCPScatterStyle styleOf(UseVerdict verdict, double size)
{
    const QColor accent = Theme::color(ColorRole::Accent);
    switch (verdict) {
    case UseVerdict::Alike:
        return {QCPScatterStyle::ssCircle, QPen(Theme::color(ColorRole::TextThird), 1.5),
                QBrush(Theme::color(ColorRole::Work)), size};
    case UseVerdict::Thin:
        return {QCPScatterStyle::ssCross, QPen(Theme::color(ColorRole::Warning), 1.5), Qt::NoBrush, size};
    default:
        return {QCPScatterStyle::ssDisc, accent, accent, size};
    }
}

} // namespace

UseScatter::UseScatter(QWidget* parent) : PlotWidget({260, 150}, parent)
{
    setAccessibleName(tr("Use of every expert against uniform use"));
    rebuild();
}

void UseScatter::setUse(LayerUse use)
{
    m_use = std::move(use);
    rebuild();
}

int UseScatter::rankOf(int expert) const
{
    const auto found = std::find_if(m_use.points.begin(), m_use.points.end(),
                                    [expert](const UsePoint& point) { return point.expert == expert; });
    return found == m_use.points.end() ? -1 : static_cast<int>(found - m_use.points.begin());
}

void UseScatter::setCurrentExpert(int expert)
{
    m_current = expert;
    showCurrent();
}

QString UseScatter::sentence() const
{
    if (m_use.count(UseVerdict::Unknown) == points())
        return tr("Not known: token counts were not measured here.");
    return tr("Of %n expert(s), %1 are used more than uniform use would have it and %2 less; %3 cannot be told apart, "
              "%4 have too few tokens to judge.",
              nullptr, m_use.experts)
        .arg(m_use.count(UseVerdict::More))
        .arg(m_use.count(UseVerdict::Less))
        .arg(m_use.count(UseVerdict::Alike))
        .arg(m_use.count(UseVerdict::Thin));
}

QString UseScatter::pointText(int rank) const
{
    const UsePoint& point = m_use.points[static_cast<std::size_t>(rank)];
    return tr("Expert %1: %2 %3, %4 tokens, %5")
        .arg(point.expert)
        .arg(format::ratio(point.ratio.value), format::plusMinus(point.ratio.half),
             std::isfinite(point.tokens) ? format::count(std::llround(point.tokens)) : format::unknown(),
             useVerdictText(point.verdict));
}

void UseScatter::choosePoint(int rank)
{
    emit expertChosen(m_use.points[static_cast<std::size_t>(rank)].expert);
}

int UseScatter::pointAt(double pixel) const
{
    return static_cast<int>(std::lround(plot()->xAxis->pixelToCoord(pixel))) - 1;
}

void UseScatter::addPoints(UseVerdict verdict, std::vector<std::pair<double, double>>& drawn)
{
    auto* graph = plot()->addGraph();
    graph->setLineStyle(QCPGraph::lsNone);
    graph->setAdaptiveSampling(false);
    graph->setScatterStyle(styleOf(verdict, m_use.points.size() > kManyPoints ? 4 : 7));
    auto* bars = new QCPErrorBars(plot()->xAxis, plot()->yAxis);
    bars->setDataPlottable(graph);
    bars->setWhiskerWidth(0);
    bars->setSymbolGap(0);
    const bool told = verdict == UseVerdict::More || verdict == UseVerdict::Less;
    bars->setPen(QPen(Theme::color(told ? ColorRole::Accent : ColorRole::StrongRule), 1));
    QVector<double> x, y, half;
    for (std::size_t i = 0; i < m_use.points.size(); ++i) {
        const UsePoint& point = m_use.points[i];
        if (point.verdict != verdict || !std::isfinite(point.ratio.value))
            continue;
        x << static_cast<double>(i + 1);
        y << point.ratio.value;
        half << point.ratio.half; // NaN draws none
        drawn.emplace_back(x.last(), y.last());
    }
    graph->setData(x, y, true);
    bars->setData(half);
}

void UseScatter::addRing(const std::vector<std::pair<double, double>>& drawn)
{
    m_ring = nullptr;
    if (drawn.empty())
        return;
    auto* all = plot()->addGraph(); // what the ring sits on; draws nothing
    all->setLineStyle(QCPGraph::lsNone);
    for (const auto& [x, y] : drawn)
        all->addData(x, y);
    m_ring = new QCPItemTracer(plot());
    m_ring->setGraph(all);
    m_ring->setStyle(QCPItemTracer::tsCircle);
    m_ring->setSize(14);
    m_ring->setPen(QPen(Theme::color(ColorRole::Text), 2));
    m_ring->setBrush(Qt::NoBrush);
}

void UseScatter::rebuild()
{
    begin();
    plot()->xAxis->setLabel(tr("experts, most used first"));
    plot()->yAxis->setLabel(tr("ratio to uniform"));
    double most = 2;
    for (const UsePoint& point : m_use.points)
        if (std::isfinite(point.ratio.value))
            most = std::max(most, point.ratio.value + (std::isfinite(point.ratio.half) ? point.ratio.half : 0));
    plot()->xAxis->setRange(0, std::max(2, points() + 1));
    plot()->yAxis->setRange(0, most * 1.05);
    auto* uniform = plot()->addGraph();
    uniform->setPen(QPen(Theme::color(ColorRole::Text), 1, Qt::DashLine));
    uniform->setData({plot()->xAxis->range().lower, plot()->xAxis->range().upper}, {1, 1}, true);
    std::vector<std::pair<double, double>> drawn;
    for (const UseVerdict verdict : {UseVerdict::More, UseVerdict::Less, UseVerdict::Alike, UseVerdict::Thin})
        addPoints(verdict, drawn);
    addRing(drawn);
    showCurrent();
}

void UseScatter::showCurrent()
{
    const int rank = rankOf(m_current);
    const bool shown = rank >= 0 && std::isfinite(m_use.points[static_cast<std::size_t>(rank)].ratio.value);
    if (m_ring != nullptr)
        m_ring->setVisible(shown);
    if (shown)
        m_ring->setGraphKey(rank + 1);
    setAccessibleDescription(shown ? sentence() + QLatin1Char(' ') + pointText(rank) : sentence());
    finish();
}

QPoint UseScatter::pointOf(int expert) const
{
    const int rank = rankOf(expert);
    if (rank < 0)
        return {-1, -1};
    const QPointF place(plot()->xAxis->coordToPixel(rank + 1),
                        plot()->yAxis->coordToPixel(m_use.points[static_cast<std::size_t>(rank)].ratio.value));
    return plot()->mapTo(this, place.toPoint());
}

} // namespace espalier::views
