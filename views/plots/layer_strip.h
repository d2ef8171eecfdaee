// SPDX-License-Identifier: GPL-3.0-or-later
// Beside the rows of a heatmap: how concentrated each layer's use of its experts is. Entropy of the assignment shares
// as a bar and in percent of its maximum, effective experts exp(entropy), Gini coefficient, dead experts. Rows too low
// for text show bars only.
#pragma once

#include "core/stats/statistics.h"

#include <QRect>
#include <QWidget>

#include <functional>
#include <vector>

namespace espalier::views {

class LayerStrip : public QWidget {
    Q_OBJECT
public:
    explicit LayerStrip(QWidget* parent = nullptr);

    /// Vertical extent of a row in this widget's coordinates.
    void setRowGeometry(std::function<QRect(int row)> geometry);
    void setRows(std::vector<stats::LayerConcentration> rows, std::vector<int> layers);
    void setCurrentRow(int row); ///< -1 = none
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void rowClicked(int row);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] int rowAt(const QPoint& position) const;
    [[nodiscard]] QString describe(int row) const;

    std::function<QRect(int)> m_geometry;
    std::vector<stats::LayerConcentration> m_rows;
    std::vector<int> m_layers;
    int m_current = -1;
};

} // namespace espalier::views
