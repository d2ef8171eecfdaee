// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/heatmap_widget.h"

#include "views/plots/color_bar.h"
#include "views/plots/heatmap_export.h"
#include "views/plots/heatmap_paint.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <QToolTip>
#include <QVBoxLayout>
#include <QWindow>

#include <algorithm>
#include <cmath>

#include <qcustomplot.h>

namespace espalier::views {
namespace {

constexpr int kTooltipDelay = 400;
constexpr int kMinimumCell = 3;

/// An item that paints itself by a function; no positions, no selection.
class PaintedItem : public QCPAbstractItem {
public:
    PaintedItem(QCustomPlot* plot, const QString& layer, std::function<void(QPainter&)> paint)
        : QCPAbstractItem(plot), m_paint(std::move(paint))
    {
        setLayer(layer);
        setClipToAxisRect(false);
        setSelectable(false);
    }
    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

protected:
    void draw(QCPPainter* painter) override
    {
        painter->setAntialiasing(
            false); // takes back the half pixel by which QCustomPlot shifts: cells are whole pixels
        m_paint(*painter);
    }

private:
    std::function<void(QPainter&)> m_paint;
};

} // namespace

struct HeatmapWidget::Private {
    HeatmapData data;
    ColorScale scale;
    QImage image;
    ColorBar* bar = nullptr;
    QScrollArea* scroll = nullptr;
    QCustomPlot* plot = nullptr;
    QLabel* caption = nullptr;
    QTimer tooltipTimer;
    QPoint cursor{-1, -1}, hover{-1, -1};
    QPoint pressed{-1, -1}; ///< cell where a drag began
    QRect block;            ///< cells being dragged over
    std::function<QString(int, int)> tooltip;

    [[nodiscard]] HeatmapGeometry geometry() const
    {
        return {plot->axisRect()->rect(), static_cast<int>(data.layers.size()), data.columns};
    }
    [[nodiscard]] double valueAt(const QPoint& cell) const
    {
        const auto at = static_cast<std::size_t>(cell.y()) * static_cast<std::size_t>(std::max(0, data.columns)) +
                        static_cast<std::size_t>(cell.x());
        return cell.x() >= 0 && at < data.values.size() ? data.values[at] : std::nan("");
    }
    void replotOverlay() const { plot->layer(QStringLiteral("cursor"))->replot(); }
    void paintOverlay(QPainter& painter, bool focus) const;
    void applyTheme() const;
    void buildAxes() const;
    void rebuildImage();
};

void HeatmapWidget::Private::paintOverlay(QPainter& painter, bool focus) const
{
    const HeatmapGeometry g = geometry();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setBrush(Qt::NoBrush);
    if (focus) {
        painter.setPen(QPen(Theme::color(ColorRole::Accent), 2));
        painter.drawRect(g.area.adjusted(-3, -3, 3, 3));
    }
    if (!block.isNull()) {
        const QRect area = g.cell(block.top(), block.left()).united(g.cell(block.bottom(), block.right()));
        painter.setPen(QPen(Theme::color(ColorRole::Accent), 2, Qt::DashLine));
        painter.drawRect(area.adjusted(0, 0, -1, -1));
    }
    if (hover.x() >= 0 && hover != cursor) {
        painter.setPen(QPen(Theme::color(ColorRole::Text), 1));
        painter.drawRect(g.cell(hover.y(), hover.x()).adjusted(-1, -1, 0, 0));
    }
    if (cursor.x() < 0)
        return;
    const QRect cell = g.cell(cursor.y(), cursor.x());
    painter.setPen(QPen(Qt::white, 1));
    painter.drawRect(cell.adjusted(-3, -3, 2, 2));
    painter.drawRect(cell.adjusted(0, 0, -1, -1));
    painter.setPen(QPen(Qt::black, 2));
    painter.drawRect(cell.adjusted(-1, -1, 1, 1));
    // Triangles on both axes find a small cell.
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::color(ColorRole::Text));
    const QPointF centre = QRectF(cell).center();
    const double left = g.area.left() - 6;
    const double bottom = g.area.bottom() + 7;
    painter.drawPolygon(
        QPolygonF{QPointF(left, centre.y()), QPointF(left - 5, centre.y() - 4), QPointF(left - 5, centre.y() + 4)});
    painter.drawPolygon(QPolygonF{QPointF(centre.x(), bottom), QPointF(centre.x() - 4, bottom + 5),
                                  QPointF(centre.x() + 4, bottom + 5)});
}

void HeatmapWidget::Private::applyTheme() const
{
    plot->setBackground(QBrush(Theme::color(ColorRole::Work)));
    for (QCPAxis* axis : {plot->xAxis, plot->yAxis}) {
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->grid()->setVisible(false);
        axis->setTickLabelFont(Theme::font(TextStyle::Label));
        axis->setLabelFont(Theme::font(TextStyle::Label));
        axis->setTickLabelColor(Theme::color(ColorRole::TextSecond));
        axis->setLabelColor(Theme::color(ColorRole::TextSecond));
        axis->setTickLabelPadding(12);
        axis->setLabelPadding(4);
    }
}

void HeatmapWidget::Private::buildAxes() const
{
    const auto ticker = [](int count, int most, auto label) {
        QSharedPointer<QCPAxisTickerText> ticks(new QCPAxisTickerText);
        const int step = tickStep(count, most);
        for (int i = 0; i < count; i += step)
            ticks->addTick(i, label(i));
        return ticks;
    };
    const int rows = static_cast<int>(data.layers.size());
    plot->xAxis->setTicker(ticker(data.columns, 9, [](int i) { return QString::number(i); }));
    plot->yAxis->setTicker(
        ticker(rows, 16, [this](int i) { return QString::number(data.layers[static_cast<std::size_t>(i)]); }));
    plot->xAxis->setRange(-0.5, data.columns - 0.5);
    plot->yAxis->setRange(-0.5, rows - 0.5);
    plot->setMinimumSize(std::max(200, data.columns * kMinimumCell + 60), std::max(120, rows * kMinimumCell + 60));
}

void HeatmapWidget::Private::rebuildImage()
{
    image = heatmapImage(data, scale, HeatmapColors::forTheme(Theme::isDark()));
}

HeatmapWidget::HeatmapWidget(QWidget* parent) : QWidget(parent), d(std::make_unique<Private>())
{
    setFocusPolicy(Qt::StrongFocus);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(grid::kInsideGap);
    d->bar = new ColorBar(this);
    layout->addWidget(d->bar);
    d->scroll = new QScrollArea(this);
    d->scroll->setWidgetResizable(true);
    d->scroll->setFrameShape(QFrame::NoFrame);
    d->scroll->setFocusPolicy(Qt::NoFocus);
    d->plot = new QCustomPlot;
    d->scroll->setWidget(d->plot);
    layout->addWidget(d->scroll, 1);
    d->caption = new QLabel(this);
    d->caption->setTextFormat(Qt::PlainText);
    d->caption->setWordWrap(true);
    Theme::setTextStyle(d->caption, TextStyle::Label, ColorRole::TextSecond);
    layout->addWidget(d->caption);

    d->plot->setFocusPolicy(Qt::NoFocus);
    d->plot->setMouseTracking(true);
    d->plot->installEventFilter(this);
    d->plot->yAxis->setRangeReversed(true);
    d->plot->axisRect()->setMinimumMargins(QMargins(24, 8, 8, 24));
    d->plot->addLayer(QStringLiteral("cursor"));
    d->plot->layer(QStringLiteral("cursor"))->setMode(QCPLayer::lmBuffered);
    new PaintedItem(d->plot, QStringLiteral("main"), [this](QPainter& painter) {
        paintHeatmap(painter, d->geometry(), d->data, d->image, HeatmapColors::forTheme(Theme::isDark()), false);
    });
    new PaintedItem(d->plot, QStringLiteral("cursor"),
                    [this](QPainter& painter) { d->paintOverlay(painter, hasFocus()); });
    d->applyTheme();
    d->tooltipTimer.setSingleShot(true);
    d->tooltipTimer.setInterval(kTooltipDelay);
    connect(&d->tooltipTimer, &QTimer::timeout, this, &HeatmapWidget::showToolTip);
    connect(d->plot, &QCustomPlot::afterReplot, this, &HeatmapWidget::geometryChanged);
    for (QScrollBar* bar : {d->scroll->horizontalScrollBar(), d->scroll->verticalScrollBar()})
        connect(bar, &QScrollBar::valueChanged, this, &HeatmapWidget::geometryChanged);
}

HeatmapWidget::~HeatmapWidget() = default;

void HeatmapWidget::setData(HeatmapData data)
{
    const bool axes = data.layers != d->data.layers || data.columns != d->data.columns;
    d->data = std::move(data);
    d->scale = heatmapScale(d->data);
    d->rebuildImage();
    if (axes) {
        d->buildAxes();
        d->hover = {-1, -1};
        if (d->cursor.y() >= static_cast<int>(d->data.layers.size()) || d->cursor.x() >= d->data.columns)
            d->cursor = {-1, -1};
    }
    d->plot->xAxis->setLabel(columnTitleOf(d->data));
    d->plot->yAxis->setLabel(rowTitleOf(d->data));
    d->bar->setData(colorBarData(d->data, d->scale));
    d->bar->setMarked(d->valueAt(d->cursor));
    d->caption->setText(d->data.caption);
    d->caption->setVisible(!d->data.caption.isEmpty());
    setAccessibleName(d->data.title);
    describeCursor();
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

const HeatmapData& HeatmapWidget::data() const
{
    return d->data;
}

void HeatmapWidget::setMarks(std::vector<std::uint8_t> marks)
{
    d->data.marks = std::move(marks);
    d->rebuildImage();
    d->bar->setData(colorBarData(d->data, d->scale));
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

int HeatmapWidget::rowOf(int layer) const
{
    const auto& layers = d->data.layers;
    const auto found = std::find(layers.begin(), layers.end(), layer);
    return found == layers.end() ? -1 : static_cast<int>(found - layers.begin());
}

void HeatmapWidget::setCursorCell(int row, int column)
{
    const int rows = static_cast<int>(d->data.layers.size());
    if (rows == 0 || d->data.columns == 0)
        return;
    const QPoint cell(std::clamp(column, 0, d->data.columns - 1), std::clamp(row, 0, rows - 1));
    if (cell == d->cursor)
        return;
    d->cursor = cell;
    d->bar->setMarked(d->valueAt(cell));
    d->replotOverlay();
    describeCursor();
    const QRect area = d->geometry().cell(cell.y(), cell.x());
    d->scroll->ensureVisible(area.center().x(), area.center().y(), area.width() + 24, area.height() + 24);
    emit cursorMoved(cell.y(), cell.x());
}

QPoint HeatmapWidget::cursorCell() const
{
    return d->cursor;
}

void HeatmapWidget::setToolTipProvider(std::function<QString(int row, int column)> provider)
{
    d->tooltip = std::move(provider);
}

QRect HeatmapWidget::cellRect(int row, int column) const
{
    const QRect cell = d->geometry().cell(row, column);
    return cell.isEmpty() ? QRect() : cell.translated(d->plot->mapTo(this, QPoint(0, 0)));
}

QPoint HeatmapWidget::cellAt(const QPoint& position) const
{
    return d->geometry().cellAt(d->plot->mapFrom(this, position));
}

void HeatmapWidget::describeCursor()
{
    if (d->cursor.x() < 0)
        return;
    setAccessibleDescription(d->tooltip ? d->tooltip(d->cursor.y(), d->cursor.x()) : QString());
}

void HeatmapWidget::showToolTip()
{
    if (d->hover.x() < 0 || !d->tooltip || !d->plot->underMouse())
        return;
    const QString text = d->tooltip(d->hover.y(), d->hover.x());
    const QRect cell = d->geometry().cell(d->hover.y(), d->hover.x());
    // Below the cell, never over it.
    QToolTip::showText(d->plot->mapToGlobal(cell.bottomLeft() + QPoint(0, 6)), text, d->plot);
}

void HeatmapWidget::setHover(const QPoint& cell)
{
    if (cell == d->hover)
        return;
    d->hover = cell;
    d->replotOverlay();
    QToolTip::hideText();
    if (cell.x() >= 0)
        d->tooltipTimer.start();
    else
        d->tooltipTimer.stop();
    emit hovered(cell.y(), cell.x());
}

bool HeatmapWidget::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != d->plot)
        return QWidget::eventFilter(watched, event);
    const auto position = [event] { return static_cast<QMouseEvent*>(event)->position().toPoint(); };
    switch (event->type()) {
    case QEvent::MouseMove: {
        const QPoint cell = d->geometry().cellAt(position());
        setHover(cell);
        if (d->pressed.x() >= 0 && cell.x() >= 0 && cell != d->pressed) {
            d->block = QRect(QPoint(std::min(cell.x(), d->pressed.x()), std::min(cell.y(), d->pressed.y())),
                             QPoint(std::max(cell.x(), d->pressed.x()), std::max(cell.y(), d->pressed.y())));
            d->replotOverlay();
        }
        break;
    }
    case QEvent::MouseButtonPress:
        if (static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton) {
            setFocus(Qt::MouseFocusReason);
            d->pressed = d->geometry().cellAt(position());
            d->block = {};
            if (d->pressed.x() >= 0)
                setCursorCell(d->pressed.y(), d->pressed.x());
        }
        break;
    case QEvent::MouseButtonRelease:
        if (d->pressed.x() >= 0 && !d->block.isNull()) {
            const QRect block = d->block;
            d->block = {};
            d->replotOverlay();
            emit blockSelected(block);
        }
        d->pressed = {-1, -1};
        break;
    case QEvent::MouseButtonDblClick: {
        const QPoint cell = d->geometry().cellAt(position());
        if (cell.x() >= 0)
            emit cellActivated(cell.y(), cell.x());
        break;
    }
    case QEvent::Leave:
        setHover({-1, -1});
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

void HeatmapWidget::keyPressEvent(QKeyEvent* event)
{
    const int rows = static_cast<int>(d->data.layers.size());
    if (rows == 0 || (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier)) != 0) {
        QWidget::keyPressEvent(event);
        return;
    }
    const QPoint at = d->cursor.x() < 0 ? QPoint(0, 0) : d->cursor;
    switch (event->key()) {
    case Qt::Key_Left:
        setCursorCell(at.y(), at.x() - (d->cursor.x() < 0 ? 0 : 1));
        return;
    case Qt::Key_Right:
        setCursorCell(at.y(), at.x() + (d->cursor.x() < 0 ? 0 : 1));
        return;
    case Qt::Key_Up:
        setCursorCell(at.y() - (d->cursor.x() < 0 ? 0 : 1), at.x());
        return;
    case Qt::Key_Down:
        setCursorCell(at.y() + (d->cursor.x() < 0 ? 0 : 1), at.x());
        return;
    case Qt::Key_Home:
        setCursorCell(at.y(), 0);
        return;
    case Qt::Key_End:
        setCursorCell(at.y(), d->data.columns - 1);
        return;
    case Qt::Key_PageUp:
        setCursorCell(at.y() - 8, at.x());
        return;
    case Qt::Key_PageDown:
        setCursorCell(at.y() + 8, at.x());
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        emit cellActivated(at.y(), at.x());
        return;
    case Qt::Key_Space:
        emit toggleRequested(at.y(), at.x());
        return;
    case Qt::Key_L:
        emit lockRequested(at.y(), at.x());
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void HeatmapWidget::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    d->replotOverlay();
}

void HeatmapWidget::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    d->replotOverlay();
}

void HeatmapWidget::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        d->applyTheme();
        d->rebuildImage();
        d->plot->replot(QCustomPlot::rpQueuedReplot);
    }
}

void HeatmapWidget::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    // QCustomPlot 2.1.0 does not follow a move to a screen of another pixel ratio by itself.
    if (QWindow* handle = window()->windowHandle())
        connect(handle, &QWindow::screenChanged, this, &HeatmapWidget::screenChanged, Qt::UniqueConnection);
    screenChanged();
}

void HeatmapWidget::screenChanged()
{
    if (d->plot->bufferDevicePixelRatio() == devicePixelRatioF())
        return;
    d->plot->setBufferDevicePixelRatio(devicePixelRatioF());
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

void HeatmapWidget::replotNow()
{
    d->plot->replot(QCustomPlot::rpImmediateRefresh);
}

QString HeatmapWidget::exportFigure(const QString& path) const
{
    return writeHeatmapFigure(d->data, path);
}

QString HeatmapWidget::toTsv() const
{
    QString text = d->data.rowTitle.isEmpty() ? QStringLiteral("layer") : d->data.rowTitle;
    for (int column = 0; column < d->data.columns; ++column)
        text += QStringLiteral("\t%1").arg(column);
    text += QLatin1Char('\n');
    for (std::size_t row = 0; row < d->data.layers.size(); ++row) {
        text += QString::number(d->data.layers[row]);
        for (int column = 0; column < d->data.columns; ++column)
            text += QLatin1Char('\t') + format::exact(d->valueAt({column, static_cast<int>(row)}));
        text += QLatin1Char('\n');
    }
    return text;
}

} // namespace espalier::views
