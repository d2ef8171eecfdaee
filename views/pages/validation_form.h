// SPDX-License-Identifier: GPL-3.0-or-later
// What a new validation compares: plans of the study, texts and tasks, how many items, random controls.
#pragma once

#include "views/session/session.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QListWidget;
class QPushButton;

namespace espalier::views {

class NumberBox;
class ValidationForm : public QWidget {
    Q_OBJECT
public:
    explicit ValidationForm(QWidget* parent = nullptr);

    /// Keeps what was checked where the names are still there.
    void setSession(Session* session);
    void checkPlan(const QString& name);
    void addFile(const QString& path);
    /// A file that the comparison is held against when the box is checked; empty takes the box away.
    void setGate(const QString& path);
    /// The job for what is checked; nothing when something is missing.
    [[nodiscard]] std::optional<JobSpec> job() const;

signals:
    void startRequested();

private:
    void showReady();
    [[nodiscard]] QStringList checkedPlans() const;
    Session* m_session = nullptr;
    QListWidget* m_plans;
    QListWidget* m_data;
    NumberBox* m_items;
    NumberBox* m_controls;
    QCheckBox* m_useGate;
    QString m_gate;
    QPushButton* m_start;
};

/// True when the first line of a JSON lines file holds a prompt and an answer: it can be scored by exact match.
[[nodiscard]] bool isTaskFile(const QString& path);

} // namespace espalier::views
