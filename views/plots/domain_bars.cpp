// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/domain_bars.h"

#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace espalier::views {

namespace {

constexpr int kRow = 17;
constexpr int kName = 104;
constexpr int kNumber = 52;
constexpr int kFoot = 18;

} // namespace

DomainBars::DomainBars(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("Ratio to uniform by domain"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void DomainBars::setBars(QList<Bar> bars)
{
    m_bars = std::move(bars);
    QStringList texts;
    for (const Bar& bar : m_bars)
        texts << QStringLiteral("%1 %2").arg(bar.name, format::ratio(bar.value));
    setAccessibleDescription(texts.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

void DomainBars::setCurrent(int bar)
{
    m_current = bar;
    update();
}

QSize DomainBars::sizeHint() const
{
    return {260, static_cast<int>(m_bars.size()) * kRow + kFoot};
}

void DomainBars::paintEvent(QPaintEvent*)
{
    if (m_bars.isEmpty())
        return;
    QPainter painter(this);
    double most = 1;
    for (const Bar& bar : m_bars)
        if (std::isfinite(bar.value))
            most = std::max(most, bar.value + (std::isfinite(bar.half) ? bar.half : 0));
    const QRect track(kName, 0, width() - kName - kNumber, static_cast<int>(m_bars.size()) * kRow);
    const auto x = [&](double value) { return track.left() + track.width() * std::max(value, 0.0) / most; };
    for (int i = 0; i < m_bars.size(); ++i) {
        const Bar& bar = m_bars.at(i);
        const bool current = i == m_current;
        const int top = i * kRow;
        QFont font = Theme::font(TextStyle::Label);
        font.setWeight(current ? QFont::Medium : QFont::Normal);
        painter.setFont(font);
        painter.setPen(Theme::color(ColorRole::Text));
        painter.drawText(QRect(0, top, kName - 8, kRow), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(bar.name, Qt::ElideMiddle, kName - 8));
        painter.drawText(QRect(width() - kNumber, top, kNumber, kRow), Qt::AlignRight | Qt::AlignVCenter,
                         format::fixed(bar.value, 2));
        if (!std::isfinite(bar.value))
            continue;
        painter.fillRect(QRectF(track.left(), top + 4, std::max(1.0, x(bar.value) - track.left()), kRow - 8),
                         Theme::color(current ? ColorRole::Accent : ColorRole::StrongRule));
        if (std::isfinite(bar.half) && bar.half > 0) {
            painter.setPen(QPen(Theme::color(ColorRole::Text), 1));
            const double middle = top + kRow / 2.0;
            painter.drawLine(QPointF(x(bar.value - bar.half), middle), QPointF(x(bar.value + bar.half), middle));
        }
    }
    painter.setPen(QPen(Theme::color(ColorRole::Text), 1, Qt::DashLine));
    painter.drawLine(QPointF(x(1), 0), QPointF(x(1), track.bottom()));
    painter.setFont(Theme::font(TextStyle::Label));
    painter.setPen(Theme::color(ColorRole::TextSecond));
    painter.drawText(QRectF(x(1) - 60, track.bottom() + 1, 120, kFoot - 2), Qt::AlignHCenter | Qt::AlignVCenter,
                     tr("uniform"));
}

void DomainBars::mousePressEvent(QMouseEvent* event)
{
    const int bar = event->position().toPoint().y() / kRow;
    if (bar >= 0 && bar < m_bars.size())
        emit chosen(bar);
}

} // namespace espalier::views
