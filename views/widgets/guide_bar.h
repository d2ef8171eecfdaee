// SPDX-License-Identifier: GPL-3.0-or-later
// First-use guide under the rail: the steps from a model to a bundle, what is done, and what comes next. Closed once it
// stays closed; Help brings it back.
#pragma once

#include "views/session/session.h"

#include <QFrame>

#include <array>

class QLabel;
class QPushButton;

namespace espalier::views {

class GuideBar : public QFrame {
    Q_OBJECT
public:
    enum Step { Open, Profile, See, Plan, Validate, Export, StepCount };

    explicit GuideBar(Session* session, QWidget* parent = nullptr);

    /// True until it was closed for the first time.
    [[nodiscard]] static bool isWanted();
    /// Shows or hides it, and remembers.
    void setWanted(bool wanted);
    /// The map of experts was looked at: nothing in the session tells.
    void setSeen();
    [[nodiscard]] bool isDone(Step step) const;
    /// The first step that is not done; StepCount when all are.
    [[nodiscard]] Step next() const;
    [[nodiscard]] QString hint() const;

signals:
    void stepChosen(espalier::views::GuideBar::Step step);
    void closed();

private:
    void showState();

    Session* m_session;
    bool m_seen = false;
    std::array<QPushButton*, StepCount> m_steps{};
    QLabel* m_hint;
};

} // namespace espalier::views
