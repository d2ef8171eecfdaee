// SPDX-License-Identifier: GPL-3.0-or-later
// One small heatmap per domain, all on one scale: height is layers, width is experts. A click chooses the domain. Tiles
// whose image is not ready yet are drawn as an empty frame.
#pragma once

#include <QImage>
#include <QList>
#include <QString>
#include <QWidget>

namespace espalier::views {

class SmallMultiples : public QWidget {
    Q_OBJECT
public:
    explicit SmallMultiples(QWidget* parent = nullptr);

    struct Tile {
        QString name;
        QString detail; ///< right of the name: "39 k"
        QImage image;   ///< one pixel per cell; null = not ready
        QString tip;
    };
    void setTiles(QList<Tile> tiles);
    void setImage(int tile, QImage image);
    void setCurrent(int tile); ///< -1 = none
    [[nodiscard]] int current() const { return m_current; }
    [[nodiscard]] int count() const { return static_cast<int>(m_tiles.size()); }
    /// Whole tile with its name, in widget coordinates.
    [[nodiscard]] QRect tileRect(int tile) const;
    [[nodiscard]] QSize sizeHint() const override { return {600, heightForWidth(600)}; }
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

signals:
    void chosen(int tile);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] int columns(int width) const;
    [[nodiscard]] int tileAt(const QPoint& position) const;

    QList<Tile> m_tiles;
    int m_current = -1;
};

} // namespace espalier::views
