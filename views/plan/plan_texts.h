// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences about plans: undo steps and the reason why an expert stays or goes.
#pragma once

#include "views/plan/plan_state.h"

#include <QCoreApplication>
#include <QString>

namespace espalier::views {

class PlanEditor;

class PlanTexts {
    Q_DECLARE_TR_FUNCTIONS(espalier::views::PlanTexts)
public:
    /// One readable line for the step between two states: "Keep 14 to 16 experts per layer".
    [[nodiscard]] static QString step(const PlanState& before, const PlanState& after);
    /// "rank 15, layer keeps 13", "locked", "set by hand", "protected: super expert".
    [[nodiscard]] static QString reason(const PlanEditor& editor, int row, int expert);
    /// Tooltip of a cell as rich text: reason, score with error, tokens, where it is used most.
    [[nodiscard]] static QString toolTip(const PlanEditor& editor, int row, int expert);
    /// "L3 E9"
    [[nodiscard]] static QString expertName(int layer, int expert);
    /// Domain whose tokens choose the expert most often, with the ratio to uniform use; empty when never used.
    [[nodiscard]] static QString mostUsedBy(const PlanEditor& editor, int row, int expert);
};

} // namespace espalier::views
