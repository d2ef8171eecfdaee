// SPDX-License-Identifier: GPL-3.0-or-later
// The document behind the planner page: what a person asked for (PlanState), the plan that follows from it, and the
// steps in between. Every edit is one undo step; a slider drag or a run of arrow keys merges into one. Every change
// recomputes the plan through core/plan at once (one frame for 94 x 512 x 12). GUI thread.
#pragma once

#include "core/plan/planner.h"
#include "views/plan/plan_command.h"
#include "views/plan/plan_state.h"

#include <QObject>
#include <QRect>
#include <QString>
#include <QTimer>
#include <QUndoStack>

#include <array>
#include <memory>
#include <optional>

namespace espalier::views {

class PlanEditor : public QObject {
    Q_OBJECT
public:
    explicit PlanEditor(QObject* parent = nullptr);
    ~PlanEditor() override;

    /// Starts over with a default plan. Both must belong together; statistics without domains leave it not ready.
    void setData(std::shared_ptr<const model::ModelSummary> model, std::shared_ptr<const stats::Statistics> statistics);
    [[nodiscard]] bool ready() const { return m_planner != nullptr; }
    [[nodiscard]] const model::ModelSummary& model() const;
    [[nodiscard]] const stats::Statistics& statistics() const;

    [[nodiscard]] const PlanState& state() const { return m_state; }
    /// The plan of the last state that could be planned; with problem() set it is not the plan of state().
    [[nodiscard]] const plan::Plan& plan() const { return m_plan; }
    [[nodiscard]] const method::ScoreTable* scores() const { return m_scores.get(); }
    [[nodiscard]] QString problem() const { return m_problem; }
    /// Largest uniform count per layer under the budget line; nothing when even the smallest legal plan is over.
    [[nodiscard]] std::optional<int> fitsUpTo() const { return m_fits; }
    [[nodiscard]] int smallestCount() const;
    [[nodiscard]] bool overBudget() const
    {
        return m_split ? !m_split->fits() : m_plan.predicted.memory.total() > m_state.budget;
    }
    /// The plan's layers over the devices; nothing when there is one device only.
    [[nodiscard]] const std::optional<plan::DeviceSplit>& split() const { return m_split; }
    /// Memory of the whole model in the same deployment.
    [[nodiscard]] std::uint64_t wholeMemory() const;
    [[nodiscard]] bool kept(int row, int expert) const;
    /// Super experts of the statistics, whether they are protected or not.
    [[nodiscard]] const std::vector<method::Lock>& superExperts() const { return m_super; }
    /// A super expert while super experts are protected.
    [[nodiscard]] bool isProtected(int row, int expert) const;
    [[nodiscard]] QUndoStack* undoStack() { return &m_stack; }

    void rename(const QString& name);
    /// The one quantity of budget and slider: a budget moves the count to the largest that fits (or the smallest legal
    /// one when none does); a count leaves the budget line where it is. One device again where there were several.
    void setBudget(std::uint64_t bytes);
    /// Several devices: the budget is their sum, and the count moves to the largest whose layers fit each of them when
    /// a memory has changed. Fewer than two are a budget.
    void setDevices(std::vector<plan::Device> devices);
    void setKeepPerLayer(int count);
    void setLayerCount(int row, int count);
    void setMethod(const std::string& id);
    void setSeed(std::uint64_t seed);
    void setAllocator(const std::string& id);
    void setProtector(const std::string& id, bool on);
    /// A protector that takes a number, as "domain-floor:0.8"; nothing takes it away.
    void setProtectorNumber(const std::string& id, std::optional<double> number);
    /// The number of a protector that is on: its own, or the standard one.
    [[nodiscard]] std::optional<double> protectorNumber(const std::string& id) const;
    /// Experts per token of the cut model; nothing, or the model's own number, leaves them as they are.
    void setTopK(std::optional<int> count);
    /// Share of the tokens, 0 … 1, that leave out each of their experts behind the first; nothing, or 0, skips none.
    void setSkip(std::optional<double> share);
    /// Why tokens cannot skip experts here; empty when they can.
    [[nodiscard]] QString cannotSkip() const;
    /// Fills layers up to one count, for engines that know no other.
    void setOneCount(bool on);
    /// a, b, c of the unified score.
    void setExponents(const std::array<double, 3>& exponents);
    void setUseLocks(bool on);
    void setDeployment(const plan::Deployment& deployment);
    void setDomainWeight(const std::string& domain, double weight);
    /// Keeps a dropped expert or drops a kept one, by hand. False, with a reason through refused(), when the layer
    /// would fall below top-k.
    bool toggle(int row, int expert);
    /// Keeps (or drops) a block at once: x, width = experts; y, height = rows. Layers stop at top-k.
    void setBlock(const QRect& cells, bool keep);
    /// Locks the expert as it is now; a locked one is released.
    void toggleLock(int row, int expert);
    /// Same count in every layer, the one nearest to the present total; hand edits go.
    void makeUniform();

    /// Edits up to endGesture() of the same kind merge into one step.
    void beginGesture();
    void endGesture();

    /// Takes a stored plan as the new starting point; the undo stack is emptied.
    void load(const plan::Plan& plan);
    void load(const PlanState& state);
    /// Takes up work that was not saved: it counts as modified.
    void takeUp(const PlanState& state);
    /// A new plan from the present state under another name.
    void duplicate(const QString& name);
    /// The plan as it goes into the study: with the state inside, so that load() brings everything back.
    [[nodiscard]] plan::Plan planToSave() const;
    void markSaved();
    [[nodiscard]] bool modified() const { return !m_stack.isClean(); }

signals:
    void changed();
    void refused(const QString& why);
    /// Half a second after the last change: what the journal should hold.
    void journalDue(const QString& text, const espalier::base::OrderedJson& state);

private:
    enum Kind {
        KindCount = 1,
        KindBudget,
        KindWeight,
        KindLayer,
        KindDeployment,
        KindSeed,
        KindOther,
        KindProtector,
        KindTopK,
        KindSkip,
        KindExponents
    };
    void push(PlanState next, int kind, int detail = 0);
    void apply(const PlanState& state);
    void recompute();
    [[nodiscard]] std::optional<int> largestFit(const PlanState& state) const;
    void startOver(PlanState state);

    std::shared_ptr<const stats::Statistics> m_statistics;
    std::unique_ptr<plan::Planner> m_planner;
    model::ModelSummary m_model;
    PlanState m_state;
    plan::Plan m_plan;
    std::shared_ptr<const method::ScoreTable> m_scores;
    std::vector<method::Lock> m_super;
    bool m_protectSuper = false;
    QString m_problem;
    std::optional<int> m_fits;
    std::optional<plan::DeviceSplit> m_split;
    QUndoStack m_stack;
    QTimer m_journal;
    int m_gesture = 0;
    bool m_inGesture = false;
};

} // namespace espalier::views
