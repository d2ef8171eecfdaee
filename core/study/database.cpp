// SPDX-License-Identifier: Apache-2.0
#include "core/study/database.h"

#include "core/base/file.h"

#include <cerrno>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>

namespace espalier::study {
namespace {

constexpr int kBusyMilliseconds = 5000;

// A path may hold '?', '#' or '%', which mean something in a URI.
std::string uriOf(const std::string& path, std::string_view query)
{
    std::string uri = "file:";
    for (const char c : path) {
        if (c == '?' || c == '#' || c == '%')
            uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        else
            uri += c;
    }
    return uri.append("?").append(query);
}

} // namespace

Error databaseError(const std::string& path, int code, const std::string& reason)
{
    switch (code & 0xFF) {
    case SQLITE_FULL: {
        Error error = base::noResources("the disk is full", "Free space on this disk or choose another place");
        error.file = path;
        return error;
    }
    case SQLITE_NOMEM: {
        Error error = base::noResources("not enough memory to read the study");
        error.file = path;
        return error;
    }
    case SQLITE_NOTADB:
        return base::badInput("not a study file", path, {}, "Give a file made by espalier profile");
    case SQLITE_CORRUPT:
        return base::badInput(fmt::format("the study file is damaged or cut off ({})", reason), path, {},
                              "Restore it from a copy or measure again");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return base::badInput("the study is in use by another program", path, {},
                              "Wait for it to finish and try again");
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return base::badInput("the study cannot be written", path, {},
                              "Check the permissions of the file and its folder");
    case SQLITE_CANTOPEN:
        return base::badInput(fmt::format("cannot open ({})", reason), path, {}, "Check the path and the permissions");
    case SQLITE_IOERR:
        // SQLite reports a full disk by a code of its own, but not what `ulimit -f` forbids.
        if (struct rlimit limit{}; ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
            return base::systemError(path, "cannot write the study", EFBIG);
        return base::badInput(fmt::format("cannot read or write the study ({})", reason), path, {},
                              "Check the disk or the network drive");
    default:
        return base::badInput(fmt::format("the study cannot be used ({})", reason), path, {},
                              "Run espalier study check on it");
    }
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const
{
    sqlite3_finalize(statement);
}

void Statement::remember(int status)
{
    if (status != SQLITE_OK && m_bindStatus == SQLITE_OK)
        m_bindStatus = status;
}

Statement& Statement::bind(int position, std::int64_t value)
{
    remember(sqlite3_bind_int64(m_statement.get(), position, value));
    return *this;
}

Statement& Statement::bind(int position, double value)
{
    remember(sqlite3_bind_double(m_statement.get(), position, value));
    return *this;
}

Statement& Statement::bind(int position, std::string_view value)
{
    // A null pointer would bind NULL; an empty string is what was meant.
    remember(sqlite3_bind_text64(m_statement.get(), position, value.data() == nullptr ? "" : value.data(), value.size(),
                                 SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bindBlob(int position, std::span<const std::byte> value)
{
    if (value.empty())
        remember(sqlite3_bind_zeroblob(m_statement.get(), position, 0));
    else
        remember(sqlite3_bind_blob64(m_statement.get(), position, value.data(), value.size(), SQLITE_STATIC));
    return *this;
}

Result<bool> Statement::step()
{
    if (m_bindStatus != SQLITE_OK)
        return databaseError(m_path, m_bindStatus, sqlite3_errstr(m_bindStatus));
    const int status = sqlite3_step(m_statement.get());
    if (status == SQLITE_ROW)
        return true;
    if (status == SQLITE_DONE)
        return false;
    return databaseError(m_path, status, sqlite3_errmsg(m_handle));
}

Result<void> Statement::run()
{
    const Result<bool> stepped = step();
    if (!stepped) {
        const Error error = stepped.error();
        reset();
        return error;
    }
    reset();
    return {};
}

void Statement::reset()
{
    sqlite3_reset(m_statement.get()); // repeats the error of the last step, which was reported
    sqlite3_clear_bindings(m_statement.get());
    m_bindStatus = SQLITE_OK;
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

double Statement::real(int column) const
{
    return sqlite3_column_double(m_statement.get(), column);
}

std::string Statement::text(int column) const
{
    const auto* data = sqlite3_column_text(m_statement.get(), column);
    if (data == nullptr)
        return {};
    return {reinterpret_cast<const char*>(data),
            static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column))};
}

std::span<const std::byte> Statement::blob(int column) const
{
    const void* data = sqlite3_column_blob(m_statement.get(), column);
    if (data == nullptr)
        return {};
    return {static_cast<const std::byte*>(data),
            static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column))};
}

void Database::Close::operator()(sqlite3* handle) const
{
    sqlite3_close_v2(handle);
}

Result<Database> Database::open(const std::filesystem::path& path, Access access)
{
    const std::string name = path.string();
    sqlite3* handle = nullptr;
    // ReadOnly opens for writing underneath where that is allowed (and query_only forbids it to us): only such a
    // connection can recover after a crash and removes the log's files when it is the last one to close.
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    std::string_view query = "mode=rw";
    if (access == Access::Create) {
        flags |= SQLITE_OPEN_CREATE;
        query = "mode=rwc";
    } else if (access == Access::Immutable) {
        flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
        query = "mode=ro&immutable=1";
    }
    const int status = sqlite3_open_v2(uriOf(name, query).c_str(), &handle, flags | SQLITE_OPEN_URI, nullptr);
    Database database(handle, name);
    if (status != SQLITE_OK)
        return databaseError(name, status, handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(status));
    sqlite3_busy_timeout(handle, kBusyMilliseconds);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    ESPALIER_CHECK(database.execute("PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON;"));
    if (access == Access::ReadOnly || access == Access::Immutable)
        ESPALIER_CHECK(database.execute("PRAGMA query_only=ON;"));
    return database;
}

Result<Statement> Database::prepare(std::string_view sql)
{
    sqlite3_stmt* statement = nullptr;
    const int status =
        sqlite3_prepare_v2(m_handle.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (status != SQLITE_OK)
        return databaseError(m_path, status, sqlite3_errmsg(m_handle.get()));
    return Statement(statement, m_handle.get(), m_path);
}

Result<void> Database::execute(const std::string& sql)
{
    const int status = sqlite3_exec(m_handle.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (status != SQLITE_OK)
        return databaseError(m_path, status, sqlite3_errmsg(m_handle.get()));
    return {};
}

Result<std::int64_t> Database::integer(std::string_view sql)
{
    ESPALIER_TRY(Statement statement, prepare(sql));
    ESPALIER_TRY(const bool row, statement.step());
    if (!row)
        return databaseError(m_path, SQLITE_CORRUPT, "a value is missing");
    return statement.integer(0);
}

Result<std::string> Database::text(std::string_view sql)
{
    ESPALIER_TRY(Statement statement, prepare(sql));
    ESPALIER_TRY(const bool row, statement.step());
    if (!row)
        return databaseError(m_path, SQLITE_CORRUPT, "a value is missing");
    return statement.text(0);
}

std::int64_t Database::lastInsertId() const
{
    return sqlite3_last_insert_rowid(m_handle.get());
}

std::int64_t Database::changes() const
{
    return sqlite3_changes64(m_handle.get());
}

bool Database::readOnly() const
{
    return sqlite3_db_readonly(m_handle.get(), "main") == 1;
}

Result<Transaction> Transaction::begin(Database& database, Kind kind)
{
    ESPALIER_CHECK(database.execute(kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN"));
    return Transaction(database);
}

Transaction::~Transaction()
{
    // A failed rollback means that SQLite has rolled back already.
    if (m_database != nullptr)
        (void)m_database->execute("ROLLBACK");
}

Result<void> Transaction::commit()
{
    ESPALIER_CHECK(m_database->execute("COMMIT"));
    m_database = nullptr;
    return {};
}

} // namespace espalier::study
