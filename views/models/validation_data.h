// SPDX-License-Identifier: GPL-3.0-or-later
// Stored validations as the window shows them: the newest result of every plan, one row per domain with the task and
// the text of that name side by side, and a verdict.
#pragma once

#include "core/study/study.h"

#include <QString>

#include <cmath>
#include <cstdint>
#include <vector>

namespace espalier::views {

/// A domain breaks above this mean KL divergence (nats per token) …
inline constexpr double kKlLimit = 0.2;
/// … or when a task loses more than this share of its items and the paired test says it is no accident.
inline constexpr double kAccuracyDrop = 0.05;
inline constexpr double kSignificance = 0.05;

struct MeasuredDomain {
    QString name;
    bool task = false;                                ///< accuracy below; else perplexity
    bool calibrated = true;                           ///< the plan was made for it
    double base = std::nan(""), value = std::nan(""); ///< accuracy 0 … 1, or perplexity
    double low = std::nan(""), high = std::nan("");   ///< 95 % of accuracy
    std::int64_t items = 0, lost = 0, gained = 0;
    double pValue = std::nan("");
    double kl = std::nan(""), klP99 = std::nan(""), agreement = std::nan(""); ///< NaN = not measured
    std::vector<QString> lostExamples;

    [[nodiscard]] bool breaks() const;
};

struct ValidatedPlan {
    QString name, method, created; ///< method: id
    bool control = false;
    bool stale = false; ///< the plan was stored again after it was measured
    std::uint64_t bytes = 0, memory = 0;
    std::vector<MeasuredDomain> domains; ///< calibrated ones first, each group by name
    /// Mean over the calibrated domains; NaN when no text was measured.
    [[nodiscard]] double kl() const;
};

/// Every plan once, newest measurement first seen; plans that are no longer in the study are kept.
[[nodiscard]] std::vector<ValidatedPlan> readValidations(const std::vector<study::ValidationRecord>& records,
                                                         const std::vector<study::PlanRecord>& plans);

} // namespace espalier::views
