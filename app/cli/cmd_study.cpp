// SPDX-License-Identifier: Apache-2.0
// study info | merge | check; import and samples are in cmd_study_import.cpp and cmd_study_samples.cpp.
#include "app/cli/command.h"
#include "app/cli/study_text.h"
#include "core/study/study.h"

#include <fmt/format.h>

namespace espalier::cli {
namespace {

Result<void> info(const std::string& path, Output& output)
{
    ESPALIER_TRY(const auto study, study::Study::open(path, study::OpenMode::ReadOnly));
    ESPALIER_TRY(const auto runs, study.runs());
    ESPALIER_TRY(const auto statistics, study.loadStatistics(study::Pools::Leave));
    ESPALIER_TRY(const auto plans, study.plans());
    ESPALIER_TRY(const auto validations, study.validations());
    ESPALIER_TRY(const auto exports, study.exports());
    base::OrderedJson document{{"study", path}, {"model", study.model().toJson()}};
    std::string text = fmt::format("{}\n  model        {} ({} layers, {} experts, top-{})\n", path, study.model().name,
                                   study.model().layers, study.model().experts, study.model().topK);
    auto& list = document["runs"] = base::OrderedJson::array();
    for (const auto& run : runs) {
        list.push_back({{"id", run.id},
                        {"state", run.state},
                        {"started", run.started},
                        {"finished", run.finished},
                        {"tokens", run.tokens},
                        {"groups_done", run.groupsDone},
                        {"groups_total", run.groupsTotal},
                        {"seconds", run.seconds}});
        if (run.source.is_object()) {
            list.back()["source"] = run.source;
            text += fmt::format("  run {:<8} imported {}: {} tokens\n", run.id, run.started, run.tokens);
            text += describeSource(run.source);
            continue;
        }
        text += fmt::format("  run {:<8} {} {} tokens, {} of {} groups, started {}\n", run.id, run.state, run.tokens,
                            run.groupsDone, run.groupsTotal, run.started);
    }
    auto& domains = document["domains"] = base::OrderedJson::array();
    for (const auto& domain : statistics.domains) {
        domains.push_back({{"name", domain.name},
                           {"tokens", tokensOf(domain)},
                           {"windows", domain.windows},
                           {"documents", domain.documents}});
        text += domainLine(domain);
        describeAbilities(domain, domains.back(), text);
    }
    auto& planList = document["plans"] = base::OrderedJson::array();
    for (const auto& plan : plans) {
        planList.push_back(plan.name);
        text += fmt::format("  plan {} ({})\n", plan.name, plan.created);
    }
    document["validations"] = validations.size();
    document["exports"] = exports.size();
    text += fmt::format("  {} validation(s), {} export(s)\n", validations.size(), exports.size());
    output.result(document, text);
    return {};
}

Result<void> merge(const std::vector<std::string>& paths, const std::string& out, Output& output)
{
    if (paths.size() < 2 && out.empty())
        return usageError("study merge needs --out FILE or at least two studies");
    const std::string target = out.empty() ? paths.front() : out;
    ESPALIER_TRY(const auto first, study::Study::open(paths.front(), study::OpenMode::ReadOnly));
    ESPALIER_TRY(auto into, study::Study::openOrCreate(target, first.model()));
    const std::size_t begin = out.empty() ? 1 : 0;
    for (std::size_t i = begin; i < paths.size(); ++i) {
        ESPALIER_TRY(const auto other, study::Study::open(paths[i], study::OpenMode::ReadOnly));
        ESPALIER_CHECK(into.importRuns(other));
    }
    ESPALIER_CHECK(into.checkpointWal());
    ESPALIER_TRY(const auto statistics, into.loadStatistics(study::Pools::Leave));
    base::OrderedJson tokens = base::OrderedJson::object();
    std::string text = fmt::format("Merged {} studies into {}\n", paths.size(), target);
    for (const auto& domain : statistics.domains) {
        tokens[domain.name] = domain.tokens;
        text += fmt::format("  {:<24}{:>10} tokens\n", domain.name, domain.tokens);
    }
    output.result({{"study", target}, {"tokens", tokens}}, text);
    return {};
}

Result<void> check(const std::string& path, Output& output)
{
    ESPALIER_TRY(const auto study, study::Study::open(path, study::OpenMode::ReadOnly));
    ESPALIER_TRY(const auto findings, study.check());
    base::OrderedJson list = base::OrderedJson::array();
    std::string text;
    bool ok = true;
    for (const auto& finding : findings) {
        ok = ok && finding.ok;
        list.push_back({{"name", finding.name}, {"ok", finding.ok}, {"detail", finding.detail}});
        text += fmt::format("{:<7}{}: {}\n", finding.ok ? "ok" : "FAILED", finding.name, finding.detail);
    }
    output.result({{"study", path}, {"ok", ok}, {"checks", list}}, text);
    if (!ok)
        return checkFailed("the study is damaged inside", path);
    return {};
}

} // namespace

void addStudy(CLI::App& app, Program& program)
{
    struct Options {
        std::vector<std::string> studies;
        std::string study, out;
    };
    auto options = std::make_shared<Options>();
    CLI::App* group =
        app.add_subcommand("study", "Contents, merging, integrity of study files; statistics from elsewhere");
    group->require_subcommand(1);
    group->footer("\nExample:\n  espalier study info my.espalier");
    CLI::App* sub = program.add(*group, "info", "What a study holds", "espalier study info my.espalier");
    sub->add_option("STUDY", options->study, "Study file")->required();
    program.onRun(sub, [options](Output& output) { return info(options->study, output); });
    sub = program.add(*group, "merge", "Add studies of the same model: into the first, or into --out",
                      "espalier study merge a.espalier b.espalier --out both.espalier");
    sub->add_option("STUDY", options->studies, "Study files")->required();
    sub->add_option("--out", options->out, "Study to make instead of changing the first");
    program.onRun(sub, [options](Output& output) { return merge(options->studies, options->out, output); });
    addStudyImport(*group, program);
    addStudySamples(*group, program);
    sub = program.add(*group, "check", "Integrity of a study; exit code 1 when something is wrong",
                      "espalier study check my.espalier");
    sub->add_option("STUDY", options->study, "Study file")->required();
    program.onRun(sub, [options](Output& output) { return check(options->study, output); });
}

} // namespace espalier::cli
