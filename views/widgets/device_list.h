// SPDX-License-Identifier: GPL-3.0-or-later
// The planner's list of devices: hidden while there is one, whose memory is the budget.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace espalier::views {

class DeviceListModel;
class PlanEditor;

class DeviceList : public QWidget {
    Q_OBJECT
public:
    explicit DeviceList(PlanEditor* editor, QWidget* parent = nullptr);
    [[nodiscard]] DeviceListModel* model() const { return m_model; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void show();
    void remove();

    PlanEditor* m_editor;
    DeviceListModel* m_model;
    QTableView* m_table;
    QPushButton* m_add;
    QPushButton* m_remove;
    QLabel* m_note;
};

} // namespace espalier::views
