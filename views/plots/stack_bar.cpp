// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/stack_bar.h"

#include "views/theme/format.h"

#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>

namespace espalier::views {

namespace {

constexpr int kLineRoom = 20; // above the bar, for the names of the lines
constexpr int kBarHeight = 28;
constexpr int kLegendGap = 8;
constexpr int kLegendSpace = 20; // between entries
constexpr int kLegendHeight = 18;

/// Black or white, whichever reads better on the colour.
QColor inkOn(const QColor& ground)
{
    const double luma = 0.299 * ground.redF() + 0.587 * ground.greenF() + 0.114 * ground.blueF();
    return luma > 0.55 ? QColor(0x19, 0x1D, 0x22) : QColor(Qt::white);
}

} // namespace

QBrush hatchBrush(const QColor& color)
{
    QImage tile(8, 8, QImage::Format_ARGB32_Premultiplied);
    tile.fill(Qt::transparent);
    QPainter painter(&tile);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color, 1.4));
    for (const int shift : {-8, 0, 8})
        painter.drawLine(shift, 8, shift + 8, 0);
    return QBrush(tile);
}

StackBar::StackBar(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Memory"));
}

void StackBar::setParts(const QList<StackPart>& parts)
{
    m_parts = parts;
    describe();
}

void StackBar::setRemoved(std::uint64_t bytes)
{
    m_removed = bytes;
    describe();
}

void StackBar::setLines(const QList<StackLine>& lines)
{
    m_lines = lines;
    describe();
}

std::uint64_t StackBar::total() const
{
    std::uint64_t sum = 0;
    for (const auto& part : m_parts)
        sum += part.bytes;
    return sum;
}

std::optional<std::uint64_t> StackBar::limit() const
{
    for (const auto& line : m_lines)
        if (line.limit)
            return line.bytes;
    return std::nullopt;
}

bool StackBar::isOver() const
{
    return limit() && total() > *limit();
}

std::uint64_t StackBar::scale() const
{
    std::uint64_t most = total() + m_removed;
    // A line far beyond everything would squeeze the bar: it is drawn at the edge instead.
    for (const auto& line : m_lines)
        most = std::max(most, std::min<std::uint64_t>(line.bytes + line.bytes / 20, 2 * most));
    return std::max<std::uint64_t>(most, 1);
}

int StackBar::unit() const
{
    return format::byteUnitFor(total() + m_removed);
}

QRectF StackBar::barRect() const
{
    return {0.5, static_cast<double>(kLineRoom) + 0.5, width() - 1.0, static_cast<double>(kBarHeight)};
}

double StackBar::position(std::uint64_t bytes) const
{
    const QRectF bar = barRect();
    const double share = static_cast<double>(bytes) / static_cast<double>(scale());
    return bar.left() + bar.width() * std::min(share, 1.0);
}

QRectF StackBar::partRect(int part) const
{
    std::uint64_t before = 0;
    for (int i = 0; i < part; ++i)
        before += m_parts[i].bytes;
    const double left = position(before);
    return {left, barRect().top(), position(before + m_parts[part].bytes) - left, barRect().height()};
}

QSize StackBar::sizeHint() const
{
    return {480, kLineRoom + kBarHeight + kLegendGap + kLegendHeight + 2};
}

QSize StackBar::minimumSizeHint() const
{
    return {240, sizeHint().height()};
}

void StackBar::describe()
{
    QStringList words;
    for (const auto& part : m_parts)
        words << part.label + QLatin1Char(' ') + format::bytes(part.bytes);
    if (m_removed > 0)
        words << tr("removed %1").arg(format::bytes(m_removed));
    for (const auto& line : m_lines)
        words << line.label + QLatin1Char(' ') + format::bytes(line.bytes);
    if (isOver())
        words << tr("over by %1").arg(format::bytes(total() - *limit()));
    setAccessibleDescription(words.join(QStringLiteral(", ")));
    update();
}

void StackBar::paintLines(QPainter& painter) const
{
    const QRectF bar = barRect();
    painter.setFont(Theme::font(TextStyle::Label));
    const QFontMetrics metrics(painter.font());
    for (const auto& line : m_lines) {
        const QColor color = Theme::color(line.limit ? ColorRole::Danger : ColorRole::TextSecond);
        const double x = std::min(position(line.bytes), bar.right() - 1);
        painter.setPen(QPen(color, line.limit ? 2 : 1));
        painter.drawLine(QPointF(x, bar.top() - 6), QPointF(x, bar.bottom() + 4));
        const QString text = line.label + QLatin1Char(' ') + format::bytes(line.bytes);
        const int wide = metrics.horizontalAdvance(text);
        const double left = x + 6 + wide > width() ? x - 6 - wide : x + 6;
        painter.drawText(QPointF(left, bar.top() - 6), text);
    }
}

QString StackBar::partText(const StackPart& part) const
{
    return part.label + QLatin1Char(' ') + format::bytesIn(part.bytes, unit());
}

/// A hatched part carries no text: it would not be readable.
bool StackBar::isLabelled(int part, const QFontMetrics& metrics) const
{
    return !m_parts[part].estimate && metrics.horizontalAdvance(partText(m_parts[part])) + 16 < partRect(part).width();
}

void StackBar::paintLegend(QPainter& painter) const
{
    const QFontMetrics metrics(painter.font());
    const auto text = [this](const StackPart& part) {
        return part.estimate ? tr("%1, estimate").arg(partText(part)) : partText(part);
    };
    int needed = -kLegendSpace;
    for (const auto& part : m_parts)
        needed += 16 + metrics.horizontalAdvance(text(part)) + kLegendSpace;
    double x = 0;
    const double top = barRect().bottom() + kLegendGap;
    for (int i = 0; i < m_parts.size(); ++i) {
        // Where not all fit, those that are named inside the bar can go.
        if (needed > width() && isLabelled(i, metrics))
            continue;
        const StackPart& part = m_parts[i];
        const QRectF swatch(x, top + 4, 10, 10);
        const QColor color = Theme::color(part.color);
        painter.fillRect(swatch, part.estimate ? hatchBrush(color) : QBrush(color));
        if (part.estimate) {
            painter.setPen(color);
            painter.drawRect(swatch.adjusted(0.5, 0.5, -0.5, -0.5));
        }
        painter.setPen(Theme::color(ColorRole::TextSecond));
        painter.drawText(QPointF(x + 16, top + 4 + metrics.ascent() - 2), text(part));
        x += 16 + metrics.horizontalAdvance(text(part)) + kLegendSpace;
    }
}

void StackBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setFont(Theme::font(TextStyle::Label));
    const QFontMetrics metrics(painter.font());
    const QRectF bar = barRect();
    for (int i = 0; i < m_parts.size(); ++i) {
        const QRectF part = partRect(i);
        const QColor color = Theme::color(m_parts[i].color);
        painter.fillRect(part, m_parts[i].estimate ? hatchBrush(color) : QBrush(color));
        if (m_parts[i].estimate) {
            painter.setPen(color);
            painter.drawRect(part.adjusted(0, 0, -1, -1));
        } else if (isLabelled(i, metrics)) {
            painter.setPen(inkOn(color));
            painter.drawText(part.adjusted(8, 0, -8, 0), Qt::AlignVCenter | Qt::AlignLeft, partText(m_parts[i]));
        }
        if (i > 0) {
            painter.setPen(Theme::color(ColorRole::Work));
            painter.drawLine(part.topLeft(), part.bottomLeft());
        }
    }
    const double end = position(total());
    if (m_removed > 0) {
        const QRectF removed(end, bar.top(), position(total() + m_removed) - end, bar.height());
        painter.setPen(QPen(Theme::color(ColorRole::ControlEdge), 1, Qt::DashLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(removed.adjusted(0, 0, -1, -1));
        const QString text = tr("removed %1").arg(format::bytesIn(m_removed, unit()));
        if (metrics.horizontalAdvance(text) + 16 < removed.width()) {
            painter.setPen(Theme::color(ColorRole::TextSecond));
            painter.drawText(removed.adjusted(8, 0, -8, 0), Qt::AlignVCenter | Qt::AlignRight, text);
        }
    }
    if (isOver()) {
        const double from = position(*limit());
        const QRectF over(from, bar.top(), std::max(end - from, 2.0), bar.height());
        painter.fillRect(over, Theme::color(ColorRole::DangerSoft));
        painter.fillRect(over, hatchBrush(Theme::color(ColorRole::Danger)));
        painter.setPen(Theme::color(ColorRole::Danger));
        painter.drawRect(over.adjusted(0, 0, -1, -1));
    }
    paintLines(painter);
    paintLegend(painter);
}

bool StackBar::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        for (int i = 0; i < m_parts.size(); ++i)
            if (partRect(i).contains(help->pos())) {
                QToolTip::showText(help->globalPos(), m_parts[i].label + QLatin1Char(' ') +
                                                          format::bytes(m_parts[i].bytes) + QStringLiteral(" (") +
                                                          format::count(static_cast<std::int64_t>(m_parts[i].bytes)) +
                                                          QStringLiteral(" B)"));
                return true;
            }
        QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

} // namespace espalier::views
