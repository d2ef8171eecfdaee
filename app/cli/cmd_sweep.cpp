// SPDX-License-Identifier: Apache-2.0
// sweep: methods x sizes x sets of domains, measured pass by pass, and which of them are the best for their memory.
#include "app/cli/sweep_table.h"
#include "core/base/file.h"
#include "core/base/hash.h"

#include <algorithm>
#include <fmt/format.h>

namespace espalier::cli {
namespace {

namespace fs = std::filesystem;
using base::OrderedJson;

struct Options : GridArguments {
    std::vector<std::string> domainSets;
    std::string out;
    int plansPerPass = 32;
    bool resume = false;
};

/// Hash of everything that a row depends on: rows of an interrupted sweep may only be kept for the same question.
Result<std::string> questionOf(const Options& options, const model::OpenModel& model,
                               const engine::ValidateRequest& validate)
{
    OrderedJson question{{"model", model.summary.fingerprint}, {"context", validate.context},
                         {"max_tokens", options.maxTokens},    {"max_items", validate.maxItems},
                         {"max_answer", validate.maxAnswer},   {"dtype", options.engine.dtype},
                         {"data", OrderedJson::array()},       {"plans", OrderedJson::array()}};
    for (const auto* files : {&validate.texts, &validate.tasks})
        for (const auto& file : *files) {
            ESPALIER_TRY(const auto hash, base::sha256File(file.path));
            question["data"].push_back({files == &validate.texts ? "text" : "task", file.name, hash});
        }
    for (const auto& plan : validate.plans)
        question["plans"].push_back(plan.toJson());
    return base::sha256(question.dump());
}

Result<void> store(const fs::path& file, const OrderedJson& sweep)
{
    return base::writeFileAtomically(file, sweep.dump(1) + "\n");
}

/// Rows that are there already, for the same question.
Result<OrderedJson> begin(const Options& options, const fs::path& file, const std::string& question, std::size_t plans)
{
    std::error_code error;
    const bool there = fs::exists(file, error);
    if (there && options.resume) {
        ESPALIER_TRY(auto sweep, base::readJsonFile(file, ByteSize(std::uint64_t{1} << 30U)));
        const auto rows = sweep.is_object() && sweep.contains("rows") ? sweep["rows"].size() : plans + 1;
        if (!sweep.is_object() || sweep.value("asked", "") != question || !sweep["rows"].is_array() || rows > plans ||
            !sweep.value("base", OrderedJson()).is_object())
            return badInput("belongs to another sweep: model, plans, texts or settings differ", file.string(), {},
                            "Give the same options as before, or another --out");
        return sweep;
    }
    if (there)
        return badInput("there is a sweep already", file.string(), {}, "Choose another --out, or --resume it");
    fs::create_directories(options.out, error);
    if (error)
        return base::systemError(options.out, "cannot create the folder", error.value());
    return OrderedJson{{"schema", "espalier.sweep/1"},
                       {"asked", question},
                       {"complete", false},
                       {"passes", 0},
                       {"weight_bytes_read", 0},
                       {"seconds", 0.0},
                       {"base", {{"perplexity", OrderedJson::object()}, {"accuracy", OrderedJson::object()}}},
                       {"rows", OrderedJson::array()}};
}

Result<void> measure(const Options& options, const model::OpenModel& model,
                     const std::vector<plan::ComparisonPlan>& plans, const plan::ComparisonRequest& request,
                     engine::ValidateRequest validate, const fs::path& file, OrderedJson& sweep, Output& output)
{
    const auto perPass = static_cast<std::size_t>(options.plansPerPass);
    const std::size_t passes = (plans.size() + perPass - 1) / perPass;
    for (std::size_t done = sweep["rows"].size(); done < plans.size(); done = sweep["rows"].size()) {
        const std::size_t end = std::min(plans.size(), done + perPass);
        if (passes > 1)
            output.say(fmt::format("plans {} to {} of {}", done + 1, end, plans.size()));
        validate.plans.clear();
        for (std::size_t i = done; i < end; ++i)
            validate.plans.push_back(plans[i].plan);
        ESPALIER_TRY(const auto report, engine::runValidation(model, validate, output.job()));
        const auto measured = report.toJson();
        for (std::size_t i = done; i < end; ++i)
            sweep["rows"].push_back(sweepRow(plans[i], plan::targetName(request.targets[plans[i].target]),
                                             report.plans[i - done], measured["plans"][i - done]));
        sweep["base"] = {{"perplexity", report.basePerplexity}, {"accuracy", report.baseAccuracy}};
        sweep["passes"] = sweep["passes"].get<int>() + 1;
        sweep["weight_bytes_read"] = sweep["weight_bytes_read"].get<std::uint64_t>() + report.counters.weightBytesRead;
        sweep["seconds"] = sweep["seconds"].get<double>() + report.seconds;
        ESPALIER_CHECK(store(file, sweep));
    }
    return {};
}

Result<void> runSweep(const Options& options, Output& output)
{
    ESPALIER_TRY(auto request, options.request());
    for (const auto& set : options.domainSets)
        request.domainSets.push_back(set == "all" ? std::vector<std::string>{} : splitList(set));
    ESPALIER_TRY(auto validate, options.measured());
    ESPALIER_TRY(const auto folder, options.modelFolder());
    ESPALIER_TRY(const auto plans, options.plans(request));
    ESPALIER_TRY(const auto opened, model::openModel(folder));
    for (const auto& entry : plans)
        validate.plans.push_back(entry.plan);
    ESPALIER_TRY(const auto question, questionOf(options, opened, validate));
    const fs::path out(options.out), file = out / "sweep.json";
    ESPALIER_TRY(auto sweep, begin(options, file, question, plans.size()));
    ESPALIER_CHECK(measure(options, opened, plans, request, std::move(validate), file, sweep, output));
    markFronts(sweep["rows"]);
    sweep["complete"] = true;
    ESPALIER_CHECK(store(file, sweep));
    ESPALIER_CHECK(base::writeFileAtomically(out / "sweep.csv", sweepCsv(sweep)));
    ESPALIER_CHECK(base::writeFileAtomically(out / "pareto.svg", sweepSvg(sweep)));
    output.result(sweep, sweepText(sweep) + fmt::format("Table    {}\nPicture  {}\n", (out / "sweep.csv").string(),
                                                        (out / "pareto.svg").string()));
    return {};
}

} // namespace

void addSweep(CLI::App& app, Program& program)
{
    auto options = std::make_shared<Options>();
    CLI::App* sub =
        program.add(app, "sweep", "Methods x sizes x domains: which cuts are the best for their memory",
                    "espalier sweep my.espalier --method reap-sum,frequency,peu --ratio 0.25,0.5,0.75 "
                    "--domain all --domain json,code --text json=json.jsonl --task json=json.jsonl --out sweep");
    options->addTo(sub);
    sub->add_option("--domain", options->domainSets,
                    "Domains to score by, separated by commas, or all; repeatable: one plan for each set")
        ->default_str("all");
    sub->add_option("--out", options->out, "Folder for sweep.json, sweep.csv and pareto.svg")->required();
    sub->add_option("--plans-per-pass", options->plansPerPass, "Plans that one pass over the weights carries")
        ->check(within(1, 256))
        ->capture_default_str();
    sub->add_flag("--resume", options->resume, "Go on with the sweep in --out; finished passes are kept");
    program.onRun(sub, [options](Output& output) { return runSweep(*options, output); });
}

} // namespace espalier::cli
