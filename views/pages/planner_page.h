// SPDX-License-Identifier: GPL-3.0-or-later
// Planner: questions at the left, answers in the middle (memory against budget, kept and dropped experts, gate mass
// kept per domain), plans, history and what lies nearest the cut at the right.
#pragma once

#include "views/pages/page.h"
#include "views/plan/plan_editor.h"

class QPushButton;
class QTableView;

namespace espalier::views {

class DeviceBars;
class HeatmapWidget;
class LayerCounts;
class PlanCutModel;
class PlanDomainModel;
class PlanListModel;
class StackBar;

class PlannerPage : public Page {
    Q_OBJECT
public:
    explicit PlannerPage(Session* session, QWidget* parent = nullptr);
    ~PlannerPage() override;

    [[nodiscard]] PlanEditor& editor() { return m_editor; }
    /// Loads a stored plan into the planner; asks nothing, unsaved steps are in the journal.
    void openPlan(const QString& name);
    void savePlan();
    void newPlan();

    [[nodiscard]] QString stateText() const override;
    [[nodiscard]] bool usable() const override;
    [[nodiscard]] QString keysText() const override;
    [[nodiscard]] QString copyText() const override;
    [[nodiscard]] QString exportFigure(const QString& path) override;
    [[nodiscard]] QString exportTable(const QString& path) override;
    [[nodiscard]] bool hasFigure() const override { return m_editor.ready(); }
    [[nodiscard]] bool hasTable() const override { return m_editor.ready(); }

signals:
    /// The plan was saved and should be compared with the base.
    void validationRequested(const QString& plan);

protected:
    void refresh() override;

private:
    void buildActions();
    void buildColumns();
    [[nodiscard]] QWidget* buildAnswers();
    [[nodiscard]] QWidget* buildSide();
    void showPlan();
    void showMemory();
    void showDevices();
    void offerUnsaved();
    void showExperts();
    void showPlans();
    void showReadout(int row, int expert);
    void renamePlan();
    [[nodiscard]] bool sameData(const model::ModelSummary& model, const stats::Statistics& statistics) const;
    [[nodiscard]] QString freeName(const QString& base) const;

    PlanEditor m_editor;
    std::shared_ptr<const model::ModelSummary> m_model;
    const method::ScoreTable* m_shownScores = nullptr;

    QPushButton* m_save = nullptr;
    QPushButton* m_validate = nullptr;
    QLabel* m_memoryHead = nullptr;
    QLabel* m_memoryText = nullptr;
    QLabel* m_memoryVerdict = nullptr;
    StackBar* m_bar = nullptr;
    DeviceBars* m_deviceBars = nullptr;
    HeatmapWidget* m_heatmap = nullptr;
    LayerCounts* m_counts = nullptr;
    PlanDomainModel* m_domains = nullptr;
    QTableView* m_domainTable = nullptr;
    PlanListModel* m_plans = nullptr;
    QTableView* m_planTable = nullptr;
    QLabel* m_journal = nullptr;
    PlanCutModel* m_cut = nullptr;
    QTableView* m_cutTable = nullptr;
};

} // namespace espalier::views
