// SPDX-License-Identifier: Apache-2.0
// study check: everything that can be wrong inside a file that opened.
#include "core/study/study_state.h"

#include <fmt/format.h>

namespace espalier::study {
namespace {

Finding finding(std::string name, const std::string& fault, std::string fine)
{
    return {std::move(name), fault.empty(), fault.empty() ? std::move(fine) : fault};
}

std::string reasonOf(const Error& error)
{
    return error.place.empty() ? error.message : error.place + ": " + error.message;
}

Result<Finding> checkStructure(Database& database)
{
    std::string faults;
    ESPALIER_TRY(Statement rows, database.prepare("PRAGMA integrity_check(10)"));
    for (;;) {
        const Result<bool> row = rows.step();
        if (!row) {
            faults += (faults.empty() ? "" : "; ") + row.error().message;
            break;
        }
        if (!*row)
            break;
        if (rows.text(0) != "ok")
            faults += (faults.empty() ? "" : "; ") + rows.text(0);
    }
    return finding("file structure", faults, "integrity_check found nothing");
}

Result<Finding> checkForeignKeys(Database& database)
{
    std::int64_t broken = 0;
    ESPALIER_TRY(Statement rows, database.prepare("PRAGMA foreign_key_check"));
    for (;;) {
        ESPALIER_TRY(const bool row, rows.step());
        if (!row)
            break;
        ++broken;
    }
    return finding("references", broken == 0 ? "" : fmt::format("{} rows point to rows that do not exist", broken),
                   "every row's owner exists");
}

/// Reads all rows of single tokens, which checks them.
Result<void> checkSamples(StudyState& state, std::int64_t domain)
{
    ESPALIER_TRY(const auto columns, state.sampleColumns(domain));
    for (const SampleColumn& column : columns)
        ESPALIER_CHECK(state.readSample(column, [](std::span<const std::byte>) { return Result<void>(); }));
    return {};
}

/// One finding per domain of every run: shapes, lengths and checksums of all its matrices.
Result<std::vector<Finding>> checkStatistics(StudyState& state)
{
    std::vector<Finding> findings;
    ESPALIER_TRY(Statement rows,
                 state.database.prepare("SELECT domain.id, domain.name, domain.run_id, (SELECT count(*) FROM statistic "
                                        "JOIN layer ON layer.id = layer_id WHERE domain_id = domain.id) FROM domain "
                                        "ORDER BY domain.run_id, domain.id"));
    for (;;) {
        ESPALIER_TRY(const bool row, rows.step());
        if (!row)
            return findings;
        const auto loaded = state.loadDomain(rows.integer(0), Pools::Load);
        const auto sampled = checkSamples(state, rows.integer(0));
        std::string fault = loaded ? std::string() : reasonOf(loaded.error());
        if (fault.empty() && !sampled)
            fault = reasonOf(sampled.error());
        if (loaded)
            for (const stats::LayerStats& layer : loaded->layers)
                if (layer.pool().k > 0 && !layer.pool().logits.empty() &&
                    static_cast<double>(layer.pool().logits.size()) != layer.tokens() * layer.pool().k)
                    fault =
                        fmt::format("layer {}: the logit pool does not hold one row per token", layer.layer().value());
        findings.push_back(finding(fmt::format("statistics of run {}, {}", rows.integer(2), rows.text(1)), fault,
                                   fmt::format("{} matrices, shapes and checksums agree", rows.integer(3))));
    }
}

std::string planFault(const base::OrderedJson& document, const model::ModelSummary& model)
{
    if (!document.is_object() || !document.contains("schema") || document["schema"] != "espalier.plan/1")
        return "not a plan of schema espalier.plan/1";
    const auto owner = document.find("model");
    if (owner == document.end() || !owner->is_object())
        return {}; // plans written by hand need not name a model
    const auto fingerprint = owner->find("fingerprint");
    if (fingerprint == owner->end() || *fingerprint == model.fingerprint)
        return {};
    return fmt::format("made for model {}, the study's is {}", fingerprint->dump(), model.fingerprint);
}

} // namespace

Result<std::vector<Finding>> Study::check() const
{
    StudyState& state = *m_state;
    std::vector<Finding> findings;
    ESPALIER_TRY(const Transaction snapshot, Transaction::begin(state.database, Transaction::Kind::Snapshot));
    ESPALIER_TRY(Finding structure, checkStructure(state.database));
    findings.push_back(std::move(structure));
    ESPALIER_TRY(Finding references, checkForeignKeys(state.database));
    findings.push_back(std::move(references));

    const auto allRuns = runs();
    findings.push_back(finding("runs", allRuns ? "" : reasonOf(allRuns.error()),
                               allRuns ? fmt::format("{} runs", allRuns->size()) : ""));
    ESPALIER_TRY(std::vector<Finding> statistics, checkStatistics(state));
    findings.insert(findings.end(), statistics.begin(), statistics.end());
    const auto weights = state.loadWeights();
    findings.push_back(
        finding("facts of the weights", weights ? "" : reasonOf(weights.error()),
                weights && *weights != nullptr ? fmt::format("{} layers", (*weights)->layers.size()) : "not measured"));
    const auto merged = state.loadAll(Pools::Load);
    findings.push_back(finding("merged statistics", merged ? "" : reasonOf(merged.error()),
                               merged ? fmt::format("{} domains", merged->domains.size()) : ""));

    const auto allPlans = plans();
    if (!allPlans)
        findings.push_back({"plans", false, reasonOf(allPlans.error())});
    else
        for (const PlanRecord& plan : *allPlans)
            findings.push_back(finding(fmt::format("plan {}", plan.name), planFault(plan.document, state.model),
                                       "belongs to the study's model"));
    const auto allValidations = validations();
    findings.push_back(finding("validations", allValidations ? "" : reasonOf(allValidations.error()),
                               allValidations ? fmt::format("{} stored", allValidations->size()) : ""));
    const auto allExports = exports();
    findings.push_back(finding("exports", allExports ? "" : reasonOf(allExports.error()),
                               allExports ? fmt::format("{} stored", allExports->size()) : ""));
    const auto entries = journal();
    findings.push_back(finding("journal", entries ? "" : reasonOf(entries.error()),
                               entries ? fmt::format("{} entries", entries->size()) : ""));
    return findings;
}

} // namespace espalier::study
