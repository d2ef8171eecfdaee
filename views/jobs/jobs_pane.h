// SPDX-License-Identifier: GPL-3.0-or-later
// The jobs dock: a row per job, cancel, its log, the same job as a command line.
#pragma once

#include "views/models/jobs_model.h"

#include <QWidget>

class QPlainTextEdit;
class QPushButton;
class QTableView;

namespace espalier::views {

class JobsPane : public QWidget {
    Q_OBJECT
public:
    explicit JobsPane(JobRunner* runner, QWidget* parent = nullptr);
    [[nodiscard]] Job* currentJob() const;
    [[nodiscard]] JobsModel* model() const { return m_model; }

private:
    void updateButtons();
    void updateLog();

    JobsModel* m_model;
    QTableView* m_table;
    QPlainTextEdit* m_log;
    QPushButton* m_cancel;
    QPushButton* m_copy;
    QPushButton* m_showLog;
};

} // namespace espalier::views
