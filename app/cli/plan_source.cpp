// SPDX-License-Identifier: Apache-2.0
#include "app/cli/plan_source.h"

#include "core/study/study.h"

#include <filesystem>

namespace espalier::cli {

Result<plan::Plan> findPlan(const std::string& argument, const std::string& study, const model::ModelSummary& model)
{
    if (!std::filesystem::exists(argument) && !study.empty()) {
        ESPALIER_TRY(const auto opened, study::Study::open(study, study::OpenMode::ReadOnly));
        ESPALIER_TRY(const auto plans, opened.plans());
        std::string known;
        for (const auto& record : plans) {
            if (record.name == argument) {
                ESPALIER_TRY(auto plan, plan::Plan::fromJson(record.document, study, model));
                plan.name = record.name;
                return plan;
            }
            known += (known.empty() ? "" : ", ") + record.name;
        }
        return badInput("there is neither a plan file nor a plan in the study named '" + argument + "'", study, {},
                        known.empty() ? "The study holds no plans" : "The study holds " + known);
    }
    ESPALIER_TRY(auto plan, plan::Plan::read(argument, model));
    if (plan.name.empty())
        plan.name = std::filesystem::path(argument).stem().string();
    return plan;
}

Result<std::optional<plan::Plan>> optionalPlan(const std::string& argument, const std::string& study,
                                               const model::ModelSummary& model)
{
    if (argument.empty())
        return std::optional<plan::Plan>{};
    ESPALIER_TRY(auto plan, findPlan(argument, study, model));
    return std::optional<plan::Plan>(std::move(plan));
}

} // namespace espalier::cli
