// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/plots/small_multiples.h"

#include "views/theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace espalier::views {

namespace {

constexpr int kTileWidth = 132; // at least
constexpr int kGap = 20;
constexpr int kNameHeight = 20;
constexpr int kImageHeight = 60;
constexpr int kRowGap = 12;
constexpr int kRow = kNameHeight + kImageHeight + kRowGap;

} // namespace

SmallMultiples::SmallMultiples(QWidget* parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("All domains, same scale"));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void SmallMultiples::setTiles(QList<Tile> tiles)
{
    m_tiles = std::move(tiles);
    m_current = std::min(m_current, count() - 1);
    updateGeometry();
    update();
}

void SmallMultiples::setImage(int tile, QImage image)
{
    if (tile < 0 || tile >= count())
        return;
    m_tiles[tile].image = std::move(image);
    update(tileRect(tile));
}

void SmallMultiples::setCurrent(int tile)
{
    m_current = tile;
    setAccessibleDescription(tile >= 0 && tile < count() ? m_tiles.at(tile).name : QString());
    update();
}

int SmallMultiples::columns(int width) const
{
    const int most = std::max(1, (width + kGap) / (kTileWidth + kGap));
    // Rows of equal length look calmer than a last row of one.
    const int rows = (count() + most - 1) / std::max(most, 1);
    return rows > 0 ? std::max(1, (count() + rows - 1) / rows) : most;
}

int SmallMultiples::heightForWidth(int width) const
{
    const int across = columns(width);
    return std::max(1, (count() + across - 1) / across) * kRow - kRowGap + 4;
}

QSize SmallMultiples::minimumSizeHint() const
{
    return {kTileWidth, kRow};
}

QRect SmallMultiples::tileRect(int tile) const
{
    const int across = columns(width());
    const int wide = (width() - (across - 1) * kGap) / across;
    return {(tile % across) * (wide + kGap), (tile / across) * kRow, wide, kNameHeight + kImageHeight + 2};
}

int SmallMultiples::tileAt(const QPoint& position) const
{
    for (int tile = 0; tile < count(); ++tile)
        if (tileRect(tile).contains(position))
            return tile;
    return -1;
}

void SmallMultiples::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    for (int i = 0; i < count(); ++i) {
        const Tile& tile = m_tiles.at(i);
        const QRect area = tileRect(i);
        const QRect name(area.left(), area.top(), area.width(), kNameHeight - 2);
        const bool current = i == m_current;
        painter.setFont(Theme::font(TextStyle::Label));
        painter.setPen(Theme::color(ColorRole::TextSecond));
        painter.drawText(name, Qt::AlignRight | Qt::AlignVCenter, tile.detail);
        const int room = name.width() - painter.fontMetrics().horizontalAdvance(tile.detail) - 8;
        QFont font = Theme::font(TextStyle::Label);
        font.setWeight(current ? QFont::Medium : QFont::Normal);
        painter.setFont(font);
        painter.setPen(Theme::color(current ? ColorRole::Accent : ColorRole::Text));
        painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(tile.name, Qt::ElideMiddle, room));
        const QRect picture(area.left() + 2, area.top() + kNameHeight, area.width() - 4, kImageHeight);
        if (tile.image.isNull()) {
            painter.setPen(Theme::color(ColorRole::Rule));
            painter.drawRect(picture.adjusted(0, 0, -1, -1));
        } else {
            painter.drawImage(picture, tile.image); // nearest: cells stay cells
        }
        if (current || (hasFocus() && m_current < 0 && i == 0)) {
            painter.setPen(QPen(Theme::color(ColorRole::Accent), hasFocus() ? 2 : 1));
            painter.drawRect(picture.adjusted(-1, -1, 0, 0));
        }
    }
}

void SmallMultiples::mousePressEvent(QMouseEvent* event)
{
    if (const int tile = tileAt(event->position().toPoint()); tile >= 0)
        emit chosen(tile);
}

void SmallMultiples::keyPressEvent(QKeyEvent* event)
{
    const int across = columns(width());
    const int step = event->key() == Qt::Key_Left    ? -1
                     : event->key() == Qt::Key_Right ? 1
                     : event->key() == Qt::Key_Up    ? -across
                     : event->key() == Qt::Key_Down  ? across
                                                     : 0;
    if (step == 0 || count() == 0) {
        QWidget::keyPressEvent(event);
        return;
    }
    const int next = m_current < 0 ? 0 : m_current + step;
    if (next >= 0 && next < count())
        emit chosen(next);
}

bool SmallMultiples::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int tile = tileAt(help->pos());
    QToolTip::showText(help->globalPos(), tile < 0 ? QString() : m_tiles.at(tile).tip, this);
    return true;
}

} // namespace espalier::views
