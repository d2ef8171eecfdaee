// SPDX-License-Identifier: Apache-2.0
// plans import | export: keep lists in the forms of other programs.
#include "app/cli/command.h"
#include "app/cli/plan_source.h"
#include "core/base/file.h"
#include "core/exchange/plan_files.h"
#include "core/model/model_summary.h"
#include "core/plan/planner.h"

#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace espalier::cli {
namespace {

struct ImportArguments {
    std::vector<std::string> files;
    std::string study, model, name, format = "auto", out;
    std::optional<int> keep;
    std::optional<double> ratio;
    std::int64_t task = 0;
    bool mixing = false;
};

struct ExportArguments {
    std::string plan, study, model, format, out;
};

/// The model's facts from the study, or from the model's headers.
Result<model::ModelSummary> modelOf(const std::string& study, const std::string& folder)
{
    if (!folder.empty()) {
        ESPALIER_TRY(const auto opened, model::openModel(folder));
        return opened.summary;
    }
    if (study.empty())
        return usageError("the model is not known", "Name --study or --model");
    ESPALIER_TRY(const auto opened, study::Study::open(study, study::OpenMode::ReadOnly));
    return opened.model();
}

Result<void> runImport(const ImportArguments& o, Output& output)
{
    if (o.study.empty() && o.out.empty())
        return usageError("nowhere to put the plan", "Name --study, or --model and --out");
    if (o.keep && o.ratio)
        return usageError("only one of --keep and --ratio can be given");
    ESPALIER_TRY(const auto model, modelOf(o.study, o.model));
    exchange::PlanImport options;
    ESPALIER_TRY(options.form, exchange::parsePlanForm(o.format));
    options.task = o.task;
    options.mixing = o.mixing;
    options.keep = o.keep;
    if (o.ratio) {
        if (!(*o.ratio >= 0 && *o.ratio < 1))
            return usageError(fmt::format("the ratio {} is out of range", *o.ratio), "Choose 0 <= R < 1");
        options.keep = model.experts - static_cast<std::int32_t>(std::floor(model.experts * *o.ratio + 1e-9));
    }
    const std::vector<std::filesystem::path> paths(o.files.begin(), o.files.end());
    ESPALIER_TRY(auto imported, exchange::importPlan(paths, options, model));
    auto& plan = imported.plan;
    plan.name = o.name.empty() ? paths.front().stem().string() : o.name;
    std::shared_ptr<const stats::Statistics> statistics;
    if (!o.study.empty()) {
        ESPALIER_TRY(auto study, o.model.empty() ? study::Study::open(o.study, study::OpenMode::ReadWrite)
                                                 : study::Study::openOrCreate(o.study, model));
        ESPALIER_TRY(auto loaded, study.loadStatistics(study::Pools::Leave));
        statistics = std::make_shared<const stats::Statistics>(std::move(loaded));
        plan::Planner(model, statistics).predict(plan, plan::Deployment{});
        ESPALIER_CHECK(study.savePlan(plan.name, plan.toJson()));
        ESPALIER_CHECK(study.checkpointWal());
    }
    if (!o.out.empty())
        ESPALIER_CHECK(plan.write(o.out));
    for (const auto& note : imported.notes)
        output.say("Note: " + note);
    output.result(plan.toJson(), describePlan(plan, model, statistics.get()));
    return {};
}

Result<void> runExport(const ExportArguments& o, Output& output)
{
    ESPALIER_TRY(const auto form, exchange::parsePlanForm(o.format));
    ESPALIER_TRY(const auto model, modelOf(o.study, o.model));
    ESPALIER_TRY(const auto plan, findPlan(o.plan, o.study, model));
    ESPALIER_TRY(const auto text, exchange::exportPlan(plan, model, form));
    ESPALIER_CHECK(base::writeFileAtomically(o.out, text.text));
    std::string report = fmt::format("Wrote {} ({} of plan {})\n", o.out, exchange::planFormName(form), plan.name);
    for (const auto& note : text.notes)
        report += "  " + note + "\n";
    output.result({{"file", o.out},
                   {"format", exchange::planFormName(form)},
                   {"plan", plan.name},
                   {"kept", plan.keptTotal()},
                   {"notes", text.notes}},
                  report);
    return {};
}

} // namespace

void addPlans(CLI::App& app, Program& program)
{
    CLI::App* group = app.add_subcommand("plans", "Plans from and for other programs: import, export");
    group->require_subcommand(1);
    group->footer("\nExample:\n  espalier plans export half --study my.espalier --format vllm --out profile.json");

    auto in = std::make_shared<ImportArguments>();
    CLI::App* sub = program.add(*group, "import", "A keep list that another program made, as a plan of the study",
                                "espalier plans import ranking.jsonl --study my.espalier --name theirs --ratio 0.5");
    sub->add_option("FILE", in->files, "File; of a PreMoe pattern the .index and the .pt file")->required();
    sub->add_option("--study", in->study, "Study to store the plan in");
    sub->add_option("--model", in->model, "Model the plan is for (headers are read), where there is no study yet");
    sub->add_option("--name", in->name, "Name of the plan (default: the file's name)");
    sub->add_option("--format", in->format, "vllm-ascend, vllm, easy-ep, premoe, eep or auto")->capture_default_str();
    sub->add_option("--keep", in->keep, "Experts kept per layer, for forms that rank all (vllm-ascend, premoe)");
    sub->add_option("--ratio", in->ratio, "Share of experts removed instead, 0 <= R < 1");
    sub->add_option("--task", in->task, "Row of a PreMoe pattern")->capture_default_str();
    sub->add_flag("--mixing", in->mixing, "Of EEP: its coefficients too, a plan that `espalier merge --plan` writes");
    sub->add_option("--out", in->out, "Write the plan to this file, too");
    program.onRun(sub, [in](Output& output) { return runImport(*in, output); });

    auto out = std::make_shared<ExportArguments>();
    sub = program.add(*group, "export", "A plan in the form of another program",
                      "espalier plans export half --study my.espalier --format vllm-ascend --out half.jsonl");
    sub->add_option("PLAN", out->plan, "Plan file, or name of a plan in the study")->required();
    sub->add_option("--study", out->study, "Study that holds the plan");
    sub->add_option("--model", out->model, "Model the plan is for, where there is no study");
    sub->add_option("--format", out->format, "vllm-ascend, vllm, easy-ep or llama-cpp (tensor placement)")->required();
    sub->add_option("--out", out->out, "File to write")->required();
    program.onRun(sub, [out](Output& output) { return runExport(*out, output); });
}

} // namespace espalier::cli
