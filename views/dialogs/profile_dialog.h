// SPDX-License-Identifier: GPL-3.0-or-later
// What a profile measures: files with their domains, window length, most tokens per domain, statistics. Counts tokens
// in the background and says what the run costs before it starts. Accepting it gives the job to run.
#pragma once

#include "core/engine/profile_job.h"
#include "views/session/session.h"

#include <QDialog>
#include <QPointer>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QTableView;

namespace espalier::views {

class NumberBox;
class ProfileDataModel;

class ProfileDialog : public QDialog {
    Q_OBJECT
public:
    explicit ProfileDialog(Session* session, QWidget* parent = nullptr);
    ~ProfileDialog() override;

    [[nodiscard]] JobSpec spec() const;
    [[nodiscard]] ProfileDataModel* files() const { return m_files; }
    [[nodiscard]] QString estimateText() const;
    /// True while tokens are being counted.
    [[nodiscard]] bool isCounting() const { return m_counting; }

signals:
    void counted();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void build();
    void addFiles();
    void changed();
    void count();
    void showEstimate(const Result<engine::ProfileEstimate>& estimate);
    [[nodiscard]] double lastRate() const;

    QPointer<Session> m_session;
    ProfileDataModel* m_files;
    QTableView* m_table;
    NumberBox* m_context;
    NumberBox* m_maxTokens;
    QComboBox* m_statistics;
    QCheckBox* m_resume;
    QLabel* m_estimate;
    QPushButton* m_start;
    QTimer m_delay;
    int m_token = 0; ///< latest count wins
    bool m_counting = false;
};

} // namespace espalier::views
