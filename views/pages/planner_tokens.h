// SPDX-License-Identifier: GPL-3.0-or-later
// How many experts a token takes, and which of those it leaves out: two lines of the planner's questions.
#pragma once

#include <QWidget>

class QDoubleSpinBox;
class QLabel;
class QSpinBox;

namespace espalier::views {

class PlanEditor;

class PlannerTokens : public QWidget {
    Q_OBJECT
public:
    explicit PlannerTokens(PlanEditor* editor, QWidget* parent = nullptr);

private:
    void show(); // what the editor holds
    [[nodiscard]] QString skipText() const;

    PlanEditor* m_editor;
    bool m_showing = false;
    QSpinBox* m_topK;
    QLabel* m_skipLabel;
    QDoubleSpinBox* m_skip;
};

} // namespace espalier::views
