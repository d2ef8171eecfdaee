// SPDX-License-Identifier: GPL-3.0-or-later
// Everything a person decides about one plan, as a value: what the planner is asked for, the budget line, the experts
// set by hand. One undo step is two of these values; the journal keeps them as JSON. Plain data, any thread.
#pragma once

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/plan/device_split.h"
#include "core/plan/planner.h"

#include <cstdint>
#include <vector>

namespace espalier::views {

/// An expert that was kept or dropped by hand, after scores, allocator and locks have spoken.
struct HandEdit {
    LayerIndex layer;
    ExpertIndex expert;
    bool keep = true;
    bool operator==(const HandEdit&) const = default;
};

struct PlanState {
    plan::PlanRequest request; ///< target is keepPerLayer or perLayer; domains are always listed
    std::uint64_t budget = 0;  ///< the line to compare with; the slider does not move it
    /// Several devices in order, whose memories add up to the budget; empty: one device of that size.
    std::vector<plan::Device> devices;
    bool useLocks = true;
    std::vector<HandEdit> edits; ///< ordered by layer, expert; no pair twice
    bool operator==(const PlanState&) const = default;

    /// The request with locks switched off when they are not in use.
    [[nodiscard]] plan::PlanRequest effectiveRequest() const;
    [[nodiscard]] const HandEdit* editOf(LayerIndex layer, ExpertIndex expert) const;
    void setEdit(const HandEdit& edit);
    void removeEdit(LayerIndex layer, ExpertIndex expert);
    [[nodiscard]] const method::Lock* lockOf(LayerIndex layer, ExpertIndex expert) const;

    [[nodiscard]] base::OrderedJson toJson() const;
    /// BadInput naming the key; nothing outside the value is checked (the planner does that).
    [[nodiscard]] static Result<PlanState> fromJson(const base::OrderedJson& json);
};

} // namespace espalier::views
