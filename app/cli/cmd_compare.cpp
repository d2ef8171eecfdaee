// SPDX-License-Identifier: Apache-2.0
// compare: methods x sizes in one table, measured in one validation pass, beside random and uniform plans.
#include "app/cli/method_grid.h"
#include "core/study/study.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::cli {
namespace {

struct Options : GridArguments {
    std::string domains;
    bool save = false;
};

/// One row of the table, with what its validation found.
struct Row {
    const plan::ComparisonPlan* entry;
    const engine::PlanOutcome* outcome;
};

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
        base::OrderedJson row{{"name", entry->plan.name},
                              {"method", entry->plan.method},
                              {"allocator", entry->plan.allocator},
                              {"size", plan::targetName(request.targets[entry->target])},
                              {"kept", entry->plan.keptTotal()},
                              {"bytes", outcome->bytes},
                              {"baseline", baselineName(entry->baseline)},
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
    ESPALIER_TRY(auto request, options.request());
    for (const auto& domain : splitList(options.domains))
        request.common.score.domains.push_back({domain, 1.0});
    ESPALIER_TRY(auto validate, options.measured());
    ESPALIER_TRY(const auto folder, options.modelFolder());
    ESPALIER_TRY(const auto plans, options.plans(request));
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
    options->addTo(sub);
    sub->add_option("--domain", options->domains, "Domains to score by, separated by commas (default: all)");
    sub->add_flag("--save", options->save, "Store plans and result in the study");
    program.onRun(sub, [options](Output& output) { return runCompare(*options, output); });
}

} // namespace espalier::cli
