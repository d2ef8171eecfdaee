// SPDX-License-Identifier: Apache-2.0
// Runs: begin, commit progress, finish, resume, merge. Matrices themselves are in study_statistics.cpp.
#include "core/study/study_state.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <random>

namespace espalier::study {
namespace {

constexpr std::string_view kRunColumns =
    "SELECT id, state, started, finished, settings, groups_done, groups_total, seconds, kind, "
    "(SELECT coalesce(sum(tokens), 0) FROM domain WHERE run_id = run.id) FROM run ";

Result<RunInfo> readRun(const StudyState& state, const Statement& row)
{
    RunInfo run;
    run.id = row.integer(0);
    run.state = row.text(1);
    run.started = row.text(2);
    run.finished = row.text(3);
    ESPALIER_TRY(run.settings, state.json(row.text(4), fmt::format("run {}", run.id)));
    run.groupsDone = row.integer(5);
    run.groupsTotal = row.integer(6);
    run.seconds = row.real(7);
    run.imported = row.text(8) == "imported";
    if (run.settings.is_object() && run.settings.contains("source") && run.settings["source"].is_object())
        run.source = run.settings["source"];
    run.tokens = row.integer(9);
    return run;
}

std::string textOf(const base::OrderedJson& json, const char* key)
{
    if (!json.is_object())
        return {};
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string randomUid()
{
    std::random_device source;
    return fmt::format("{:08x}{:08x}{:08x}{:08x}", source(), source(), source(), source());
}

} // namespace

Result<std::int64_t> StudyState::insertRun(const std::string& kind, const std::string& runState,
                                           const base::OrderedJson& settings, std::int64_t groupsTotal)
{
    ESPALIER_TRY(Statement insert,
                 database.prepare("INSERT INTO run(uid, kind, state, started, settings, resume_key, groups_total) "
                                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
    insert.bind(1, randomUid()).bind(2, kind).bind(3, runState).bind(4, utcNow()).bind(5, jsonText(settings));
    insert.bind(6, textOf(settings, "resume_key")).bind(7, groupsTotal);
    ESPALIER_CHECK(insert.run());
    return database.lastInsertId();
}

Result<std::int64_t> Study::beginRun(const base::OrderedJson& settings, std::int64_t groupsTotal)
{
    ESPALIER_TRY(Transaction transaction, m_state->beginDurable());
    ESPALIER_TRY(const std::int64_t id, m_state->insertRun("measured", "running", settings, groupsTotal));
    ESPALIER_CHECK(transaction.commit());
    return id;
}

Result<std::vector<RunInfo>> Study::runs() const
{
    std::vector<RunInfo> all;
    ESPALIER_TRY(Statement select, m_state->database.prepare(fmt::format("{} ORDER BY id", kRunColumns)));
    for (;;) {
        ESPALIER_TRY(const bool row, select.step());
        if (!row)
            return all;
        ESPALIER_TRY(RunInfo run, readRun(*m_state, select));
        all.push_back(std::move(run));
    }
}

Result<std::optional<RunInfo>> Study::findResumable(const std::string& resumeKey) const
{
    ESPALIER_TRY(Statement select,
                 m_state->database.prepare(fmt::format("{} WHERE kind = 'measured' AND state <> 'finished' "
                                                       "AND resume_key = ?1 AND ?1 <> '' ORDER BY id DESC LIMIT 1",
                                                       kRunColumns)));
    select.bind(1, resumeKey);
    ESPALIER_TRY(const bool row, select.step());
    if (!row)
        return std::optional<RunInfo>();
    ESPALIER_TRY(RunInfo run, readRun(*m_state, select));
    return std::optional<RunInfo>(std::move(run));
}

Result<void> Study::commitProgress(std::int64_t run, const stats::DomainStats& domain, std::int64_t groupsDone,
                                   double seconds)
{
    return commitProgress(run, std::span(&domain, 1), groupsDone, seconds);
}

Result<void> Study::commitProgress(std::int64_t run, std::span<const stats::DomainStats> domains,
                                   std::int64_t groupsDone, double seconds)
{
    ESPALIER_TRY(Transaction transaction, m_state->beginQuick());
    ESPALIER_TRY(Statement update, m_state->database.prepare("UPDATE run SET state = 'running', groups_done = ?2, "
                                                             "seconds = ?3 WHERE id = ?1 AND state <> 'finished'"));
    update.bind(1, run).bind(2, groupsDone).bind(3, seconds);
    ESPALIER_CHECK(update.run());
    if (m_state->database.changes() != 1)
        return base::internalError(fmt::format("the study has no unfinished run {}", run));
    for (const stats::DomainStats& domain : domains)
        ESPALIER_CHECK(m_state->storeDomain(run, domain));
    return transaction.commit();
}

Result<void> Study::finishRun(std::int64_t run, const std::string& state)
{
    if (state != "partial" && state != "finished")
        return base::internalError(fmt::format("a run cannot end as \"{}\"", state));
    ESPALIER_TRY(Transaction transaction, m_state->beginDurable());
    ESPALIER_TRY(Statement update, m_state->database.prepare("UPDATE run SET state = ?2, finished = ?3 WHERE id = ?1"));
    update.bind(1, run).bind(2, state).bind(3, utcNow());
    ESPALIER_CHECK(update.run());
    if (m_state->database.changes() != 1)
        return base::internalError(fmt::format("the study has no run {}", run));
    return transaction.commit();
}

Result<stats::Statistics> StudyState::emptyStatistics(std::int64_t run)
{
    ESPALIER_TRY(Statement select, database.prepare("SELECT settings FROM run WHERE id = ?1"));
    select.bind(1, run);
    ESPALIER_TRY(const bool row, select.step());
    if (!row)
        return base::badInput(fmt::format("the study has no run {}", run), path.string());
    ESPALIER_TRY(const base::OrderedJson settings, json(select.text(0), fmt::format("run {}", run)));
    stats::Statistics statistics;
    statistics.modelFingerprint = model.fingerprint;
    statistics.tokenizerFingerprint = textOf(settings, "tokenizer_fingerprint");
    if (settings.is_object() && settings.contains("context") && settings["context"].is_number_integer())
        statistics.context = settings["context"].get<std::int64_t>();
    return statistics;
}

Result<stats::Statistics> Study::loadRun(std::int64_t run, Pools pools) const
{
    ESPALIER_TRY(const Transaction snapshot, Transaction::begin(m_state->database, Transaction::Kind::Snapshot));
    ESPALIER_TRY(stats::Statistics statistics, m_state->emptyStatistics(run));
    ESPALIER_TRY(Statement select, m_state->database.prepare("SELECT id FROM domain WHERE run_id = ?1 ORDER BY id"));
    select.bind(1, run);
    for (;;) {
        ESPALIER_TRY(const bool row, select.step());
        if (!row)
            return statistics;
        ESPALIER_TRY(stats::DomainStats domain, m_state->loadDomain(select.integer(0), pools));
        statistics.domains.push_back(std::move(domain));
    }
}

Result<stats::Statistics> StudyState::loadAll(Pools pools)
{
    struct Source {
        std::int64_t domain = 0, run = 0;
    };
    struct Parts {
        std::optional<Source> measured; // of the newest run
        std::vector<Source> imported;
    };
    std::vector<std::string> order; // as first measured
    std::map<std::string, Parts> parts;
    ESPALIER_TRY(Statement select,
                 database.prepare("SELECT domain.id, run.id, domain.name, run.kind FROM domain JOIN run ON run.id = "
                                  "domain.run_id WHERE domain.tokens > 0 OR EXISTS (SELECT 1 FROM layer JOIN statistic "
                                  "ON layer_id = layer.id WHERE domain_id = domain.id AND stat = 'inner-energy') "
                                  "ORDER BY run.id, domain.id"));
    for (;;) {
        ESPALIER_TRY(const bool row, select.step());
        if (!row)
            break;
        const std::string name = select.text(2);
        if (!parts.contains(name))
            order.push_back(name);
        const Source source{select.integer(0), select.integer(1)};
        if (select.text(3) == "imported")
            parts[name].imported.push_back(source);
        else
            parts[name].measured = source;
    }
    stats::Statistics all;
    all.modelFingerprint = model.fingerprint;
    for (const std::string& name : order) {
        Parts& part = parts[name];
        if (part.measured)
            part.imported.insert(part.imported.begin(), *part.measured);
        for (const Source& source : part.imported) {
            ESPALIER_TRY(stats::Statistics one, emptyStatistics(source.run));
            ESPALIER_TRY(stats::DomainStats domain, loadDomain(source.domain, pools));
            one.domains.push_back(std::move(domain));
            if (all.domains.empty()) {
                all = std::move(one);
                continue;
            }
            const std::int64_t context = std::max(all.context, one.context);
            // Runs that say nothing about their tokenizer cannot contradict one that does.
            if (all.tokenizerFingerprint.empty())
                all.tokenizerFingerprint = one.tokenizerFingerprint;
            if (one.tokenizerFingerprint.empty())
                one.tokenizerFingerprint = all.tokenizerFingerprint;
            one.context = all.context;
            const Result<void> merged = all.merge(one);
            if (!merged) {
                Error error = merged.error();
                error.file = path.string();
                return error;
            }
            all.context = context;
        }
    }
    ESPALIER_TRY(all.weights, loadWeights());
    return all;
}

Result<stats::Statistics> Study::loadStatistics(Pools pools) const
{
    ESPALIER_TRY(const Transaction snapshot, Transaction::begin(m_state->database, Transaction::Kind::Snapshot));
    return m_state->loadAll(pools);
}

Result<std::set<std::string>> StudyState::measurements()
{
    std::set<std::string> ids;
    ESPALIER_TRY(
        Statement select,
        database.prepare("SELECT uid, kind, settings FROM run WHERE EXISTS (SELECT 1 FROM domain WHERE run_id = "
                         "run.id AND tokens > 0) ORDER BY id"));
    for (;;) {
        ESPALIER_TRY(const bool row, select.step());
        if (!row)
            return ids;
        if (select.text(1) == "measured") {
            ids.insert(select.text(0));
            continue;
        }
        ESPALIER_TRY(const base::OrderedJson settings, json(select.text(2), "table run"));
        if (settings.is_object() && settings.contains("measurements") && settings["measurements"].is_array())
            for (const auto& id : settings["measurements"])
                if (id.is_string())
                    ids.insert(id.get<std::string>());
    }
}

Result<std::int64_t> Study::addMeasured(const std::vector<stats::DomainStats>& domains, const base::OrderedJson& source)
{
    ESPALIER_TRY(Transaction transaction, m_state->beginDurable());
    ESPALIER_TRY(Statement known, m_state->database.prepare("SELECT 1 FROM domain WHERE name = ?1"));
    for (const stats::DomainStats& domain : domains) {
        known.bind(1, domain.name);
        ESPALIER_TRY(const bool exists, known.step());
        known.reset();
        if (exists)
            return base::badInput(fmt::format("the study has measured a domain {} already", domain.name),
                                  path().string(), "domain " + domain.name, "Choose another name with --domain");
    }
    const base::OrderedJson settings{{"source", source}};
    ESPALIER_TRY(const std::int64_t run, m_state->insertRun("measured", "finished", settings, 0));
    for (const stats::DomainStats& domain : domains)
        ESPALIER_CHECK(m_state->storeDomain(run, domain));
    ESPALIER_TRY(Statement update, m_state->database.prepare("UPDATE run SET finished = started WHERE id = ?1"));
    update.bind(1, run);
    ESPALIER_CHECK(update.run());
    ESPALIER_CHECK(transaction.commit());
    return run;
}

Result<void> Study::importRuns(const Study& other)
{
    StudyState& source = *other.m_state;
    const std::string from = other.path().string();
    if (source.model.fingerprint != m_state->model.fingerprint)
        return base::badInput(fmt::format("was measured with another model: {} ({}) instead of {} ({})",
                                          source.model.name, source.model.fingerprint, m_state->model.name,
                                          m_state->model.fingerprint),
                              from, {}, "Only studies of one model can be merged");
    ESPALIER_TRY(const Transaction snapshot, Transaction::begin(source.database, Transaction::Kind::Snapshot));
    ESPALIER_TRY(const std::set<std::string> theirs, source.measurements());
    ESPALIER_TRY(const stats::Statistics statistics, source.loadAll(Pools::Load));
    if (statistics.domains.empty())
        return base::badInput("holds no measurements", from, {}, "Run espalier profile with it first");
    ESPALIER_TRY(const std::set<std::string> ours, m_state->measurements());
    for (const std::string& id : theirs)
        if (ours.contains(id))
            return base::badInput("its measurements are in this study already and would count twice", from,
                                  "measurement " + id, "Leave this file out");
    ESPALIER_TRY(const stats::Statistics own, m_state->loadAll(Pools::Leave));
    if (!own.tokenizerFingerprint.empty() && !statistics.tokenizerFingerprint.empty() &&
        own.tokenizerFingerprint != statistics.tokenizerFingerprint)
        return base::badInput("was measured with another tokenizer", from, {},
                              "Measure again with the model's tokenizer");

    base::OrderedJson settings = base::OrderedJson::object();
    settings["imported_from"] = other.path().filename().string();
    settings["context"] = statistics.context;
    settings["tokenizer_fingerprint"] = statistics.tokenizerFingerprint;
    settings["measurements"] = theirs;
    for (const stats::DomainStats& domain : statistics.domains)
        if (!domain.importedFrom.empty())
            settings["domain_sources"][domain.name] = domain.importedFrom;
    ESPALIER_TRY(Transaction transaction, m_state->beginDurable());
    ESPALIER_TRY(const std::int64_t run, m_state->insertRun("imported", "finished", settings, 0));
    for (const stats::DomainStats& domain : statistics.domains)
        ESPALIER_CHECK(m_state->storeDomain(run, domain));
    ESPALIER_TRY(Statement update, m_state->database.prepare("UPDATE run SET finished = started WHERE id = ?1"));
    update.bind(1, run);
    ESPALIER_CHECK(update.run());
    return transaction.commit();
}

} // namespace espalier::study
