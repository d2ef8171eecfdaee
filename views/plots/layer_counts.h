// SPDX-License-Identifier: GPL-3.0-or-later
// Experts kept per layer, beside the rows of a heatmap: a bar and the number; a click on the number edits it. Where the
// rows are too low for text only the bars are drawn.
#pragma once

#include <QRect>
#include <QWidget>

#include <functional>
#include <vector>

class QSpinBox;

namespace espalier::views {

class LayerCounts : public QWidget {
    Q_OBJECT
public:
    explicit LayerCounts(QWidget* parent = nullptr);

    /// Vertical extent of a row in this widget's coordinates.
    void setRowGeometry(std::function<QRect(int row)> geometry);
    void setCounts(std::vector<int> counts, int minimum, int maximum);
    void edit(int row);
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void countEdited(int row, int count);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] int rowAt(const QPoint& position) const;
    [[nodiscard]] QRect fieldRect(int row) const;
    std::function<QRect(int)> m_geometry;
    std::vector<int> m_counts;
    int m_minimum = 0, m_maximum = 1, m_editing = -1;
    QSpinBox* m_editor;
};

} // namespace espalier::views
