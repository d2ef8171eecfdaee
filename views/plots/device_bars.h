// SPDX-License-Identifier: GPL-3.0-or-later
// One thin bar per device, all on one scale: what the plan puts there against what the device has. Its table twin is
// the planner's list of devices.
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

#include <cstdint>

namespace espalier::views {

class DeviceBars : public QWidget {
    Q_OBJECT
public:
    struct Row {
        QString name, layers;
        std::uint64_t memory = 0; ///< of the device
        std::uint64_t experts = 0, weights = 0, cache = 0, workspace = 0;
        [[nodiscard]] std::uint64_t need() const { return experts + weights + cache + workspace; }
        [[nodiscard]] bool over() const { return need() > memory; }
    };
    explicit DeviceBars(QWidget* parent = nullptr);
    void setRows(QList<Row> rows);
    [[nodiscard]] const QList<Row>& rows() const { return m_rows; }
    /// x of an amount of bytes inside the widget.
    [[nodiscard]] double position(std::uint64_t bytes) const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QString rowText(const Row& row) const;

    QList<Row> m_rows;
};

} // namespace espalier::views
