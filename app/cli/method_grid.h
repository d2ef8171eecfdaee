// SPDX-License-Identifier: Apache-2.0
// What compare and sweep share: options for methods x sizes, the plans they stand for, and what to measure them on.
#pragma once

#include "app/cli/command.h"
#include "core/engine/validate_job.h"
#include "core/plan/comparison.h"

#include <optional>
#include <string>
#include <vector>

namespace espalier::cli {

struct GridArguments {
    std::string study, model, methods, ratios, keeps, allocators = "uniform", protect, exponents = "0,1,1";
    std::vector<std::string> texts, tasks;
    std::int64_t context = 2048, maxTokens = 0;
    std::optional<int> topK;
    int maxItems = 0, maxAnswer = 64, random = 3;
    EngineArguments engine;

    void addTo(CLI::App* command);
    /// Everything but domains.
    [[nodiscard]] Result<plan::ComparisonRequest> request() const;
    /// Without plans. Usage error when there is neither a text nor a task.
    [[nodiscard]] Result<engine::ValidateRequest> measured() const;
    /// --model, or the folder that the study's newest run was measured from.
    [[nodiscard]] Result<std::string> modelFolder() const;
    [[nodiscard]] Result<std::vector<plan::ComparisonPlan>> plans(const plan::ComparisonRequest& request) const;
};

/// Means over the tasks, and over the domains, of a plan; 0 when there are none.
[[nodiscard]] double meanAccuracy(const engine::PlanOutcome& outcome);
[[nodiscard]] double meanKl(const engine::PlanOutcome& outcome);

/// "random", "uniform" or "".
[[nodiscard]] const char* baselineName(plan::Baseline baseline);

} // namespace espalier::cli
