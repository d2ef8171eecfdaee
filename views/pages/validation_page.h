// SPDX-License-Identifier: GPL-3.0-or-later
// Validation: memory against loss of every measured plan, the chosen plan domain by domain, one sentence that sums it
// up, and the form that starts a new comparison as a job.
#pragma once

#include "views/models/validation_data.h"
#include "views/pages/page.h"

class QButtonGroup;
class QComboBox;
class QProgressBar;
class QStackedWidget;
class QTableView;

namespace espalier::views {

class AnswersPanel;
class Banner;
class GatePanel;
class ParetoPlot;
class ValidationForm;
class ValidationModel;

class ValidationPage : public Page {
    Q_OBJECT
public:
    explicit ValidationPage(Session* session, QWidget* parent = nullptr);
    ~ValidationPage() override;

    /// Checks the plan in the form: what the planner's "Validate" asks for.
    void preparePlan(const QString& name);
    void showPlan(const QString& name);
    /// What the page shows: measured results with the form for new ones, answers side by side, or the gate.
    enum View { Results, Answers, Gate };
    void showView(View view);
    [[nodiscard]] AnswersPanel& answers() { return *m_answers; }
    [[nodiscard]] GatePanel& gate() { return *m_gate; }
    [[nodiscard]] const std::vector<ValidatedPlan>& results() const { return m_results; }

    [[nodiscard]] QString stateText() const override;
    [[nodiscard]] bool usable() const override;
    [[nodiscard]] QString keysText() const override;
    [[nodiscard]] QString copyText() const override;
    [[nodiscard]] QString exportFigure(const QString& path) override;
    [[nodiscard]] QString exportTable(const QString& path) override;
    [[nodiscard]] bool hasFigure() const override { return !m_results.empty(); }
    [[nodiscard]] bool hasTable() const override;

protected:
    void refresh() override;

private:
    void buildViews();
    [[nodiscard]] QWidget* buildResults();
    void showBroken(const ValidatedPlan& plan);
    void start();
    void watch(Job* job);

    std::vector<ValidatedPlan> m_results;
    QButtonGroup* m_views = nullptr;
    QStackedWidget* m_stack = nullptr;
    AnswersPanel* m_answers = nullptr;
    GatePanel* m_gate = nullptr;
    Banner* m_broken = nullptr; ///< domains outside the calibration that break
    ParetoPlot* m_plot = nullptr;
    QComboBox* m_choice = nullptr;
    QLabel* m_head = nullptr;
    QLabel* m_headDetail = nullptr;
    ValidationModel* m_model = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_caption = nullptr;
    QLabel* m_sentence = nullptr;
    QLabel* m_examples = nullptr;
    QWidget* m_resultArea = nullptr;
    QLabel* m_nothing = nullptr;
    QProgressBar* m_progress = nullptr;
    ValidationForm* m_form = nullptr;
};

} // namespace espalier::views
