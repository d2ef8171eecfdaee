// SPDX-License-Identifier: GPL-3.0-or-later
// Marks below a horizontal slider: the smallest and largest value, and the largest one that fits the budget.
#pragma once

#include <QWidget>

#include <optional>

class QSlider;

namespace espalier::views {

class SliderScale : public QWidget {
    Q_OBJECT
public:
    explicit SliderScale(QSlider* slider, QWidget* parent = nullptr);
    void setFits(std::optional<int> value);
    /// Centre of a value's handle in this widget's coordinates.
    [[nodiscard]] int position(int value) const;
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QSlider* m_slider;
    std::optional<int> m_fits;
};

} // namespace espalier::views
