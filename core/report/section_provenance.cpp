// SPDX-License-Identifier: Apache-2.0
// Where every number comes from, and the commands that give it again.
#include "core/base/shell.h"
#include "core/base/version.h"
#include "core/report/sections.h"

#include <cmath>
#include <fmt/format.h>

namespace espalier::report {
namespace {

using base::OrderedJson;

std::string whole(double value)
{
    return fmt::format("{:.0f}", value);
}

/// A measured run again, from its settings. Empty when the model's place was not stored.
std::string profileCommand(const OrderedJson& settings, const std::string& study)
{
    const std::string model = textAt(settings, "model");
    if (model.empty() || listAt(settings, "data").empty())
        return {};
    std::string command = "espalier profile " + base::shellQuoted(model) + " --study " + base::shellQuoted(study);
    for (const auto& data : listAt(settings, "data"))
        command += " --data " + base::shellQuoted(textAt(data, "domain") + "=" + textAt(data, "file"));
    if (const double context = numberAt(settings, "context"); context > 0)
        command += " --context " + whole(context);
    if (const double most = numberAt(settings, "max_tokens"); most > 0)
        command += " --max-tokens " + whole(most);
    std::string groups;
    for (const auto& group : listAt(settings, "statistics"))
        if (group.is_string())
            groups += (groups.empty() ? "" : ",") + group.get<std::string>();
    if (!groups.empty())
        command += " --statistics " + base::shellQuoted(groups);
    if (const std::string compute = textAt(settings, "compute"); !compute.empty())
        command += " --dtype " + base::shellQuoted(compute);
    return command;
}

std::string joined(const OrderedJson& list)
{
    std::string out;
    for (const auto& entry : list)
        if (entry.is_string())
            out += (out.empty() ? "" : ",") + entry.get<std::string>();
    return out;
}

/// A plan again, from what was asked for. Empty for plans whose counts were set by hand or that came from elsewhere.
std::string planCommand(const study::PlanRecord& record, const std::string& study)
{
    const auto& settings = objectAt(record.document, "settings");
    const std::string method = textAt(record.document, "method");
    std::string command = fmt::format("espalier plan {} --name {} --method {}", base::shellQuoted(study),
                                      base::shellQuoted(record.name), base::shellQuoted(method));
    if (const double keep = numberAt(settings, "keep"); std::isfinite(keep))
        command += " --keep " + whole(keep);
    else if (const double ratio = numberAt(settings, "ratio"); std::isfinite(ratio))
        command += fmt::format(" --ratio {}", ratio);
    else if (const double budget = numberAt(settings, "budget"); std::isfinite(budget))
        command += " --budget " + whole(budget);
    else
        return {};
    if (method.empty())
        return {};
    if (const auto domains = joined(listAt(record.document, "domains")); !domains.empty())
        command += " --domain " + base::shellQuoted(domains);
    if (const auto allocator = textAt(record.document, "allocator"); !allocator.empty() && allocator != "uniform")
        command += " --allocate " + base::shellQuoted(allocator);
    if (const auto protectors = joined(listAt(record.document, "protectors")); !protectors.empty())
        command += " --protect " + base::shellQuoted(protectors);
    for (const auto& lock : listAt(record.document, "locks")) {
        const auto keep = lock.is_object() ? lock.find("keep") : lock.end();
        const bool stays = keep == lock.end() || !keep->is_boolean() || keep->get<bool>();
        command += fmt::format(" {} L{}E{}", stays ? "--lock" : "--drop", whole(numberAt(lock, "layer")),
                               whole(numberAt(lock, "expert")));
    }
    for (const auto& [key, option] :
         {std::pair{"top_k", "--top-k"}, {"context", "--context"}, {"sequences", "--sequences"}})
        if (const double value = numberAt(settings, key); std::isfinite(value))
            command += fmt::format(" {} {}", option, whole(value));
    if (const double mean = numberAt(settings, "mean_top_k"); std::isfinite(mean))
        command += fmt::format(" --mean-top-k {}", mean);
    if (const double share = numberAt(settings, "skip"); std::isfinite(share))
        command += fmt::format(" --skip {}", share);
    if (const double seed = numberAt(settings, "seed"); seed > 0)
        command += " --seed " + whole(seed);
    if (const double bytes = numberAt(settings, "kv_bytes"); bytes == 1 || bytes == 4)
        command += bytes == 1 ? " --kv-dtype fp8" : " --kv-dtype float32";
    if (settings.contains("one_count"))
        command += " --one-count";
    if (const auto& exponents = listAt(settings, "exponents");
        exponents.size() == 3 && exponents[0].is_number() && exponents[1].is_number() && exponents[2].is_number())
        command += fmt::format(" --exponents {},{},{}", exponents[0].get<double>(), exponents[1].get<double>(),
                               exponents[2].get<double>());
    return command;
}

Table runTable(const StudyContents& study)
{
    const Texts& t = study.texts;
    Table table{t("Runs"),
                {{t("run")},
                 {t("state"), false},
                 {t("began, UTC")},
                 {t("tokens")},
                 {t("context")},
                 {t("arithmetic"), false},
                 {t("statistics"), false},
                 {t("program"), false}},
                {},
                false};
    for (const auto& run : study.runs) {
        const bool elsewhere = run.source.is_object();
        const double context = numberAt(run.settings, "context");
        const std::string version = textAt(run.settings, "version");
        table.rows.push_back(
            {fmt::format("{}", run.id), elsewhere || run.imported ? t("imported") : t(run.state), whenText(run.started),
             fmt::format("{}", run.tokens), std::isfinite(context) ? whole(context) : kUnknown,
             elsewhere ? kUnknown : textAt(run.settings, "compute"), joined(listAt(run.settings, "statistics")),
             elsewhere         ? textAt(run.source, "program")
             : version.empty() ? kUnknown
                               : "espalier " + version});
    }
    return table;
}

Table dataTable(const StudyContents& study)
{
    const Texts& t = study.texts;
    Table table{t("Files that were read"),
                {{t("run")}, {t("domain"), false}, {t("file"), false}, {t("SHA-256"), false}},
                {},
                false};
    for (const auto& run : study.runs) {
        for (const auto& data : listAt(run.settings, "data"))
            table.rows.push_back(
                {fmt::format("{}", run.id), textAt(data, "domain"), textAt(data, "file"), textAt(data, "sha256")});
        for (const auto& file : listAt(run.source, "files"))
            table.rows.push_back(
                {fmt::format("{}", run.id), textAt(run.source, "form"), textAt(file, "name"), textAt(file, "sha256")});
    }
    return table;
}

Table exportTable(const StudyContents& study)
{
    const Texts& t = study.texts;
    Table table{t("Exports"),
                {{t("folder"), false}, {t("bytes")}, {t("predicted")}, {t("verified"), false}, {t("made, UTC")}},
                {},
                false};
    for (const auto& record : study.exports) {
        const auto verified = record.document.find("verified");
        const double bytes = numberAt(record.document, "bytes"),
                     predicted = numberAt(record.document, "predicted_bytes");
        table.rows.push_back(
            {textAt(record.document, "directory"), std::isfinite(bytes) ? whole(bytes) : kUnknown,
             std::isfinite(predicted) ? whole(predicted) : kUnknown,
             verified != record.document.end() && verified->is_boolean() && verified->get<bool>() ? t("yes") : t("no"),
             whenText(record.created)});
    }
    return table;
}

} // namespace

Section provenanceSection(const StudyContents& study)
{
    const Texts& t = study.texts;
    Section section{"provenance", t("Where this comes from"), {}};
    Table facts{"", {{t("fact"), false}, {t("value"), false}}, {}, false};
    facts.rows = {{t("study"), study.path},
                  {t("model"), study.model->name},
                  {t("fingerprint of the model"), study.model->fingerprint},
                  {t("fingerprint of the tokenizer"),
                   study.statistics.tokenizerFingerprint.empty() ? kUnknown : study.statistics.tokenizerFingerprint},
                  {t("report written by"), fmt::format("espalier {}", base::kVersion)}};
    section.blocks.emplace_back(std::move(facts));
    if (!study.runs.empty())
        section.blocks.emplace_back(runTable(study));
    if (auto data = dataTable(study); !data.rows.empty())
        section.blocks.emplace_back(std::move(data));
    for (const auto& run : study.runs)
        for (const auto& note : listAt(run.source, "notes"))
            if (note.is_string())
                section.blocks.emplace_back(Paragraph{t("Run {}: {}", run.id, note.get<std::string>()), true});
    if (!study.exports.empty())
        section.blocks.emplace_back(exportTable(study));
    Commands commands;
    int unknown = 0;
    const auto add = [&](const std::string& command) {
        if (command.empty())
            ++unknown;
        else
            commands.lines.push_back(command);
    };
    for (const auto& run : study.runs)
        add(run.source.is_object() || run.imported ? std::string() : profileCommand(run.settings, study.path));
    for (const auto& plan : study.plans)
        add(planCommand(plan, study.path));
    for (const auto& validation : study.validations)
        add(textAt(validation.document, "command"));
    for (const auto& record : study.exports)
        add(textAt(record.document, "command"));
    if (!commands.lines.empty()) {
        section.blocks.emplace_back(Paragraph{t("Commands that repeat the work, from what the study has stored:")});
        section.blocks.emplace_back(std::move(commands));
    }
    if (unknown > 0)
        section.blocks.emplace_back(Paragraph{
            t("{} step(s) have no command: imports, plans set by hand or brought from elsewhere, and steps of programs "
              "that did not store theirs.",
              unknown)});
    return section;
}

} // namespace espalier::report
