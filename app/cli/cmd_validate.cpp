// SPDX-License-Identifier: Apache-2.0
// validate: base and plans on texts and tasks, in one run; --gate makes it a check.
#include "app/cli/command.h"
#include "app/cli/data_files.h"
#include "app/cli/plan_source.h"
#include "core/engine/validate_job.h"
#include "core/study/study.h"

#include <fmt/format.h>

namespace espalier::cli {

std::string describeValidation(const engine::ValidateReport& report)
{
    std::string out = "Base\n";
    for (const auto& [domain, perplexity] : report.basePerplexity)
        out += fmt::format("  {:<24}perplexity {:.2f}\n", domain, perplexity);
    for (const auto& [task, accuracy] : report.baseAccuracy)
        out += fmt::format("  {:<24}exact match {:.1f} %\n", task, 100 * accuracy);
    for (const auto& plan : report.plans) {
        out += fmt::format("Plan {}\n", plan.name);
        if (plan.activeExperts > 0)
            out += fmt::format("  {:<24}{:.2f}{}\n", "experts per token", plan.activeExperts,
                               plan.fixedOf.empty() ? "" : fmt::format(" fixed, beside {}", plan.fixedOf));
        for (const auto& [domain, d] : plan.domains)
            out += fmt::format(
                "  {:<24}perplexity {:.2f} (base {:.2f}), KL mean {:.4f}, p99 {:.3f}, top-1 agreement {:.1f} %\n",
                domain, d.perplexity, d.perplexityBase, d.klMean, d.klP99, 100 * d.top1Agreement);
        for (const auto& [task, t] : plan.tasks)
            out += fmt::format(
                "  {:<24}exact match {:.1f} % [{:.1f} to {:.1f}] (base {:.1f} %), lost {}, gained {}, p = {:.3g}\n",
                task, 100 * t.accuracy, 100 * t.ci95.low, 100 * t.ci95.high, 100 * t.accuracyBase, t.lost, t.gained,
                t.pValue);
    }
    out += fmt::format("{:.1f} s, {:.0f} tokens/s, weight bytes read {}\n", report.seconds, report.tokensPerSecond,
                       report.counters.weightBytesRead);
    return out;
}

void addValidate(CLI::App& app, Program& program)
{
    struct Options {
        std::string model, study, gate;
        std::vector<std::string> plans, texts, tasks;
        std::int64_t context = 2048, maxTokens = 0;
        int maxItems = 0, maxAnswer = 64, random = 0;
        bool fixed = false;
        EngineArguments engine;
    };
    auto options = std::make_shared<Options>();
    CLI::App* sub = program.add(app, "validate", "Compare base and plans on texts and tasks, in one pass",
                                "espalier validate MODEL --plan half.json --text law=law.txt --task json=json.jsonl");
    sub->add_option("MODEL", options->model, "Model folder")->required();
    sub->add_option("--plan", options->plans, "Plan file, or a name in --study; repeatable")->required();
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
    sub->add_option("--random-control", options->random, "Random plans of the first plan's size, as a control")
        ->check(within(0, 32))
        ->capture_default_str();
    sub->add_flag("--fixed-k", options->fixed,
                  "Beside each plan that skips experts, one with the nearest fixed number per token");
    sub->add_option("--gate", options->gate,
                    "JSON file of limits (schema espalier.gate/1); broken ones give exit code 1");
    sub->add_option("--study", options->study, "Study that holds the plans and takes the result");
    options->engine.addTo(sub);
    program.onRun(sub, [options, &program](Output& output) -> Result<void> {
        engine::ValidateRequest request;
        ESPALIER_TRY(request.texts, dataFiles(options->texts));
        ESPALIER_TRY(request.tasks, dataFiles(options->tasks));
        if (request.texts.empty() && request.tasks.empty())
            return usageError("nothing to compare on",
                              "Give at least one --text DOMAIN=FILE or --task NAME=FILE.jsonl");
        request.context = options->context;
        request.maxTokens = TokenCount(options->maxTokens);
        request.maxItems = options->maxItems;
        request.maxAnswer = options->maxAnswer;
        request.randomControls = options->random;
        request.fixedCounts = options->fixed;
        ESPALIER_TRY(request.engine, options->engine.options());
        ESPALIER_TRY(const auto opened, model::openModel(options->model));
        for (const auto& argument : options->plans) {
            ESPALIER_TRY(auto plan, findPlan(argument, options->study, opened.summary));
            request.plans.push_back(std::move(plan));
        }
        base::OrderedJson gate;
        if (!options->gate.empty()) {
            ESPALIER_TRY(gate, base::readJsonFile(options->gate));
        }
        ESPALIER_TRY(const auto report, engine::runValidation(opened, request, output.job()));
        auto document = report.toJson();
        std::vector<std::string> broken;
        if (!options->gate.empty()) {
            ESPALIER_TRY(broken, engine::applyGate(gate, options->gate, report));
            document["gate"] = {{"ok", broken.empty()}, {"broken", broken}};
        }
        std::string text = describeValidation(report);
        for (const auto& sentence : broken)
            text += "Gate: " + sentence + "\n";
        output.result(document, text); // before the study, which may be in use: the numbers took long to measure
        if (!options->study.empty()) {
            document["command"] = program.commandLine; // what a report says how to repeat it by
            ESPALIER_TRY(auto study, study::Study::openOrCreate(options->study, opened.summary));
            ESPALIER_TRY([[maybe_unused]] const auto id, study.addValidation(document));
        }
        if (!broken.empty())
            return checkFailed(fmt::format("{} limit(s) of the gate are broken", broken.size()), options->gate);
        return {};
    });
}

} // namespace espalier::cli
