// SPDX-License-Identifier: GPL-3.0-or-later
// The validation page's gate: limits edited in a table, held against what is stored for a plan, saved for CI.
#pragma once

#include "core/study/study.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace espalier::views {

class GateModel;

class GatePanel : public QWidget {
    Q_OBJECT
public:
    explicit GatePanel(QWidget* parent = nullptr);

    /// The newest measurement of every plan can be chosen; controls are not.
    void setValidations(const std::vector<study::ValidationRecord>& records);
    void choosePlan(const QString& name);
    /// Arguments of the validation that a gate would be added to, for the command.
    void setArguments(const QStringList& arguments);
    /// Reads or writes a gate file; error text or empty.
    [[nodiscard]] QString open(const QString& path);
    [[nodiscard]] QString save(const QString& path);
    /// The limits by which the window says "breaks", for texts and tasks alike.
    void proposeLimits();

    [[nodiscard]] const GateModel& limits() const { return *m_model; }
    /// The file as it was opened or saved last; empty when there is none or limits were changed since.
    [[nodiscard]] QString file() const { return m_saved ? m_path : QString(); }
    [[nodiscard]] QString summary() const;

signals:
    /// Limits were read, saved or changed.
    void changed();
    void failed(const QString& text);

private:
    void showState();

    GateModel* m_model;
    std::vector<base::OrderedJson> m_plans;
    QStringList m_arguments;
    QString m_path;
    bool m_saved = false;
    QComboBox* m_choice;
    QLabel* m_summary;
    QLabel* m_fileLabel;
    QPushButton* m_save;
    QPlainTextEdit* m_command;
};

} // namespace espalier::views
