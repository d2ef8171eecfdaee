// SPDX-License-Identifier: GPL-3.0-or-later
// One undo step of the planner: the state before and after. Steps of one gesture (a slider drag, a run of arrow keys)
// merge into one; a gesture that ends where it began vanishes.
#pragma once

#include "views/plan/plan_state.h"

#include <QDateTime>
#include <QUndoCommand>

#include <functional>

namespace espalier::views {

/// What may be merged: same kind and same gesture. Kind -1 never merges.
struct MergeKey {
    int kind = -1;
    int gesture = 0;
};

class PlanCommand : public QUndoCommand {
public:
    using Apply = std::function<void(const PlanState&)>;
    /// Text of a step from one state to another, made again when steps merge.
    using Describe = std::function<QString(const PlanState& before, const PlanState& after)>;

    PlanCommand(PlanState before, PlanState after, Describe describe, MergeKey key, Apply apply);

    void undo() override;
    void redo() override;
    [[nodiscard]] int id() const override;
    bool mergeWith(const QUndoCommand* other) override;

    [[nodiscard]] QDateTime time() const { return m_time; }

private:
    PlanState m_before;
    PlanState m_after;
    Describe m_describe;
    MergeKey m_key;
    Apply m_apply;
    QDateTime m_time;
};

} // namespace espalier::views
