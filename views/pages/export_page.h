// SPDX-License-Identifier: GPL-3.0-or-later
// Export: plan and target folder, checks on entry and on F5 (a failed one disables Export and says which), progress,
// the measured result of the verification, the bundle's files, commands that load it, the same from the command line.
#pragma once

#include "core/bundle/export.h"
#include "views/models/export_check_model.h"
#include "views/pages/page.h"

class QButtonGroup;
class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QTableView;
class QTableWidget;

namespace espalier::views {

class ExportPage : public Page {
    Q_OBJECT
public:
    explicit ExportPage(Session* session, QWidget* parent = nullptr);
    ~ExportPage() override;

    void choosePlan(const QString& name);
    void setFolder(const QString& folder);
    /// Runs the checks again in a worker; checked() follows.
    void check();
    [[nodiscard]] const ExportCheckModel& checks() const { return *m_checks; }
    /// Arguments of `espalier export` for what is chosen.
    [[nodiscard]] QStringList arguments() const;

    [[nodiscard]] QString stateText() const override;
    [[nodiscard]] bool usable() const override;
    [[nodiscard]] QString keysText() const override;
    [[nodiscard]] QString copyText() const override;
    [[nodiscard]] QString exportTable(const QString& path) override;
    [[nodiscard]] bool hasTable() const override { return true; }

signals:
    void checked();

protected:
    void refresh() override;

private:
    [[nodiscard]] QLayout* buildLeft();
    [[nodiscard]] QLayout* buildRight();
    void showChecks(const Result<std::vector<bundle::PreflightCheck>>& found);
    void showFiles(const QJsonObject& result);
    void showVerification(const QJsonObject& verification);
    void showCommands();
    void start();
    [[nodiscard]] const study::PlanRecord* chosen() const;
    [[nodiscard]] ExportCheck validationCheck() const;

    std::vector<study::PlanRecord> m_records;
    int m_run = 0; ///< the newest check wins
    bool m_folderByHand = false;
    QComboBox* m_plan = nullptr;
    QLineEdit* m_folder = nullptr;
    QPushButton* m_export = nullptr;
    ExportCheckModel* m_checks = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_summary = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_phase = nullptr;
    QTableWidget* m_files = nullptr;
    QLabel* m_filesHead = nullptr;
    QButtonGroup* m_engine = nullptr;
    QPlainTextEdit* m_load = nullptr;
    QPlainTextEdit* m_shell = nullptr;
};

} // namespace espalier::views
