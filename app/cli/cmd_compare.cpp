// SPDX-License-Identifier: Apache-2.0
// compare: methods x sizes in one table, measured in one validation pass, beside random and uniform plans.
#include "app/cli/command.h"
#include "app/cli/plan_source.h"
#include "core/base/byte_size.h"
#include "core/engine/validate_job.h"
#include "core/method/score.h"
#include "core/plan/comparison.h"
#include "core/study/study.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace espalier::cli {
namespace {

struct Options {
    std::string study, model, methods, ratios, keeps, allocators = "uniform", domains, protect, exponents = "0,1,1";
    std::vector<std::string> texts, tasks;
    std::int64_t context = 2048, maxTokens = 0;
    std::optional<int> topK;
    int maxItems = 0, maxAnswer = 64, random = 3;
    bool save = false;
    EngineArguments engine;
};

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

Result<plan::ComparisonRequest> comparisonRequest(const Options& o)
{
    plan::ComparisonRequest request;
    request.methods = splitList(o.methods);
    request.allocators = splitList(o.allocators);
    request.randomSeeds = o.random;
    for (const auto& text : splitList(o.ratios)) {
        ESPALIER_TRY(const auto ratio, parseNumber<double>(text, "--ratio"));
        request.targets.emplace_back().ratio = ratio;
    }
    for (const auto& text : splitList(o.keeps)) {
        ESPALIER_TRY(const auto keep, parseNumber<std::int32_t>(text, "--keep"));
        request.targets.emplace_back().keepPerLayer = keep;
    }
    for (const auto& domain : splitList(o.domains))
        request.common.score.domains.push_back({domain, 1.0});
    request.common.protectors = splitList(o.protect);
    request.common.topK = o.topK;
    ESPALIER_TRY(request.common.score.exponents, parseExponents(o.exponents));
    return request;
}

/// The folder that the study's newest run was measured from.
Result<std::string> modelOf(const study::Study& study)
{
    ESPALIER_TRY(const auto runs, study.runs());
    for (auto run = runs.rbegin(); run != runs.rend(); ++run)
        if (run->settings.is_object() && run->settings.contains("model") && run->settings["model"].is_string())
            return run->settings["model"].get<std::string>();
    return usageError("the study does not say where its model is", "Give it with --model");
}

/// One row of the table, with what its validation found.
struct Row {
    const plan::ComparisonPlan* entry;
    const engine::PlanOutcome* outcome;
};

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

/// Exact McNemar of two plans on the same items of a task.
double pairedP(const engine::TaskOutcome& a, const engine::TaskOutcome& b)
{
    std::int64_t onlyA = 0, onlyB = 0;
    for (std::size_t i = 0; i < std::min(a.right.size(), b.right.size()); ++i) {
        onlyA += a.right[i] && !b.right[i] ? 1 : 0;
        onlyB += b.right[i] && !a.right[i] ? 1 : 0;
    }
    return stats::mcnemarExact(onlyA, onlyB);
}

/// The row of the same size that is best on the task, among random plans or among the others.
const engine::TaskOutcome* bestOf(const std::vector<Row>& rows, std::size_t target, const std::string& task,
                                  bool random)
{
    const engine::TaskOutcome* best = nullptr;
    for (const auto& row : rows)
        if (row.entry->target == target && (row.entry->baseline == plan::Baseline::Random) == random)
            if (const auto& found = row.outcome->tasks.at(task); best == nullptr || found.accuracy > best->accuracy)
                best = &found;
    return best;
}

base::OrderedJson tableJson(const std::vector<Row>& rows, const plan::ComparisonRequest& request,
                            const base::OrderedJson& report)
{
    base::OrderedJson list = base::OrderedJson::array();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& [entry, outcome] = rows[i];
        const char* baseline = entry->baseline == plan::Baseline::Random    ? "random"
                               : entry->baseline == plan::Baseline::Uniform ? "uniform"
                                                                            : "";
        base::OrderedJson row{{"name", entry->plan.name},
                              {"method", entry->plan.method},
                              {"allocator", entry->plan.allocator},
                              {"size", plan::targetName(request.targets[entry->target])},
                              {"kept", entry->plan.keptTotal()},
                              {"bytes", outcome->bytes},
                              {"baseline", baseline},
                              {"domains", report["plans"][i]["domains"]},
                              {"tasks", report["plans"][i]["tasks"]}};
        for (const auto& [task, found] : outcome->tasks) {
            auto& json = row["tasks"][task];
            json.erase("lost_examples");
            const auto* random = bestOf(rows, entry->target, task, true);
            const auto* best = bestOf(rows, entry->target, task, false);
            json["p_value_random"] =
                random == nullptr ? base::OrderedJson() : base::OrderedJson(pairedP(found, *random));
            json["p_value_best"] = best == nullptr ? base::OrderedJson() : base::OrderedJson(pairedP(found, *best));
        }
        row["mean_accuracy"] = outcome->tasks.empty() ? base::OrderedJson() : base::OrderedJson(meanAccuracy(*outcome));
        row["mean_kl"] = outcome->domains.empty() ? base::OrderedJson() : base::OrderedJson(meanKl(*outcome));
        list.push_back(std::move(row));
    }
    return {{"base", report["base"]},
            {"rows", list},
            {"weight_bytes_read", report["weight_bytes_read"]},
            {"seconds", report["seconds"]},
            {"tokens_per_second", report["tokens_per_second"]}};
}

std::string tableText(const std::vector<Row>& rows, const plan::ComparisonRequest& request,
                      const engine::ValidateReport& report)
{
    std::string out;
    for (std::size_t t = 0; t < request.targets.size(); ++t) {
        out += fmt::format("{}{:<34}", t > 0 ? "\n" : "", plan::targetName(request.targets[t]));
        if (!report.baseAccuracy.empty())
            out += fmt::format("{:>8}", "right");
        if (!report.basePerplexity.empty())
            out += fmt::format("{:>9}", "KL");
        for (const auto& [task, accuracy] : report.baseAccuracy)
            out += fmt::format("  {:>22}", task.substr(0, 22));
        for (const auto& [domain, perplexity] : report.basePerplexity)
            out += fmt::format("  {:>12}", "KL " + domain.substr(0, 9));
        out += "\n";
        for (const auto& row : rows) {
            if (row.entry->target != t)
                continue;
            const auto& name = row.entry->plan.name;
            out += fmt::format("  {:<32}", name.substr(0, name.rfind(", ")));
            if (!report.baseAccuracy.empty())
                out += fmt::format("{:>6.1f} %", 100 * meanAccuracy(*row.outcome));
            if (!report.basePerplexity.empty())
                out += fmt::format("{:>9.4f}", meanKl(*row.outcome));
            for (const auto& [task, found] : row.outcome->tasks) {
                const auto* random = bestOf(rows, t, task, true);
                const bool beats =
                    random != nullptr && found.accuracy > random->accuracy && pairedP(found, *random) < 0.05;
                out += fmt::format("  {:>22}",
                                   fmt::format("{:.1f} [{:.0f} to {:.0f}]{}", 100 * found.accuracy,
                                               100 * found.ci95.low, 100 * found.ci95.high, beats ? "*" : " "));
            }
            for (const auto& [domain, found] : row.outcome->domains)
                out += fmt::format("  {:>12.4f}", found.klMean);
            out += "\n";
        }
        out += fmt::format("  {:<32}", "the whole model");
        if (!report.baseAccuracy.empty()) {
            double sum = 0;
            for (const auto& [task, accuracy] : report.baseAccuracy)
                sum += accuracy;
            out += fmt::format("{:>6.1f} %", 100 * sum / static_cast<double>(report.baseAccuracy.size()));
        }
        out += "\n";
    }
    out += "right: mean share of task items right, in brackets its 95 % interval; KL: mean nats from the whole model; "
           "* better than the best random plan of the size (paired test, p < 0.05)\n";
    out += fmt::format("{:.1f} s, {:.0f} tokens/s, weight bytes read {}\n", report.seconds, report.tokensPerSecond,
                       report.counters.weightBytesRead);
    return out;
}

Result<void> runCompare(const Options& options, Output& output)
{
    ESPALIER_TRY(const auto request, comparisonRequest(options));
    engine::ValidateRequest validate;
    for (const auto& argument : options.texts) {
        ESPALIER_TRY(auto file, tokenizer::parseDataArgument(argument));
        validate.texts.push_back(std::move(file));
    }
    for (const auto& argument : options.tasks) {
        ESPALIER_TRY(auto file, tokenizer::parseDataArgument(argument));
        validate.tasks.push_back(std::move(file));
    }
    if (validate.texts.empty() && validate.tasks.empty())
        return usageError("nothing to compare on", "Give at least one --text DOMAIN=FILE or --task NAME=FILE.jsonl");
    validate.context = options.context;
    validate.maxTokens = TokenCount(options.maxTokens);
    validate.maxItems = options.maxItems;
    validate.maxAnswer = options.maxAnswer;
    ESPALIER_TRY(validate.engine, options.engine.options());
    std::vector<plan::ComparisonPlan> plans;
    std::string folder = options.model;
    {
        ESPALIER_TRY(const auto study, study::Study::open(options.study, study::OpenMode::ReadOnly));
        if (folder.empty()) {
            ESPALIER_TRY(folder, modelOf(study));
        }
        bool pools = false;
        for (const auto& method : request.methods)
            pools = pools || poolsFor(method) == study::Pools::Load;
        ESPALIER_TRY(auto statistics, study.loadStatistics(pools ? study::Pools::Load : study::Pools::Leave));
        plan::Planner planner(study.model(), std::make_shared<const stats::Statistics>(std::move(statistics)));
        ESPALIER_TRY(plans, plan::comparisonPlans(planner, request));
    }
    ESPALIER_TRY(const auto opened, model::openModel(folder));
    for (const auto& entry : plans)
        validate.plans.push_back(entry.plan);
    ESPALIER_TRY(const auto report, engine::runValidation(opened, validate, output.job()));
    std::vector<Row> rows;
    for (std::size_t i = 0; i < plans.size(); ++i)
        rows.push_back({&plans[i], &report.plans[i]});
    const auto measured = report.toJson();
    output.result(tableJson(rows, request, measured), tableText(rows, request, report));
    if (options.save) {
        ESPALIER_TRY(auto study, study::Study::openOrCreate(options.study, opened.summary));
        for (const auto& entry : plans)
            ESPALIER_CHECK(study.savePlan(entry.plan.name, entry.plan.toJson()));
        ESPALIER_TRY([[maybe_unused]] const auto id, study.addValidation(measured));
    }
    return {};
}

} // namespace

void addCompare(CLI::App& app, Program& program)
{
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(app, "compare", "Methods x sizes in one table, beside random plans, in one pass",
                                "espalier compare my.espalier --method reap,reap-sum,frequency --ratio 0.25,0.5 "
                                "--task json=json.jsonl");
    sub->add_option("STUDY", options->study, "Study file")->required();
    sub->add_option("--model", options->model, "Model folder (default: the one the study was measured from)");
    sub->add_option("--method", options->methods, "Scores, separated by commas, see `espalier methods`")->required();
    sub->add_option("--ratio", options->ratios, "Shares of routed experts removed, separated by commas");
    sub->add_option("--keep", options->keeps, "Experts kept per layer, separated by commas");
    sub->add_option("--allocate", options->allocators, "Allocators, separated by commas; uniform is always there")
        ->capture_default_str();
    sub->add_option("--domain", options->domains, "Domains to score by, separated by commas (default: all)");
    sub->add_option("--protect", options->protect, "Protectors, separated by commas");
    sub->add_option("--exponents", options->exponents, "a,b,c of unified: n^a, mean of g^b |f|^c")
        ->capture_default_str();
    sub->add_option("--top-k", options->topK, "Experts per token of all plans, fewer than the model's own");
    sub->add_option("--random", options->random, "Random plans of every size, as a control")
        ->check(within(0, 32))
        ->capture_default_str();
    sub->add_option("--text", options->texts, "DOMAIN=FILE for perplexity and KL; repeatable");
    sub->add_option("--task", options->tasks, "NAME=FILE.jsonl with prompt and answer, exact match; repeatable");
    sub->add_option("--context", options->context, "Tokens per window")
        ->check(within(std::int64_t{2}, std::int64_t{1} << 30))
        ->capture_default_str();
    sub->add_option("--max-tokens", options->maxTokens, "Most tokens per text domain (default: all)")
        ->check(within(std::int64_t{1}, std::int64_t{1} << 40));
    sub->add_option("--max-items", options->maxItems, "Most items per task (default: all)")->check(within(1, 1 << 30));
    sub->add_option("--max-answer", options->maxAnswer, "Most tokens of an answer")
        ->check(within(1, 1 << 20))
        ->capture_default_str();
    sub->add_flag("--save", options->save, "Store plans and result in the study");
    options->engine.addTo(sub);
    program.onRun(sub, [options](Output& output) { return runCompare(*options, output); });
}

} // namespace espalier::cli
