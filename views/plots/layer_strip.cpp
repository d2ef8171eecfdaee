// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/layer_strip.h"

#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace espalier::views {

namespace {

constexpr int kBar = 44;
constexpr int kColumn = 44;
constexpr int kTextHeight = 15; // lower rows show bars only
constexpr int kHeadHeight = 18;
constexpr int kLeft = 8;

} // namespace

LayerStrip::LayerStrip(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("Concentration per layer"));
    setFixedWidth(sizeHint().width());
}

QSize LayerStrip::sizeHint() const
{
    return {kLeft + kBar + 4 * kColumn + 8, 120};
}

void LayerStrip::setRowGeometry(std::function<QRect(int)> geometry)
{
    m_geometry = std::move(geometry);
    update();
}

void LayerStrip::setRows(std::vector<stats::LayerConcentration> rows, std::vector<int> layers)
{
    m_rows = std::move(rows);
    m_layers = std::move(layers);
    update();
}

void LayerStrip::setCurrentRow(int row)
{
    m_current = row;
    setAccessibleDescription(describe(row));
    update();
}

QString LayerStrip::describe(int row) const
{
    if (row < 0 || row >= static_cast<int>(m_rows.size()))
        return {};
    const auto& layer = m_rows[static_cast<std::size_t>(row)];
    if (layer.dead < 0)
        return tr("Layer %1: not measured").arg(m_layers[static_cast<std::size_t>(row)]);
    return tr("Layer %1: entropy %2 of its maximum, as spread as %3 equally used experts, Gini %4, %n dead expert(s)",
              nullptr, layer.dead)
        .arg(m_layers[static_cast<std::size_t>(row)])
        .arg(format::percent(layer.entropyShare, 0), format::fixed(layer.effectiveExperts, 1),
             format::fixed(layer.gini, 2));
}

int LayerStrip::rowAt(const QPoint& position) const
{
    for (int row = 0; m_geometry && row < static_cast<int>(m_rows.size()); ++row)
        if (const QRect extent = m_geometry(row); position.y() >= extent.top() && position.y() <= extent.bottom())
            return row;
    return -1;
}

void LayerStrip::paintEvent(QPaintEvent*)
{
    if (!m_geometry || m_rows.empty())
        return;
    QPainter painter(this);
    painter.setFont(Theme::font(TextStyle::Label));
    const auto column = [](int index, int top, int height) {
        return QRect(kLeft + kBar + index * kColumn, top, kColumn - 4, height);
    };
    const QRect first = m_geometry(0);
    const int headTop = std::max(0, first.top() - kHeadHeight - 2);
    painter.setPen(Theme::color(ColorRole::TextSecond));
    painter.drawText(QRect(kLeft, headTop, kBar + kColumn - 4, kHeadHeight), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("Entropy, %"));
    const QString heads[] = {tr("Eff."), tr("Gini"), tr("Dead")};
    for (int i = 0; i < 3; ++i)
        painter.drawText(column(i + 1, headTop, kHeadHeight), Qt::AlignRight | Qt::AlignVCenter, heads[i]);
    painter.setFont(Theme::font(TextStyle::Body));
    for (int row = 0; row < static_cast<int>(m_rows.size()); ++row) {
        const QRect extent = m_geometry(row);
        if (extent.isEmpty())
            continue;
        const auto& layer = m_rows[static_cast<std::size_t>(row)];
        if (row == m_current)
            painter.fillRect(QRect(0, extent.top(), width(), extent.height()), Theme::color(ColorRole::AccentSoft));
        const int thick = std::clamp(extent.height() - 1, 1, 6);
        const QRect track(kLeft, extent.center().y() - thick / 2, kBar, thick);
        painter.fillRect(track, Theme::color(ColorRole::Sunken));
        const int filled =
            layer.dead < 0 ? 0 : static_cast<int>(std::lround(kBar * std::clamp(layer.entropyShare, 0.0, 1.0)));
        painter.fillRect(QRect(track.left(), track.top(), filled, thick), Theme::color(ColorRole::TextSecond));
        if (extent.height() < kTextHeight)
            continue;
        painter.setPen(Theme::color(ColorRole::Text));
        const QString texts[] = {format::fixed(100 * layer.entropyShare, 0), format::fixed(layer.effectiveExperts, 1),
                                 format::fixed(layer.gini, 2),
                                 layer.dead < 0 ? format::unknown() : format::count(layer.dead)};
        for (int i = 0; i < 4; ++i)
            painter.drawText(column(i, extent.top(), extent.height()), Qt::AlignRight | Qt::AlignVCenter, texts[i]);
    }
}

void LayerStrip::mousePressEvent(QMouseEvent* event)
{
    if (const int row = rowAt(event->position().toPoint()); row >= 0)
        emit rowClicked(row);
}

bool LayerStrip::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(), describe(rowAt(help->pos())), this);
    return true;
}

} // namespace espalier::views
