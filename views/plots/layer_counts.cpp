// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/layer_counts.h"

#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QSpinBox>
#include <QToolTip>

#include <algorithm>
#include <numeric>

namespace espalier::views {

namespace {

constexpr int kBarWidth = 56;
constexpr int kFieldWidth = 44;
constexpr int kTextHeight = 16; // lower rows show bars only

} // namespace

LayerCounts::LayerCounts(QWidget* parent) : QWidget(parent), m_editor(new QSpinBox(this))
{
    setAccessibleName(tr("Experts kept per layer"));
    m_editor->hide();
    m_editor->setKeyboardTracking(false);
    connect(m_editor, &QSpinBox::editingFinished, this, [this] {
        const int row = std::exchange(m_editing, -1);
        m_editor->hide();
        if (row >= 0 && m_editor->value() != m_counts[static_cast<std::size_t>(row)])
            emit countEdited(row, m_editor->value());
    });
}

void LayerCounts::setRowGeometry(std::function<QRect(int)> geometry)
{
    m_geometry = std::move(geometry);
    update();
}

void LayerCounts::setCounts(std::vector<int> counts, int minimum, int maximum)
{
    m_counts = std::move(counts);
    m_minimum = minimum;
    m_maximum = std::max(maximum, 1);
    setAccessibleDescription(
        tr("%1 in all").arg(format::count(std::accumulate(m_counts.begin(), m_counts.end(), std::int64_t{0}))));
    update();
}

QSize LayerCounts::sizeHint() const
{
    return {kBarWidth + 8 + kFieldWidth, 120};
}

QRect LayerCounts::fieldRect(int row) const
{
    const QRect extent = m_geometry(row);
    const int height = std::min(extent.height() - 2, 22);
    return {kBarWidth + 8, extent.center().y() - height / 2, kFieldWidth, height};
}

int LayerCounts::rowAt(const QPoint& position) const
{
    for (int row = 0; m_geometry && row < static_cast<int>(m_counts.size()); ++row)
        if (const QRect extent = m_geometry(row); position.y() >= extent.top() && position.y() <= extent.bottom())
            return row;
    return -1;
}

void LayerCounts::edit(int row)
{
    if (!m_geometry || row < 0 || row >= static_cast<int>(m_counts.size()))
        return;
    m_editing = row;
    m_editor->setRange(m_minimum, m_maximum);
    m_editor->setValue(m_counts[static_cast<std::size_t>(row)]);
    const int middle = m_geometry(row).center().y();
    m_editor->setGeometry(kBarWidth + 2, std::clamp(middle - 14, 0, std::max(height() - 28, 0)),
                          width() - kBarWidth - 2, 28);
    m_editor->show();
    m_editor->setFocus();
    m_editor->selectAll();
}

void LayerCounts::paintEvent(QPaintEvent*)
{
    if (!m_geometry)
        return;
    QPainter painter(this);
    painter.setFont(Theme::font(TextStyle::Body));
    for (int row = 0; row < static_cast<int>(m_counts.size()); ++row) {
        const QRect extent = m_geometry(row);
        if (extent.isEmpty())
            continue;
        const int count = m_counts[static_cast<std::size_t>(row)];
        const int thick = std::clamp(extent.height() - 1, 1, 8);
        const QRect track(0, extent.center().y() - thick / 2, kBarWidth, thick);
        painter.fillRect(track, Theme::color(ColorRole::Sunken));
        painter.fillRect(QRect(track.left(), track.top(), kBarWidth * count / m_maximum, thick),
                         Theme::color(ColorRole::Accent));
        if (extent.height() < kTextHeight)
            continue;
        const QRect field = fieldRect(row);
        painter.setPen(Theme::color(ColorRole::ControlEdge));
        painter.setRenderHint(QPainter::Antialiasing);
        painter.drawRoundedRect(QRectF(field).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(Theme::color(ColorRole::Text));
        painter.drawText(field.adjusted(0, 0, -8, 0), Qt::AlignRight | Qt::AlignVCenter, format::count(count));
    }
}

void LayerCounts::mousePressEvent(QMouseEvent* event)
{
    edit(rowAt(event->position().toPoint()));
}

bool LayerCounts::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int row = rowAt(help->pos());
        if (row >= 0)
            QToolTip::showText(help->globalPos(), tr("%1 of %2 experts stay. Click to set the count.")
                                                      .arg(m_counts[static_cast<std::size_t>(row)])
                                                      .arg(m_maximum));
        return true;
    }
    return QWidget::event(event);
}

} // namespace espalier::views
