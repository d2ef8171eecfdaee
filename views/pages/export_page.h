// SPDX-License-Identifier: GPL-3.0-or-later
// Export: plan and target folder, checks on entry and on F5 (a failed one disables Export and says which), progress,
// the measured result of the verification, the bundle's files, commands that load it, the same from the command line.
#pragma once

#include "core/bundle/export.h"
#include "views/models/export_target_model.h"
#include "views/pages/page.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QTableView;

namespace espalier::views {

class BundleView;
class PlacementNote;

/// What was found before writing: checks of the bundle, engines that take it, the model's GGUF file.
struct ExportFindings {
    std::vector<bundle::PreflightCheck> checks;
    std::vector<bundle::TargetReport> targets;
    QString gguf; ///< empty for safetensors
};

class ExportPage : public Page {
    Q_OBJECT
public:
    explicit ExportPage(Session* session, QWidget* parent = nullptr);
    ~ExportPage() override;

    void choosePlan(const QString& name);
    void setFolder(const QString& folder);
    void chooseTarget(bundle::Target target);
    [[nodiscard]] const ExportTargetModel& targets() const { return *m_targets; }
    [[nodiscard]] const PlacementNote& placement() const { return *m_placement; }
    /// Runs the checks again in a worker; checked() follows.
    void check();
    [[nodiscard]] const ExportCheckModel& checks() const { return *m_checks; }
    /// Arguments of `espalier export`, or of `espalier plans export` for a keep list.
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
    [[nodiscard]] QTableView* buildTargets();
    [[nodiscard]] QLayout* buildRight();
    void showChecks();
    void showBundle();
    void showVerification(const QJsonObject& verification);
    void showCommands();
    void proposePlace();
    [[nodiscard]] QString place() const;
    void start();
    void saveList();
    [[nodiscard]] bool isList() const { return m_targets->chosen() == bundle::Target::KeepList; }
    [[nodiscard]] const study::PlanRecord* chosen() const;
    [[nodiscard]] std::vector<ExportCheck> bundleChecks() const;
    [[nodiscard]] ExportCheck validationCheck() const;

    std::vector<study::PlanRecord> m_records;
    int m_run = 0; ///< the newest check wins
    bool m_folderByHand = false;
    QString m_written; ///< place() of the bundle whose verification is shown
    QComboBox* m_plan = nullptr;
    QLineEdit* m_folder = nullptr;
    QPushButton* m_export = nullptr;
    ExportCheckModel* m_checks = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_summary = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_phase = nullptr;
    std::shared_ptr<const Result<ExportFindings>> m_found; ///< of the newest check; null before
    ExportTargetModel* m_targets = nullptr;
    PlacementNote* m_placement = nullptr;
    BundleView* m_bundle = nullptr;
    QLabel* m_place = nullptr;
    QLabel* m_loadHead = nullptr;
    QPlainTextEdit* m_load = nullptr;
    QPlainTextEdit* m_shell = nullptr;
};

} // namespace espalier::views
