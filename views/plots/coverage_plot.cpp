// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/coverage_plot.h"

#include "views/plots/plot_theme.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <algorithm>
#include <cmath>

#include <qcustomplot.h>

namespace espalier::views {

namespace {

QString whole(double number)
{
    return format::count(std::llround(number));
}

constexpr double kHeadroom = 1.5; ///< of the number of experts: names stand above the curves

void addLabel(QCustomPlot* plot, double x, double y, const QString& text, const QColor& color)
{
    auto* item = new QCPItemText(plot);
    item->position->setType(QCPItemPosition::ptAxisRectRatio);
    item->position->setCoords(x, y);
    item->setPositionAlignment((x < 0.5 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    item->setText(text);
    item->setColor(color);
    item->setFont(Theme::font(TextStyle::Label));
}

} // namespace

CoveragePlot::CoveragePlot(QWidget* parent) : PlotWidget({260, 130}, parent)
{
    usePowersOfTen(plot()->xAxis);
    setAccessibleName(tr("Experts seen against tokens"));
    rebuild();
}

void CoveragePlot::setCoverage(Coverage coverage)
{
    m_coverage = std::move(coverage);
    m_current = -1;
    rebuild();
}

QString CoveragePlot::sentence() const
{
    const Coverage& c = m_coverage;
    if (!c.known || c.tokens.empty())
        return tr("Not known: token counts were not measured here.");
    QString text = tr("After all %1 tokens, %2 of %3 experts were chosen at least once and %4 at least %5 times.")
                       .arg(whole(c.tokens.back()), whole(c.once.back()), whole(c.experts), whole(c.judged.back()),
                            whole(c.enough));
    const auto half = std::find_if(c.judged.begin(), c.judged.end(),
                                   [&](double experts) { return experts >= 0.5 * static_cast<double>(c.experts); });
    if (half != c.judged.end())
        text += QLatin1Char(' ') + tr("Half of them reach that after about %1 tokens.")
                                       .arg(whole(c.tokens[static_cast<std::size_t>(half - c.judged.begin())]));
    return text;
}

QString CoveragePlot::pointText(int point) const
{
    const auto i = static_cast<std::size_t>(point);
    return tr("%1 tokens: %2 experts chosen at least once, %3 at least %4 times")
        .arg(whole(m_coverage.tokens[i]), format::fixed(m_coverage.once[i], 1), format::fixed(m_coverage.judged[i], 1),
             whole(m_coverage.enough));
}

void CoveragePlot::choosePoint(int point)
{
    m_current = point;
    rebuild();
}

int CoveragePlot::pointAt(double pixel) const
{
    const auto& tokens = m_coverage.tokens;
    const auto distance = [&](double value) { return std::abs(plot()->xAxis->coordToPixel(value) - pixel); };
    const auto nearest =
        std::min_element(tokens.begin(), tokens.end(), [&](double a, double b) { return distance(a) < distance(b); });
    return nearest == tokens.end() ? -1 : static_cast<int>(nearest - tokens.begin());
}

void CoveragePlot::addLine(const std::vector<double>& values, int number, const QString& name)
{
    const QColor color = Theme::color(number == 0 ? ColorRole::SeriesBlue : ColorRole::SeriesOrange);
    auto* graph = plot()->addGraph();
    graph->setPen(QPen(color, 2, number == 0 ? Qt::SolidLine : Qt::DashLine));
    graph->setData({m_coverage.tokens.begin(), m_coverage.tokens.end()}, {values.begin(), values.end()}, true);
    const bool read = m_current >= 0 && m_current < points();
    const QString value =
        read ? QStringLiteral("  ") + format::fixed(values[static_cast<std::size_t>(m_current)], 1) : QString();
    addLabel(plot(), 0.98, 0.07 + 0.13 * number, name + value, color);
}

void CoveragePlot::addCursor()
{
    if (m_current < 0 || m_current >= points())
        return;
    const double at = m_coverage.tokens[static_cast<std::size_t>(m_current)];
    auto* line = new QCPItemStraightLine(plot());
    line->setPen(QPen(Theme::color(ColorRole::Text), 1));
    line->point1->setCoords(at, 0);
    line->point2->setCoords(at, 1);
    addLabel(plot(), 0.02, 0.07, tr("%1 tokens").arg(whole(at)), Theme::color(ColorRole::Text));
}

void CoveragePlot::rebuild()
{
    begin();
    const Coverage& c = m_coverage;
    plot()->xAxis->setLabel(tr("tokens, drawn at random from those measured"));
    plot()->yAxis->setLabel(tr("experts"));
    plot()->yAxis->setRange(0, std::max(1, c.experts) * kHeadroom);
    const double first = c.tokens.empty() ? 10 : c.tokens.front(), last = c.tokens.empty() ? 1000 : c.tokens.back();
    plot()->xAxis->setRange(std::max(1.0, first), std::max(last, first + 1));
    auto* all = plot()->addGraph();
    all->setPen(QPen(Theme::color(ColorRole::TextThird), 1, Qt::DotLine));
    const auto experts = static_cast<double>(c.experts);
    all->setData({plot()->xAxis->range().lower, plot()->xAxis->range().upper}, {experts, experts}, true);
    addLine(c.once, 0, tr("—— chosen at least once"));
    addLine(c.judged, 1, tr("– – chosen at least %n time(s)", nullptr, static_cast<int>(c.enough)));
    addCursor();
    setAccessibleDescription(m_current < 0 ? sentence() : sentence() + QLatin1Char(' ') + pointText(m_current));
    finish();
}

} // namespace espalier::views
