// SPDX-License-Identifier: Apache-2.0
// Journals of searches: what was measured, step by step, so that a search that was stopped goes on. The tables are made
// when they are first needed, as study_weights.cpp does and for the same reason.
#include "core/study/study_state.h"

#include <fmt/format.h>

namespace espalier::study {
namespace {

constexpr std::string_view kTables = R"sql(
CREATE TABLE IF NOT EXISTS search(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE CHECK(key <> ''),
  created TEXT NOT NULL,
  finished INTEGER NOT NULL DEFAULT 0 CHECK(finished IN (0, 1)),
  settings TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS search_step(
  search_id INTEGER NOT NULL REFERENCES search(id) ON DELETE CASCADE,
  step INTEGER NOT NULL CHECK(step >= 0),
  document TEXT NOT NULL,
  PRIMARY KEY(search_id, step)) STRICT;
)sql";

Result<bool> hasTables(StudyState& state)
{
    ESPALIER_TRY(const std::int64_t known, state.database.integer("SELECT count(*) FROM sqlite_master WHERE type = "
                                                                  "'table' AND name = 'search_step'"));
    return known > 0;
}

} // namespace

Result<std::int64_t> Study::beginSearch(const std::string& key, const base::OrderedJson& settings)
{
    ESPALIER_TRY(Transaction transaction, m_state->beginDurable());
    ESPALIER_CHECK(m_state->database.execute(std::string(kTables)));
    ESPALIER_TRY(Statement remove, m_state->database.prepare("DELETE FROM search WHERE key = ?1"));
    remove.bind(1, key);
    ESPALIER_CHECK(remove.run());
    ESPALIER_TRY(Statement insert,
                 m_state->database.prepare("INSERT INTO search(key, created, settings) VALUES (?1, ?2, ?3)"));
    insert.bind(1, key).bind(2, utcNow()).bind(3, jsonText(settings));
    ESPALIER_CHECK(insert.run());
    const std::int64_t id = m_state->database.lastInsertId();
    ESPALIER_CHECK(transaction.commit());
    return id;
}

Result<std::vector<SearchInfo>> Study::searches() const
{
    std::vector<SearchInfo> found;
    ESPALIER_TRY(const bool any, hasTables(*m_state));
    if (!any)
        return found;
    ESPALIER_TRY(Statement select,
                 m_state->database.prepare("SELECT id, created, key, finished, settings, (SELECT count(*) FROM "
                                           "search_step WHERE search_id = id) FROM search ORDER BY id"));
    for (;;) {
        ESPALIER_TRY(const bool row, select.step());
        if (!row)
            return found;
        SearchInfo info;
        info.id = select.integer(0);
        info.created = select.text(1);
        info.key = select.text(2);
        info.finished = select.integer(3) != 0;
        ESPALIER_TRY(info.settings, m_state->json(select.text(4), fmt::format("search {}", info.id)));
        info.steps = select.integer(5);
        found.push_back(std::move(info));
    }
}

Result<void> Study::addSearchStep(std::int64_t search, const base::OrderedJson& step)
{
    ESPALIER_TRY(Transaction transaction, m_state->beginQuick());
    ESPALIER_TRY(Statement insert,
                 m_state->database.prepare("INSERT INTO search_step(search_id, step, document) VALUES (?1, (SELECT "
                                           "count(*) FROM search_step WHERE search_id = ?1), ?2)"));
    insert.bind(1, search).bind(2, jsonText(step));
    ESPALIER_CHECK(insert.run());
    return transaction.commit();
}

Result<std::vector<base::OrderedJson>> Study::searchSteps(std::int64_t search) const
{
    std::vector<base::OrderedJson> steps;
    ESPALIER_TRY(Statement select, m_state->database.prepare(
                                       "SELECT step, document FROM search_step WHERE search_id = ?1 ORDER BY step"));
    select.bind(1, search);
    for (;;) {
        ESPALIER_TRY(const bool row, select.step());
        if (!row)
            return steps;
        if (select.integer(0) != static_cast<std::int64_t>(steps.size()))
            return base::badInput("has a step missing", m_state->path.string(), fmt::format("search {}", search),
                                  "Run the search again without --resume");
        ESPALIER_TRY(auto step, m_state->json(select.text(1), fmt::format("search {} step {}", search, steps.size())));
        steps.push_back(std::move(step));
    }
}

Result<void> Study::finishSearch(std::int64_t search)
{
    ESPALIER_TRY(Transaction transaction, m_state->beginDurable());
    ESPALIER_TRY(Statement update, m_state->database.prepare("UPDATE search SET finished = 1 WHERE id = ?1"));
    update.bind(1, search);
    ESPALIER_CHECK(update.run());
    return transaction.commit();
}

} // namespace espalier::study
