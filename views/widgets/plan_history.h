// SPDX-License-Identifier: GPL-3.0-or-later
// Undo steps as readable lines with their time, the saved point marked, what can be redone in grey. A click goes there.
#pragma once

#include <QUndoView>

namespace espalier::views {

class PlanHistory : public QUndoView {
    Q_OBJECT
public:
    explicit PlanHistory(QUndoStack* stack, QWidget* parent = nullptr);
};

} // namespace espalier::views
