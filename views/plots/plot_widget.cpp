// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/plot_widget.h"

#include "views/plots/figure_file.h"
#include "views/plots/plot_theme.h"
#include "views/theme/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>

#include <qcustomplot.h>

namespace espalier::views {
namespace {

constexpr double kFocusFrame = 2; // the margin around the plot

} // namespace

PlotWidget::PlotWidget(QSize least, QWidget* parent) : QWidget(parent), m_plot(new QCustomPlot)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(3, 3, 3, 3);
    m_plot->setFocusPolicy(Qt::NoFocus);
    m_plot->setMinimumSize(least);
    m_plot->installEventFilter(this);
    layout->addWidget(m_plot);
    setFocusPolicy(Qt::StrongFocus);
}

void PlotWidget::begin()
{
    m_plot->clearPlottables();
    m_plot->clearItems();
    applyPlotTheme(m_plot);
}

void PlotWidget::finish()
{
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void PlotWidget::replotNow()
{
    m_plot->replot(QCustomPlot::rpImmediateRefresh);
}

QString PlotWidget::exportFigure(const QString& path) const
{
    return writeFigure(m_plot, path);
}

/// The focus is a frame around the plot, not a part of it: figures are written without.
void PlotWidget::paintEvent(QPaintEvent* event)
{
    QWidget::paintEvent(event);
    if (!hasFocus())
        return;
    QPainter painter(this);
    painter.setPen(QPen(Theme::color(ColorRole::Accent), kFocusFrame));
    painter.drawRect(QRectF(rect()).adjusted(kFocusFrame / 2, kFocusFrame / 2, -kFocusFrame / 2, -kFocusFrame / 2));
}

void PlotWidget::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        rebuild();
}

void PlotWidget::keyPressEvent(QKeyEvent* event)
{
    const int at = currentPoint(), last = points() - 1;
    const int next = event->key() == Qt::Key_Left    ? std::max(0, at - 1)
                     : event->key() == Qt::Key_Right ? std::min(last, at + 1)
                     : event->key() == Qt::Key_Home  ? 0
                     : event->key() == Qt::Key_End   ? last
                                                     : -1;
    if (next < 0 || last < 0)
        QWidget::keyPressEvent(event);
    else
        choosePoint(next);
}

bool PlotWidget::eventFilter(QObject* watched, QEvent* event)
{
    const bool hover = event->type() == QEvent::ToolTip;
    if (watched != m_plot || (!hover && event->type() != QEvent::MouseButtonPress))
        return QWidget::eventFilter(watched, event);
    const double x =
        hover ? static_cast<QHelpEvent*>(event)->pos().x() : static_cast<QMouseEvent*>(event)->position().x();
    const int point = pointAt(x);
    if (!hover)
        setFocus(Qt::MouseFocusReason);
    if (point < 0 || point >= points())
        return false;
    if (hover)
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), pointText(point), this);
    else
        choosePoint(point);
    return true;
}

} // namespace espalier::views
