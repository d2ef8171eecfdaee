// SPDX-License-Identifier: Apache-2.0
#include "core/study/study.h"

#include "core/base/file.h"
#include "core/base/version.h"
#include "core/study/schema.h"
#include "core/study/study_state.h"

#include <cerrno>
#include <ctime>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace espalier::study {
namespace {

constexpr std::chrono::milliseconds kPatience{1500}; // another window saving a plan is quicker than that

Result<void> examine(const std::filesystem::path& path)
{
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0)
        return base::systemError(path, "cannot open the study", errno);
    if (S_ISDIR(status.st_mode))
        return base::badInput("is a folder, not a study file", path.string(), {},
                              "Name a .espalier file made by espalier profile");
    if (!S_ISREG(status.st_mode))
        return base::badInput("is not an ordinary file", path.string());
    if (status.st_size == 0)
        return base::badInput("is empty, not a study file", path.string(), {}, "Remove it and measure again");
    return {};
}

Error notOurs(const std::filesystem::path& path, std::string_view why)
{
    return base::badInput(fmt::format("not a study file ({})", why), path.string(), {},
                          "Give a file made by espalier profile");
}

// Reads the first page only, without locks and without recovery, so that a stranger's database is never touched.
Result<void> probe(const std::filesystem::path& path)
{
    Result<Database> database = Database::open(path, Access::Immutable);
    if (!database)
        return database.error();
    const Result<std::int64_t> id = database->integer("PRAGMA application_id");
    if (!id)
        return id.error();
    if (*id == 0)
        return notOurs(path, "a database without an application mark");
    if (*id != kApplicationId)
        return notOurs(path, "a database of another application");
    return {};
}

Result<void> refuseNewer(Database& database, const std::filesystem::path& path)
{
    ESPALIER_TRY(const std::int64_t version, database.integer("PRAGMA user_version"));
    if (version > kFormatVersion)
        return base::badInput(
            fmt::format("the study has format version {}, this program reads up to {}", version, kFormatVersion),
            path.string(), "user_version", "Open it with a newer version of Espalier");
    return {};
}

bool hasLog(const std::filesystem::path& path)
{
    std::filesystem::path log = path;
    log += "-wal";
    std::error_code failed;
    const auto size = std::filesystem::file_size(log, failed);
    return !failed && size > 0;
}

Result<Database> openForReading(const std::filesystem::path& path)
{
    Error first;
    {
        Result<Database> database = Database::open(path, Access::ReadOnly);
        if (database) {
            const auto version = database->integer("PRAGMA user_version");
            const auto schema = database->integer("SELECT count(*) FROM sqlite_master");
            if (version && schema)
                return database;
            first = version ? schema.error() : version.error();
        } else {
            first = database.error();
        }
    }
    // A folder that cannot be written has no place for the log's shared memory. Without a log nothing is missing.
    if (!hasLog(path) && ::access(path.parent_path().empty() ? "." : path.parent_path().c_str(), W_OK) != 0)
        return Database::open(path, Access::Immutable);
    if (hasLog(path) && first.message.find("cannot open") == 0)
        first.remedy = "Copy the study together with its -wal file to a folder that can be written";
    return first;
}

} // namespace

std::string utcNow()
{
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                       parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string jsonText(const base::OrderedJson& json)
{
    return json.dump(-1, ' ', false, base::OrderedJson::error_handler_t::replace);
}

Result<void> StudyState::needWriting() const
{
    if (mode != OpenMode::ReadWrite)
        return base::internalError("a study opened for reading was written to");
    return {};
}

Result<base::OrderedJson> StudyState::json(const std::string& text, const std::string& place) const
{
    Result<base::OrderedJson> parsed = base::parseJson(text, path.string());
    if (parsed)
        return parsed;
    Error error = parsed.error();
    error.place = error.place.empty() ? place : place + ", " + error.place;
    return error;
}

Result<Transaction> StudyState::beginDurable()
{
    ESPALIER_CHECK(needWriting());
    ESPALIER_CHECK(database.execute("PRAGMA synchronous=FULL"));
    return Transaction::begin(database, Transaction::Kind::Write);
}

Result<Transaction> StudyState::beginQuick()
{
    ESPALIER_CHECK(needWriting());
    // NORMAL leaves the file whole only together with the write-ahead log.
    ESPALIER_CHECK(database.execute(writeAheadLog ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL"));
    return Transaction::begin(database, Transaction::Kind::Write);
}

Study::Study(std::unique_ptr<StudyState> state) : m_state(std::move(state))
{
}
Study::Study(Study&&) noexcept = default;
Study& Study::operator=(Study&&) noexcept = default;
Study::~Study() = default;

const std::filesystem::path& Study::path() const
{
    return m_state->path;
}

const model::ModelSummary& Study::model() const
{
    return m_state->model;
}

namespace {

/// A new database with schema and model; the folder exists.
Result<void> fill(const std::filesystem::path& temporary, const model::ModelSummary& model)
{
    Result<Database> opened = Database::open(temporary, Access::Create);
    if (!opened) {
        Error error = opened.error();
        error.message = "the study cannot be made here (" + error.message + ")";
        return error;
    }
    Database database = std::move(*opened);
    ESPALIER_CHECK(database.execute("PRAGMA synchronous=FULL"));
    ESPALIER_TRY(Transaction transaction, Transaction::begin(database, Transaction::Kind::Write));
    ESPALIER_CHECK(database.execute(fmt::format("PRAGMA application_id={}", kApplicationId)));
    ESPALIER_CHECK(database.execute(std::string(schemaSql())));
    ESPALIER_CHECK(database.execute(fmt::format("PRAGMA user_version={}", kFormatVersion)));
    ESPALIER_TRY(Statement insert, database.prepare("INSERT INTO model(id, fingerprint, summary, created, program) "
                                                    "VALUES (1, ?1, ?2, ?3, ?4)"));
    insert.bind(1, model.fingerprint).bind(2, jsonText(model.toJson())).bind(3, utcNow()).bind(4, base::kVersion);
    ESPALIER_CHECK(insert.run());
    return transaction.commit();
}

} // namespace

Result<Study> Study::create(const std::filesystem::path& path, const model::ModelSummary& model)
{
    std::error_code failed;
    if (std::filesystem::exists(std::filesystem::symlink_status(path, failed)))
        return base::badInput("exists already", path.string(), {}, "Choose another name for the study");
    const std::filesystem::path parent = path.parent_path();
    if (!parent.empty() && !std::filesystem::is_directory(parent, failed))
        return base::badInput("the folder for the study does not exist", parent.string(), {}, "Make the folder first");

    // Filled under a temporary name: a study that exists is complete.
    const std::filesystem::path temporary = parent / fmt::format(".{}.new-{}", path.filename().string(), ::getpid());
    ::unlink(temporary.c_str());
    struct Remover {
        const std::filesystem::path& file;
        ~Remover() { ::unlink(file.c_str()); }
    } const remover{temporary};
    if (auto filled = fill(temporary, model); !filled) {
        Error error = filled.error();
        error.file = path.string(); // the user named this one
        return error;
    }
    // link() refuses to replace a file that appeared meanwhile; file systems without links get a plain rename.
    if (::link(temporary.c_str(), path.c_str()) != 0) {
        if (errno == EEXIST)
            return base::badInput("exists already", path.string(), {}, "Choose another name for the study");
        if (::rename(temporary.c_str(), path.c_str()) != 0)
            return base::systemError(path, "the study cannot be made here", errno);
    }
    ESPALIER_CHECK(base::syncDirectory(parent));
    return open(path, OpenMode::ReadWrite);
}

Result<Study> Study::open(const std::filesystem::path& path, OpenMode mode)
{
    ESPALIER_CHECK(examine(path));
    ESPALIER_CHECK(probe(path));
    std::optional<WriteLock> lock;
    bool unclean = false;
    if (mode == OpenMode::ReadWrite) {
        if (::access(path.c_str(), W_OK) != 0)
            return base::systemError(path, "the study cannot be written", errno);
        ESPALIER_TRY(WriteLock taken, WriteLock::acquire(path, kPatience));
        lock.emplace(std::move(taken));
        unclean = hasLog(path); // the last writer removes its log, so this one died
    }
    ESPALIER_TRY(Database opened,
                 mode == OpenMode::ReadWrite ? Database::open(path, Access::ReadWrite) : openForReading(path));
    ESPALIER_CHECK(refuseNewer(opened, path));
    if (unclean) {
        ESPALIER_TRY(const std::string fault, opened.text("PRAGMA quick_check(1)"));
        if (fault != "ok")
            return base::badInput(fmt::format("the study file is damaged ({})", fault), path.string(), {},
                                  "Restore it from a copy or measure again");
    }
    ESPALIER_TRY(const std::int64_t version, opened.integer("PRAGMA user_version"));
    if (version != kFormatVersion) {
        if (mode == OpenMode::ReadOnly) {
            // Migration needs the writer's place; afterwards the file opens like any other.
            {
                const Database closed = std::move(opened);
            }
            {
                ESPALIER_TRY(const Study migrated, open(path, OpenMode::ReadWrite));
            }
            return open(path, OpenMode::ReadOnly);
        }
        ESPALIER_CHECK(migrate(opened, path, migrationSteps(), kFormatVersion));
    }
    auto state = std::make_unique<StudyState>(std::move(opened));
    state->path = path;
    state->mode = mode;
    if (lock)
        state->lock.emplace(std::move(*lock));
    Database& database = state->database;
    ESPALIER_TRY(const std::int64_t active,
                 database.integer("SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')"));
    if (active != 0)
        return notOurs(path, "it holds triggers or views, which a study never has");
    if (mode == OpenMode::ReadWrite) {
        // Shared memory is missing on some network drives: the answer is then the old mode, which works everywhere.
        ESPALIER_TRY(const std::string journal, database.text("PRAGMA journal_mode=WAL"));
        state->writeAheadLog = journal == "wal";
        ESPALIER_CHECK(database.execute("PRAGMA journal_size_limit=67108864"));
    }
    ESPALIER_TRY(const std::string summary, database.text("SELECT summary FROM model WHERE id = 1"));
    ESPALIER_TRY(const std::string fingerprint, database.text("SELECT fingerprint FROM model WHERE id = 1"));
    ESPALIER_TRY(const base::OrderedJson json, state->json(summary, "table model"));
    ESPALIER_TRY(state->model, model::ModelSummary::fromJson(json, path.string()));
    if (state->model.fingerprint != fingerprint)
        return base::badInput("the model's facts and its fingerprint do not belong together", path.string(),
                              "table model", "Restore the study from a copy or measure again");
    return Study(std::move(state));
}

Result<Study> Study::openOrCreate(const std::filesystem::path& path, const model::ModelSummary& model)
{
    std::error_code failed;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path, failed)))
        return create(path, model);
    ESPALIER_TRY(Study study, open(path, OpenMode::ReadWrite));
    const model::ModelSummary& own = study.model();
    if (own.fingerprint != model.fingerprint)
        return base::badInput(fmt::format("the study belongs to model {} ({}), not to {} ({})", own.name,
                                          own.fingerprint, model.name, model.fingerprint),
                              path.string(), {}, "Use the study's own model or give another study file");
    return study;
}

Result<void> Study::checkpointWal()
{
    ESPALIER_CHECK(m_state->needWriting());
    if (!m_state->writeAheadLog)
        return {};
    // The row's first column tells whether a reader was in the way; the log then stays beside the file and is valid.
    ESPALIER_TRY(const std::int64_t busy, m_state->database.integer("PRAGMA wal_checkpoint(TRUNCATE)"));
    if (busy != 0)
        return base::badInput("another program reads the study, its log could not be folded in", m_state->path.string(),
                              {}, "Close the other program, or copy the file together with its -wal file");
    return {};
}

} // namespace espalier::study
