// SPDX-License-Identifier: Apache-2.0
// Plans, validations, exports and the edit journal: small documents, written so that they survive a power cut.
#include "core/study/study_state.h"

#include <fmt/format.h>

namespace espalier::study {
namespace {

// Inserts into a table (created, document) and returns the new id.
Result<std::int64_t> addDocument(StudyState& state, std::string_view table, const base::OrderedJson& document)
{
    ESPALIER_TRY(Transaction transaction, state.beginDurable());
    ESPALIER_TRY(Statement insert,
                 state.database.prepare(fmt::format("INSERT INTO {}(created, document) VALUES (?1, ?2)", table)));
    insert.bind(1, utcNow()).bind(2, jsonText(document));
    ESPALIER_CHECK(insert.run());
    const std::int64_t id = state.database.lastInsertId();
    ESPALIER_CHECK(transaction.commit());
    return id;
}

template <typename Record>
Result<std::vector<Record>> readDocuments(StudyState& state, std::string_view table)
{
    std::vector<Record> records;
    ESPALIER_TRY(Statement select,
                 state.database.prepare(fmt::format("SELECT id, created, document FROM {} ORDER BY id", table)));
    for (;;) {
        ESPALIER_TRY(const bool row, select.step());
        if (!row)
            return records;
        Record record;
        record.id = select.integer(0);
        record.created = select.text(1);
        ESPALIER_TRY(record.document, state.json(select.text(2), fmt::format("{} {}", table, record.id)));
        records.push_back(std::move(record));
    }
}

} // namespace

Result<void> Study::savePlan(const std::string& name, const base::OrderedJson& document)
{
    if (name.empty())
        return base::usageError("a plan needs a name");
    ESPALIER_TRY(Transaction transaction, m_state->beginDurable());
    ESPALIER_TRY(
        Statement upsert,
        m_state->database.prepare("INSERT INTO plan(name, created, document) VALUES (?1, ?2, ?3) ON CONFLICT(name) "
                                  "DO UPDATE SET created = excluded.created, document = excluded.document"));
    upsert.bind(1, name).bind(2, utcNow()).bind(3, jsonText(document));
    ESPALIER_CHECK(upsert.run());
    return transaction.commit();
}

Result<void> Study::removePlan(const std::string& name)
{
    ESPALIER_TRY(Transaction transaction, m_state->beginDurable());
    ESPALIER_TRY(Statement remove, m_state->database.prepare("DELETE FROM plan WHERE name = ?1"));
    remove.bind(1, name);
    ESPALIER_CHECK(remove.run());
    if (m_state->database.changes() == 0)
        return base::badInput(fmt::format("has no plan named \"{}\"", name), m_state->path.string(), {},
                              "See espalier study info for the plans it holds");
    return transaction.commit();
}

Result<std::vector<PlanRecord>> Study::plans() const
{
    std::vector<PlanRecord> records;
    ESPALIER_TRY(Statement select, m_state->database.prepare("SELECT name, created, document FROM plan ORDER BY id"));
    for (;;) {
        ESPALIER_TRY(const bool row, select.step());
        if (!row)
            return records;
        PlanRecord record;
        record.name = select.text(0);
        record.created = select.text(1);
        ESPALIER_TRY(record.document, m_state->json(select.text(2), fmt::format("plan {}", record.name)));
        records.push_back(std::move(record));
    }
}

Result<std::int64_t> Study::addValidation(const base::OrderedJson& document)
{
    return addDocument(*m_state, "validation", document);
}

Result<std::vector<ValidationRecord>> Study::validations() const
{
    return readDocuments<ValidationRecord>(*m_state, "validation");
}

Result<std::int64_t> Study::addExport(const base::OrderedJson& document)
{
    return addDocument(*m_state, "export", document);
}

Result<std::vector<ExportRecord>> Study::exports() const
{
    return readDocuments<ExportRecord>(*m_state, "export");
}

Result<void> Study::addJournal(const std::string& text, const base::OrderedJson& document)
{
    ESPALIER_TRY(Transaction transaction, m_state->beginQuick());
    ESPALIER_TRY(Statement insert,
                 m_state->database.prepare("INSERT INTO journal(created, text, document) VALUES (?1, ?2, ?3)"));
    insert.bind(1, utcNow()).bind(2, text).bind(3, jsonText(document));
    ESPALIER_CHECK(insert.run());
    return transaction.commit();
}

namespace {

JournalEntry journalEntry(Statement& select)
{
    return {select.integer(0), select.text(1), select.text(3), {}};
}

} // namespace

Result<std::vector<JournalEntry>> Study::journal() const
{
    std::vector<JournalEntry> entries;
    ESPALIER_TRY(Statement select,
                 m_state->database.prepare("SELECT id, created, document, text FROM journal ORDER BY id"));
    for (;;) {
        ESPALIER_TRY(const bool row, select.step());
        if (!row)
            return entries;
        JournalEntry entry = journalEntry(select);
        ESPALIER_TRY(entry.document, m_state->json(select.text(2), fmt::format("journal {}", entry.id)));
        entries.push_back(std::move(entry));
    }
}

Result<std::optional<JournalEntry>> Study::lastJournal() const
{
    ESPALIER_TRY(Statement select,
                 m_state->database.prepare("SELECT id, created, document, text FROM journal ORDER BY id DESC LIMIT 1"));
    ESPALIER_TRY(const bool row, select.step());
    if (!row)
        return std::optional<JournalEntry>();
    std::optional<JournalEntry> entry = journalEntry(select);
    ESPALIER_TRY(entry->document, m_state->json(select.text(2), fmt::format("journal {}", entry->id)));
    return entry;
}

} // namespace espalier::study
