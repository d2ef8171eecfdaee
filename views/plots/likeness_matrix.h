// SPDX-License-Identifier: GPL-3.0-or-later
// A square table of likeness with names at both edges and numbers in the cells where they have room. A click or Enter
// on a cell chooses the pair; the arrow keys move.
#pragma once

#include <QString>
#include <QStringList>
#include <QWidget>

#include <vector>

namespace espalier::views {

class LikenessMatrix : public QWidget {
    Q_OBJECT
public:
    explicit LikenessMatrix(QWidget* parent = nullptr);

    /// Values 0 … 1; the diagonal is left empty.
    void setMatrix(QStringList names, std::vector<std::vector<double>> values);
    void setPair(int row, int column);
    [[nodiscard]] QRect cellRect(int row, int column) const;
    [[nodiscard]] QSize sizeHint() const override { return {440, 400}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {260, 240}; }

signals:
    void pairChosen(int row, int column);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QRect area() const;
    [[nodiscard]] QPoint cellAt(const QPoint& position) const;
    [[nodiscard]] QString describe(int row, int column) const;

    QStringList m_names;
    std::vector<std::vector<double>> m_values;
    int m_row = -1, m_column = -1;
};

} // namespace espalier::views
