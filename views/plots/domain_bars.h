// SPDX-License-Identifier: GPL-3.0-or-later
// One bar per domain with its 95 % interval and a dashed line at the uniform share. A click chooses the domain.
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

namespace espalier::views {

class DomainBars : public QWidget {
    Q_OBJECT
public:
    explicit DomainBars(QWidget* parent = nullptr);

    struct Bar {
        QString name;
        double value = 0; ///< ratio to uniform; NaN = not measured
        double half = 0;  ///< of the interval; NaN = none
    };
    void setBars(QList<Bar> bars);
    void setCurrent(int bar); ///< -1 = none
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void chosen(int bar);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    QList<Bar> m_bars;
    int m_current = -1;
};

} // namespace espalier::views
