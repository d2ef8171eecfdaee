// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/device_bars.h"

#include "views/plots/stack_bar.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <utility>

namespace espalier::views {
namespace {

constexpr int kRow = 20;
constexpr int kName = 196;   // "Device 1, layers 0 to 23"
constexpr int kNumber = 168; // "21.33 of 24.00 GiB"

} // namespace

DeviceBars::DeviceBars(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("Memory by device"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void DeviceBars::setRows(QList<Row> rows)
{
    m_rows = std::move(rows);
    QStringList texts;
    for (const Row& row : m_rows)
        texts << rowText(row);
    setAccessibleDescription(texts.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

QString DeviceBars::rowText(const Row& row) const
{
    return tr("%1, %2: experts %3, other weights %4, cache %5, workspace %6, %7 of %8")
        .arg(row.name, row.layers, format::bytes(row.experts), format::bytes(row.weights), format::bytes(row.cache),
             format::bytes(row.workspace), format::bytes(row.need()), format::bytes(row.memory));
}

double DeviceBars::position(std::uint64_t bytes) const
{
    std::uint64_t most = 1;
    for (const Row& row : m_rows)
        most = std::max({most, row.memory, row.need()});
    const double room = std::max(width() - kName - kNumber - 2, 20);
    return kName + room * static_cast<double>(bytes) / static_cast<double>(most);
}

QSize DeviceBars::sizeHint() const
{
    return {480, static_cast<int>(m_rows.size()) * kRow + 2};
}

void DeviceBars::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setFont(Theme::font(TextStyle::Label));
    for (int i = 0; i < m_rows.size(); ++i) {
        const Row& row = m_rows.at(i);
        const int top = i * kRow;
        painter.setPen(Theme::color(ColorRole::Text));
        painter.drawText(QRect(0, top, kName - 8, kRow), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(QStringLiteral("%1, %2").arg(row.name, row.layers),
                                                          Qt::ElideMiddle, kName - 8));
        const std::array<std::pair<std::uint64_t, ColorRole>, 3> solid{{{row.experts, ColorRole::SeriesBlue},
                                                                        {row.weights, ColorRole::ControlEdge},
                                                                        {row.cache, ColorRole::SeriesOrange}}};
        std::uint64_t before = 0;
        const auto span = [&](std::uint64_t bytes) {
            const double left = position(before), right = position(before += bytes);
            return QRectF(left, top + 4, right - left, kRow - 8);
        };
        for (const auto& [bytes, color] : solid)
            painter.fillRect(span(bytes), Theme::color(color));
        painter.fillRect(span(row.workspace), hatchBrush(Theme::color(ColorRole::TextThird)));
        const double limit = position(row.memory);
        if (row.over()) {
            const QRectF beyond(limit, top + 4, position(row.need()) - limit, kRow - 8);
            painter.fillRect(beyond, Theme::color(ColorRole::DangerSoft));
            painter.fillRect(beyond, hatchBrush(Theme::color(ColorRole::Danger)));
        }
        painter.setPen(QPen(Theme::color(row.over() ? ColorRole::Danger : ColorRole::TextSecond), row.over() ? 2 : 1));
        painter.drawLine(QPointF(limit, top + 2), QPointF(limit, top + kRow - 2));
        const int unit = format::byteUnitFor(row.memory);
        painter.drawText(QRect(width() - kNumber + 8, top, kNumber - 8, kRow), Qt::AlignRight | Qt::AlignVCenter,
                         tr("%1 of %2").arg(format::bytesIn(row.need(), unit), format::bytes(row.memory)));
    }
}

bool DeviceBars::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int row = help->pos().y() / kRow;
        if (row >= 0 && row < m_rows.size())
            QToolTip::showText(help->globalPos(), rowText(m_rows.at(row)));
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

} // namespace espalier::views
