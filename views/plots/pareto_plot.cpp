// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/pareto_plot.h"

#include "views/plots/figure_file.h"
#include "views/plots/plot_theme.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <qcustomplot.h>

namespace espalier::views {

struct ParetoPlot::Private {
    QCustomPlot* plot = nullptr;
    std::vector<ParetoPoint> points;
    std::optional<std::uint64_t> budget;
    QString selected;
    int unit = 2;

    [[nodiscard]] double x(std::uint64_t bytes) const { return static_cast<double>(bytes) / std::pow(1024.0, unit); }
    [[nodiscard]] static double y(double kl) { return std::max(kl, kFloor); }
};

namespace {

constexpr int kLegendMargin = 48;

struct Series {
    QString title;
    bool control = false;
    std::vector<int> points;
};

QPen line(ColorRole role, double width = 1, Qt::PenStyle style = Qt::SolidLine)
{
    return QPen(Theme::color(role), width, style);
}

/// Series differ in colour and shape; controls are hollow grey circles.
QCPScatterStyle styleOf(int series, bool control)
{
    constexpr QCPScatterStyle::ScatterShape kShapes[] = {QCPScatterStyle::ssDisc, QCPScatterStyle::ssSquare,
                                                         QCPScatterStyle::ssTriangle, QCPScatterStyle::ssDiamond,
                                                         QCPScatterStyle::ssTriangleInverted};
    constexpr ColorRole kColors[] = {ColorRole::Accent, ColorRole::SeriesOrange, ColorRole::SeriesViolet,
                                     ColorRole::SeriesBlue, ColorRole::TextSecond};
    if (control)
        return {QCPScatterStyle::ssCircle, line(ColorRole::TextSecond, 1.4), QBrush(Qt::NoBrush), 9};
    const QColor color = Theme::color(kColors[series % 5]);
    return {kShapes[series % 5], QPen(color, 1.4), QBrush(color), 9};
}

} // namespace

ParetoPlot::ParetoPlot(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>())
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    d->plot = new QCustomPlot;
    d->plot->setMinimumSize(320, 240);
    d->plot->setFocusPolicy(Qt::NoFocus);
    d->plot->installEventFilter(this);
    layout->addWidget(d->plot);
    // Below the axes, where it hides no point.
    auto* row = new QCPLayoutGrid;
    d->plot->plotLayout()->addElement(1, 0, row);
    row->addElement(0, 0, d->plot->legend);
    row->setMargins(QMargins(kLegendMargin - 8, 0, 8, 4));
    d->plot->plotLayout()->setRowStretchFactor(1, 0.001);
    d->plot->legend->setFillOrder(QCPLegend::foColumnsFirst);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Memory against loss"));
    rebuild();
}

ParetoPlot::~ParetoPlot() = default;

void ParetoPlot::setPoints(std::vector<ParetoPoint> points)
{
    std::stable_sort(points.begin(), points.end(),
                     [](const ParetoPoint& a, const ParetoPoint& b) { return a.bytes < b.bytes; });
    std::uint64_t most = 0;
    for (const auto& point : points)
        most = std::max(most, point.bytes);
    d->unit = std::max(2, format::byteUnitFor(most));
    d->points = std::move(points);
    rebuild();
}

const std::vector<ParetoPoint>& ParetoPlot::points() const
{
    return d->points;
}

void ParetoPlot::setBudget(std::optional<std::uint64_t> bytes)
{
    d->budget = bytes;
    rebuild();
}

void ParetoPlot::select(const QString& name)
{
    if (name == d->selected)
        return;
    d->selected = name;
    rebuild();
    emit selectionChanged(name);
}

QString ParetoPlot::selected() const
{
    return d->selected;
}

QPointF ParetoPlot::positionOf(int point) const
{
    const auto& p = d->points[static_cast<std::size_t>(point)];
    return d->plot->mapTo(this, QPoint()) +
           QPointF(d->plot->xAxis->coordToPixel(d->x(p.bytes)), d->plot->yAxis->coordToPixel(Private::y(p.kl)));
}

std::vector<int> ParetoPlot::front(const std::vector<ParetoPoint>& points)
{
    std::vector<int> order(points.size());
    std::iota(order.begin(), order.end(), 0);
    const auto at = [&](int i) -> const ParetoPoint& { return points[static_cast<std::size_t>(i)]; };
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return at(a).bytes != at(b).bytes ? at(a).bytes < at(b).bytes : at(a).kl < at(b).kl;
    });
    std::vector<int> result;
    double best = INFINITY;
    for (const int i : order)
        if (!at(i).control && at(i).kl < best) {
            best = at(i).kl;
            result.push_back(i);
        }
    return result;
}

void ParetoPlot::rebuild()
{
    auto* plot = d->plot;
    plot->clearPlottables();
    plot->clearItems();
    applyPlotTheme(plot);
    plot->xAxis->grid()->setVisible(true);
    usePowersOfTen(plot->yAxis);
    plot->xAxis->setLabel(tr("device memory, %1").arg(format::byteUnit(d->unit)));
    plot->yAxis->setLabel(tr("KL from base, nats per token"));

    double low = 1e-3, high = 1;
    double left = INFINITY, right = -INFINITY;
    std::vector<Series> series;
    std::map<QString, std::size_t> known;
    for (std::size_t i = 0; i < d->points.size(); ++i) {
        const auto& point = d->points[i];
        const QString title = point.control ? tr("random control") : point.method;
        const auto [place, fresh] = known.try_emplace(title, series.size());
        if (fresh)
            series.push_back({title, point.control, {}});
        series[place->second].points.push_back(static_cast<int>(i));
        low = std::min(low, Private::y(point.kl));
        high = std::max(high, point.kl);
        left = std::min(left, d->x(point.bytes));
        right = std::max(right, d->x(point.bytes));
    }
    if (d->budget && !d->points.empty()) {
        left = std::min(left, d->x(*d->budget));
        right = std::max(right, d->x(*d->budget));
    }
    const double margin = right > left ? 0.08 * (right - left) : std::max(0.1 * std::abs(left), 0.5);
    plot->xAxis->setRange(d->points.empty() ? QCPRange(0, 1) : QCPRange(left - margin, right + margin));
    plot->yAxis->setRange(low / 2.5, high * 2.5);

    int colored = 0;
    for (const auto& s : series) {
        auto* graph = plot->addGraph();
        graph->setName(s.title);
        graph->setLineStyle(QCPGraph::lsNone);
        graph->setAdaptiveSampling(false);
        const QCPScatterStyle style = styleOf(s.control ? 0 : colored++, s.control);
        graph->setScatterStyle(style);
        auto* bars = new QCPErrorBars(plot->xAxis, plot->yAxis);
        bars->removeFromLegend();
        bars->setDataPlottable(graph);
        bars->setAntialiased(false);
        bars->setPen(QPen(style.pen().color(), 1));
        bars->setWhiskerWidth(5);
        bars->setSymbolGap(style.size());
        QVector<double> x, y, minus, plus; // sorted by x already: error bars go by index
        for (const int i : s.points) {
            const auto& p = d->points[static_cast<std::size_t>(i)];
            const bool interval = p.high > p.low;
            x << d->x(p.bytes);
            y << Private::y(p.kl);
            minus << (interval ? Private::y(p.kl) - Private::y(p.low) : std::nan(""));
            plus << (interval ? Private::y(p.high) - Private::y(p.kl) : std::nan(""));
        }
        graph->setData(x, y, true);
        bars->setData(minus, plus);
    }

    if (const auto best = front(d->points); best.size() > 1) {
        auto* graph = plot->addGraph();
        graph->removeFromLegend();
        graph->setPen(line(ColorRole::TextThird, 1, Qt::DotLine));
        graph->setLineStyle(QCPGraph::lsStepLeft);
        graph->setAdaptiveSampling(false);
        QVector<double> x, y;
        for (const int i : best) {
            x << d->x(d->points[static_cast<std::size_t>(i)].bytes);
            y << Private::y(d->points[static_cast<std::size_t>(i)].kl);
        }
        graph->setData(x, y, true);
    }
    if (d->budget) {
        auto* budget = new QCPItemStraightLine(plot);
        budget->setPen(line(ColorRole::Danger, 2));
        budget->point1->setCoords(d->x(*d->budget), 1);
        budget->point2->setCoords(d->x(*d->budget), 10);
        auto* name = new QCPItemText(plot);
        name->position->setTypeX(QCPItemPosition::ptPlotCoords);
        name->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
        name->position->setCoords(d->x(*d->budget), 0.0);
        name->setPositionAlignment(Qt::AlignTop |
                                   (d->x(*d->budget) > (left + right) / 2 ? Qt::AlignRight : Qt::AlignLeft));
        name->setPadding(QMargins(6, 4, 6, 4));
        name->setText(tr("budget %1").arg(format::bytesIn(*d->budget, d->unit)));
        name->setColor(Theme::color(ColorRole::Danger));
        name->setFont(Theme::font(TextStyle::Label));
    }
    QStringList words;
    for (const auto& p : d->points) {
        words << tr("%1: %2, KL %3").arg(p.name, format::bytes(p.bytes), format::kl(p.kl));
        if (p.name != d->selected)
            continue;
        auto* ring = new QCPItemTracer(plot);
        ring->setStyle(QCPItemTracer::tsCircle);
        ring->setSize(18);
        ring->setPen(line(ColorRole::Text, 2));
        ring->setBrush(Qt::NoBrush);
        ring->position->setCoords(d->x(p.bytes), Private::y(p.kl));
        auto* name = new QCPItemText(plot);
        name->position->setParentAnchor(ring->position);
        const bool roomRight = d->x(p.bytes) < (left + right) / 2 || right <= left;
        name->position->setCoords(roomRight ? 14 : -14, 14);
        name->setPositionAlignment(Qt::AlignTop | (roomRight ? Qt::AlignLeft : Qt::AlignRight));
        name->setText(p.name);
        name->setColor(Theme::color(ColorRole::Text));
        name->setFont(Theme::font(TextStyle::SectionHead));
    }
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    plot->legend->setVisible(!series.empty());
    plot->legend->setFont(Theme::font(TextStyle::Label));
    plot->legend->setTextColor(Theme::color(ColorRole::TextSecond));
    plot->legend->setBrush(Theme::color(ColorRole::Work));
    plot->legend->setBorderPen(Qt::NoPen);
    arrangeLegend();
    plot->replot();
}

/// As many entries side by side as have room for their names.
void ParetoPlot::arrangeLegend()
{
    QCPLegend* legend = d->plot->legend;
    const QFontMetrics metrics(legend->font());
    int widest = 1;
    for (int i = 0; i < legend->itemCount(); ++i)
        if (auto* item = qobject_cast<QCPPlottableLegendItem*>(legend->item(i)))
            widest =
                std::max(widest, metrics.horizontalAdvance(item->plottable()->name()) + legend->iconSize().width() +
                                     legend->iconTextPadding() + legend->columnSpacing());
    legend->setWrap(std::clamp((d->plot->width() - kLegendMargin) / widest, 1, 4));
    legend->setFillOrder(QCPLegend::foColumnsFirst, true);
}

void ParetoPlot::step(int by)
{
    if (d->points.empty())
        return;
    const auto count = static_cast<int>(d->points.size());
    int at = by > 0 ? -1 : count;
    for (int i = 0; i < count; ++i)
        if (d->points[static_cast<std::size_t>(i)].name == d->selected)
            at = i;
    select(d->points[static_cast<std::size_t>(std::clamp(at + by, 0, count - 1))].name);
}

void ParetoPlot::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Left:
        return step(-1);
    case Qt::Key_Right:
        return step(1);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!d->selected.isEmpty())
            emit opened(d->selected);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void ParetoPlot::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        rebuild();
}

bool ParetoPlot::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == d->plot && event->type() == QEvent::Resize)
        arrangeLegend();
    const bool press = event->type() == QEvent::MouseButtonPress;
    if (watched == d->plot && (press || event->type() == QEvent::ToolTip)) {
        const QPoint at =
            press ? static_cast<QMouseEvent*>(event)->position().toPoint() : static_cast<QHelpEvent*>(event)->pos();
        int nearest = -1;
        double best = 14; // pixels
        for (int i = 0; i < static_cast<int>(d->points.size()); ++i)
            if (const QPointF gap = positionOf(i) - at; std::hypot(gap.x(), gap.y()) < best) {
                best = std::hypot(gap.x(), gap.y());
                nearest = i;
            }
        if (press)
            setFocus(Qt::MouseFocusReason);
        if (nearest >= 0) {
            const auto& p = d->points[static_cast<std::size_t>(nearest)];
            if (press)
                select(p.name);
            else
                QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(),
                                   tr("%1: %2, KL %3").arg(p.name, format::bytes(p.bytes), format::kl(p.kl)));
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

QString ParetoPlot::exportFigure(const QString& path) const
{
    return writeFigure(d->plot, path);
}

QString ParetoPlot::toTsv() const
{
    QString text = QStringLiteral("plan\tmethod\tbytes\tkl\tlow\thigh\n");
    for (const auto& p : d->points)
        text += QStringList{p.name,
                            p.control ? tr("random control") : p.method,
                            QString::number(p.bytes),
                            format::exact(p.kl),
                            p.high > p.low ? format::exact(p.low) : QString(),
                            p.high > p.low ? format::exact(p.high) : QString()}
                    .join(QLatin1Char('\t')) +
                QLatin1Char('\n');
    return text;
}

} // namespace espalier::views
