// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/coverage_plot.h"

#include "views/plots/figure_file.h"
#include "views/plots/plot_theme.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QEvent>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

#include <qcustomplot.h>

namespace espalier::views {

struct CoveragePlot::Private {
    QCustomPlot* plot = nullptr;
    Coverage coverage;
};

CoveragePlot::CoveragePlot(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>())
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(2, 2, 2, 2);
    d->plot = new QCustomPlot;
    d->plot->setFocusPolicy(Qt::NoFocus);
    d->plot->setMinimumSize(260, 130);
    d->plot->xAxis->setScaleType(QCPAxis::stLogarithmic);
    d->plot->xAxis->setTicker(QSharedPointer<QCPAxisTickerLog>(new QCPAxisTickerLog));
    d->plot->xAxis->setNumberFormat(QStringLiteral("eb"));
    d->plot->xAxis->setNumberPrecision(0);
    layout->addWidget(d->plot);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Experts seen against tokens"));
    rebuild();
}

CoveragePlot::~CoveragePlot() = default;

void CoveragePlot::setCoverage(Coverage coverage)
{
    d->coverage = std::move(coverage);
    setAccessibleDescription(sentence());
    rebuild();
}

QString CoveragePlot::sentence() const
{
    const Coverage& c = d->coverage;
    if (!c.known || c.tokens.empty())
        return tr("Not known: token counts were not measured here.");
    const auto number = [](double experts) { return format::count(std::llround(experts)); };
    QString text = tr("After all %1 tokens, %2 of %3 experts were chosen at least once and %4 at least %5 times.")
                       .arg(number(c.tokens.back()), number(c.once.back()), number(c.experts), number(c.judged.back()),
                            number(c.enough));
    const auto half = std::find_if(c.judged.begin(), c.judged.end(),
                                   [&](double experts) { return experts >= 0.5 * static_cast<double>(c.experts); });
    if (half != c.judged.end())
        text += QLatin1Char(' ') + tr("Half of them reach that after about %1 tokens.")
                                       .arg(number(c.tokens[static_cast<std::size_t>(half - c.judged.begin())]));
    return text;
}

void CoveragePlot::rebuild()
{
    QCustomPlot* plot = d->plot;
    plot->clearPlottables();
    plot->clearItems();
    applyPlotTheme(plot);
    const Coverage& c = d->coverage;
    plot->xAxis->setLabel(tr("tokens, drawn at random from those measured"));
    plot->yAxis->setLabel(tr("experts"));
    plot->yAxis->setRange(0, std::max(1, c.experts) * 1.08);
    const double first = c.tokens.empty() ? 10 : c.tokens.front(), last = c.tokens.empty() ? 1000 : c.tokens.back();
    plot->xAxis->setRange(std::max(1.0, first), std::max(last, first + 1));
    auto* all = plot->addGraph();
    all->setPen(QPen(Theme::color(ColorRole::TextThird), 1, Qt::DotLine));
    all->setData({plot->xAxis->range().lower, plot->xAxis->range().upper}, {double(c.experts), double(c.experts)},
                 true);
    struct Line {
        const std::vector<double>& values;
        ColorRole color;
        Qt::PenStyle style;
        QString name;
    };
    const Line lines[] = {{c.once, ColorRole::SeriesBlue, Qt::SolidLine, tr("—— chosen at least once")},
                          {c.judged, ColorRole::SeriesOrange, Qt::DashLine,
                           tr("– – chosen at least %n time(s)", nullptr, static_cast<int>(c.enough))}};
    int n = 0;
    for (const Line& line : lines) {
        auto* graph = plot->addGraph();
        graph->setPen(QPen(Theme::color(line.color), 2, line.style));
        graph->setData({c.tokens.begin(), c.tokens.end()}, {line.values.begin(), line.values.end()}, true);
        auto* name = new QCPItemText(plot);
        name->position->setType(QCPItemPosition::ptAxisRectRatio);
        name->position->setCoords(0.98, 0.70 + 0.13 * n++);
        name->setPositionAlignment(Qt::AlignRight | Qt::AlignVCenter);
        name->setText(line.name);
        name->setColor(Theme::color(line.color));
        name->setFont(Theme::font(TextStyle::Label));
    }
    plot->replot(QCustomPlot::rpQueuedReplot);
}

QString CoveragePlot::exportFigure(const QString& path) const
{
    return writeFigure(d->plot, path);
}

QString CoveragePlot::toTsv() const
{
    QString text = tr("tokens") + QLatin1Char('\t') + tr("experts chosen at least once") + QLatin1Char('\t') +
                   tr("experts chosen at least %n time(s)", nullptr, static_cast<int>(d->coverage.enough)) +
                   QLatin1Char('\n');
    for (std::size_t i = 0; i < d->coverage.tokens.size(); ++i)
        text += format::exact(d->coverage.tokens[i]) + QLatin1Char('\t') + format::exact(d->coverage.once[i]) +
                QLatin1Char('\t') + format::exact(d->coverage.judged[i]) + QLatin1Char('\n');
    return text;
}

void CoveragePlot::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    d->plot->axisRect()->setBackground(QBrush(Theme::color(ColorRole::AccentSoft)));
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

void CoveragePlot::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    d->plot->axisRect()->setBackground(QBrush(Qt::NoBrush));
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

void CoveragePlot::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        rebuild();
}

} // namespace espalier::views
