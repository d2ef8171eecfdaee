// SPDX-License-Identifier: Apache-2.0
#include "app/cli/method_grid.h"

#include "app/cli/data_files.h"
#include "app/cli/plan_source.h"
#include "core/study/study.h"

#include <charconv>
#include <fmt/format.h>

namespace espalier::cli {
namespace {

template <typename Number>
Result<Number> parseNumber(const std::string& text, std::string_view option)
{
    Number value{};
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end)
        return usageError(fmt::format("'{}' is no number of {}", text, option), "Separate several by commas");
    return value;
}

} // namespace

void GridArguments::addTo(CLI::App* command)
{
    command->add_option("STUDY", study, "Study file")->required();
    command->add_option("--model", model, "Model folder (default: the one the study was measured from)");
    command->add_option("--method", methods, "Scores, separated by commas, see `espalier methods`")->required();
    command->add_option("--ratio", ratios, "Shares of routed experts removed, separated by commas");
    command->add_option("--keep", keeps, "Experts kept per layer, separated by commas");
    command->add_option("--allocate", allocators, "Allocators, separated by commas; uniform is always there")
        ->capture_default_str();
    command->add_option("--protect", protect, "Protectors, separated by commas");
    command->add_option("--exponents", exponents, "a,b,c of unified: n^a, mean of g^b |f|^c")->capture_default_str();
    command->add_option("--top-k", topK, "Experts per token of all plans, fewer than the model's own");
    command->add_option("--random", random, "Random plans of every size, as a control")
        ->check(within(0, 32))
        ->capture_default_str();
    command->add_option("--text", texts, "DOMAIN=FILE for perplexity and KL; repeatable");
    command->add_option("--task", tasks, "NAME=FILE.jsonl with prompt and answer, exact match; repeatable");
    command->add_option("--context", context, "Tokens per window")
        ->check(within(std::int64_t{2}, std::int64_t{1} << 30))
        ->capture_default_str();
    command->add_option("--max-tokens", maxTokens, "Most tokens per text domain (default: all)")
        ->check(within(std::int64_t{1}, std::int64_t{1} << 40));
    command->add_option("--max-items", maxItems, "Most items per task (default: all)")->check(within(1, 1 << 30));
    command->add_option("--max-answer", maxAnswer, "Most tokens of an answer")
        ->check(within(1, 1 << 20))
        ->capture_default_str();
    engine.addTo(command);
}

Result<plan::ComparisonRequest> GridArguments::request() const
{
    plan::ComparisonRequest request;
    request.methods = splitList(methods);
    request.allocators = splitList(allocators);
    request.randomSeeds = random;
    for (const auto& text : splitList(ratios)) {
        ESPALIER_TRY(const auto ratio, parseNumber<double>(text, "--ratio"));
        request.targets.emplace_back().ratio = ratio;
    }
    for (const auto& text : splitList(keeps)) {
        ESPALIER_TRY(const auto keep, parseNumber<std::int32_t>(text, "--keep"));
        request.targets.emplace_back().keepPerLayer = keep;
    }
    request.common.protectors = splitList(protect);
    request.common.topK = topK;
    ESPALIER_TRY(request.common.score.exponents, parseExponents(exponents));
    return request;
}

Result<engine::ValidateRequest> GridArguments::measured() const
{
    engine::ValidateRequest validate;
    ESPALIER_TRY(validate.texts, dataFiles(texts));
    ESPALIER_TRY(validate.tasks, dataFiles(tasks));
    if (validate.texts.empty() && validate.tasks.empty())
        return usageError("nothing to compare on", "Give at least one --text DOMAIN=FILE or --task NAME=FILE.jsonl");
    validate.context = context;
    validate.maxTokens = TokenCount(maxTokens);
    validate.maxItems = maxItems;
    validate.maxAnswer = maxAnswer;
    ESPALIER_TRY(validate.engine, engine.options());
    return validate;
}

Result<std::string> GridArguments::modelFolder() const
{
    if (!model.empty())
        return model;
    ESPALIER_TRY(const auto opened, study::Study::open(study, study::OpenMode::ReadOnly));
    ESPALIER_TRY(const auto runs, opened.runs());
    for (auto run = runs.rbegin(); run != runs.rend(); ++run)
        if (run->settings.is_object() && run->settings.contains("model") && run->settings["model"].is_string())
            return run->settings["model"].get<std::string>();
    return usageError("the study does not say where its model is", "Give it with --model");
}

Result<std::vector<plan::ComparisonPlan>> GridArguments::plans(const plan::ComparisonRequest& request) const
{
    ESPALIER_TRY(const auto opened, study::Study::open(study, study::OpenMode::ReadOnly));
    bool pools = false;
    for (const auto& method : request.methods)
        pools = pools || poolsFor(method) == study::Pools::Load;
    ESPALIER_TRY(auto statistics, opened.loadStatistics(pools ? study::Pools::Load : study::Pools::Leave));
    plan::Planner planner(opened.model(), std::make_shared<const stats::Statistics>(std::move(statistics)));
    return plan::comparisonPlans(planner, request);
}

double meanAccuracy(const engine::PlanOutcome& outcome)
{
    double sum = 0;
    for (const auto& [name, task] : outcome.tasks)
        sum += task.accuracy;
    return outcome.tasks.empty() ? 0 : sum / static_cast<double>(outcome.tasks.size());
}

double meanKl(const engine::PlanOutcome& outcome)
{
    double sum = 0;
    for (const auto& [name, domain] : outcome.domains)
        sum += domain.klMean;
    return outcome.domains.empty() ? 0 : sum / static_cast<double>(outcome.domains.size());
}

const char* baselineName(plan::Baseline baseline)
{
    return baseline == plan::Baseline::Random ? "random" : baseline == plan::Baseline::Uniform ? "uniform" : "";
}

} // namespace espalier::cli
