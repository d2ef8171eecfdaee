// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/likeness_matrix.h"

#include "views/plots/color_map.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace espalier::views {

namespace {

constexpr int kMost = 112;       // width of the names at the left
constexpr int kNumberWidth = 26; // smaller cells show no number

} // namespace

LikenessMatrix::LikenessMatrix(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Likeness of domains"));
}

void LikenessMatrix::setMatrix(QStringList names, std::vector<std::vector<double>> values)
{
    m_names = std::move(names);
    m_values = std::move(values);
    m_row = m_column = -1;
    update();
}

void LikenessMatrix::setPair(int row, int column)
{
    m_row = row;
    m_column = column;
    setAccessibleDescription(describe(row, column));
    update();
}

QRect LikenessMatrix::area() const
{
    const QFontMetrics metrics(Theme::font(TextStyle::Label));
    int left = 40;
    for (const QString& name : m_names)
        left = std::max(left, metrics.horizontalAdvance(name) + 8);
    left = std::min(left, kMost);
    const int below = std::min(left, height() / 3); // names at the bottom are set at an angle of 45 degrees
    const auto count = std::max<int>(1, static_cast<int>(m_names.size()));
    const int cellWidth = std::clamp((width() - left - 4) / count, 4, 56);
    const int cellHeight = std::clamp((height() - below - 4) / count, 4, 26);
    return {left, 2, cellWidth * count, cellHeight * count};
}

QRect LikenessMatrix::cellRect(int row, int column) const
{
    const QRect all = area();
    const auto count = std::max<int>(1, static_cast<int>(m_names.size()));
    const int wide = all.width() / count, high = all.height() / count;
    return {all.left() + column * wide, all.top() + row * high, wide, high};
}

QPoint LikenessMatrix::cellAt(const QPoint& position) const
{
    const QRect all = area();
    if (m_names.isEmpty() || !all.contains(position))
        return {-1, -1};
    const auto count = static_cast<int>(m_names.size());
    return {std::min(count - 1, (position.x() - all.left()) * count / all.width()),
            std::min(count - 1, (position.y() - all.top()) * count / all.height())};
}

QString LikenessMatrix::describe(int row, int column) const
{
    if (row < 0 || column < 0 || row >= m_names.size() || column >= m_names.size())
        return {};
    return tr("%1 and %2: %3")
        .arg(m_names.at(row), m_names.at(column),
             format::fixed(m_values[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)], 2));
}

void LikenessMatrix::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QFontMetrics metrics(Theme::font(TextStyle::Label));
    const auto count = static_cast<int>(m_names.size());
    const bool dark = Theme::isDark();
    for (int row = 0; row < count; ++row) {
        for (int column = 0; column < count; ++column) {
            const QRect cell = cellRect(row, column).adjusted(0, 0, -1, -1);
            if (row == column) {
                painter.fillRect(cell, Theme::color(ColorRole::Sunken));
                continue;
            }
            const double value = m_values[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
            const QRgb ground = mapColor(MapKind::Sequential, value, dark);
            painter.fillRect(cell, QColor(ground));
            if (cell.width() < kNumberWidth || cell.height() < metrics.height() - 2)
                continue;
            painter.setFont(Theme::font(TextStyle::Label));
            painter.setPen(qGray(ground) > 140 ? Qt::black : Qt::white);
            painter.drawText(cell, Qt::AlignCenter, format::fixed(value, 2).mid(1)); // ".38": the 0 says nothing
        }
        const bool chosen = row == m_row || row == m_column;
        QFont font = Theme::font(TextStyle::Label);
        font.setWeight(chosen ? QFont::Medium : QFont::Normal);
        painter.setFont(font);
        painter.setPen(Theme::color(ColorRole::Text));
        const QRect cell = cellRect(row, 0);
        const QString name = painter.fontMetrics().elidedText(m_names.at(row), Qt::ElideMiddle, cell.left() - 6);
        painter.drawText(QRect(0, cell.top(), cell.left() - 6, cell.height()), Qt::AlignRight | Qt::AlignVCenter, name);
        painter.save();
        painter.translate(cellRect(count - 1, row).center().x() + 4, area().bottom() + 8);
        painter.rotate(-45);
        painter.drawText(QRect(-140, 0, 140, metrics.height()), Qt::AlignRight | Qt::AlignTop,
                         painter.fontMetrics().elidedText(m_names.at(row), Qt::ElideMiddle, 120));
        painter.restore();
    }
    if (m_row >= 0 && m_column >= 0 && m_row < count && m_column < count) {
        painter.setPen(QPen(Theme::color(ColorRole::Text), 2));
        painter.drawRect(cellRect(m_row, m_column).adjusted(0, 0, -2, -2));
        painter.drawRect(cellRect(m_column, m_row).adjusted(0, 0, -2, -2));
    }
    if (hasFocus()) {
        painter.setPen(QPen(Theme::color(ColorRole::Accent), 2));
        painter.drawRect(area().adjusted(-1, -1, 0, 0));
    }
}

void LikenessMatrix::mousePressEvent(QMouseEvent* event)
{
    if (const QPoint cell = cellAt(event->position().toPoint()); cell.x() >= 0 && cell.x() != cell.y())
        emit pairChosen(cell.y(), cell.x());
}

void LikenessMatrix::keyPressEvent(QKeyEvent* event)
{
    int row = std::max(0, m_row), column = std::max(0, m_column);
    const auto last = static_cast<int>(m_names.size()) - 1;
    switch (event->key()) {
    case Qt::Key_Up:
        row -= row - 1 == column ? 2 : 1;
        break;
    case Qt::Key_Down:
        row += row + 1 == column ? 2 : 1;
        break;
    case Qt::Key_Left:
        column -= column - 1 == row ? 2 : 1;
        break;
    case Qt::Key_Right:
        column += column + 1 == row ? 2 : 1;
        break;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    if (row >= 0 && column >= 0 && row <= last && column <= last && row != column)
        emit pairChosen(row, column);
}

bool LikenessMatrix::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QPoint cell = cellAt(help->pos());
    QToolTip::showText(help->globalPos(), describe(cell.y(), cell.x()), this);
    return true;
}

} // namespace espalier::views
