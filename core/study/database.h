// SPDX-License-Identifier: Apache-2.0
// SQLite behind three small types. Errors carry the file, SQLite's reason and a remedy; a full disk is NoResources.
// Thread rule: a Database and its Statements belong to one thread.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace espalier::study {

enum class Access {
    Create,    ///< read and write, made when absent
    ReadWrite, ///< must exist
    ReadOnly,  ///< never writes rows; may tidy the write-ahead log when the folder allows it
    Immutable, ///< no locks and no log: for probing and for read-only folders
};

class Statement {
public:
    Statement(Statement&&) noexcept = default;
    Statement& operator=(Statement&&) noexcept = default;

    /// Positions count from 1. A failed binding is reported by the next step(). Text is copied; a blob is not and must
    /// outlive the step.
    Statement& bind(int position, std::int64_t value);
    Statement& bind(int position, double value);
    Statement& bind(int position, std::string_view value);
    Statement& bindBlob(int position, std::span<const std::byte> value);

    /// True while there is a row.
    [[nodiscard]] Result<bool> step();
    /// For statements without rows: step and reset, so that the statement can be bound again.
    [[nodiscard]] Result<void> run();
    void reset();

    /// Columns count from 0. Text and blobs are valid until the next step.
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::span<const std::byte> blob(int column) const;

private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    Statement(sqlite3_stmt* statement, sqlite3* handle, std::string path)
        : m_statement(statement), m_handle(handle), m_path(std::move(path))
    {
    }
    void remember(int status);

    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    sqlite3* m_handle = nullptr;
    std::string m_path;
    int m_bindStatus = 0;
};

class Database {
public:
    [[nodiscard]] static Result<Database> open(const std::filesystem::path& path, Access access);
    Database(Database&&) noexcept = default;
    Database& operator=(Database&&) noexcept = default;

    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    /// One or several statements, rows are ignored.
    [[nodiscard]] Result<void> execute(const std::string& sql);
    /// First column of the first row; an error when there is no row.
    [[nodiscard]] Result<std::int64_t> integer(std::string_view sql);
    [[nodiscard]] Result<std::string> text(std::string_view sql);

    [[nodiscard]] std::int64_t lastInsertId() const;
    [[nodiscard]] std::int64_t changes() const;
    /// True when the file system let it be opened for reading only.
    [[nodiscard]] bool readOnly() const;
    [[nodiscard]] const std::string& path() const { return m_path; }

private:
    struct Close {
        void operator()(sqlite3* handle) const;
    };
    Database(sqlite3* handle, std::string path) : m_handle(handle), m_path(std::move(path)) {}

    std::unique_ptr<sqlite3, Close> m_handle;
    std::string m_path;
};

/// Rolls back unless commit() was called.
class Transaction {
public:
    enum class Kind {
        Snapshot, ///< reading: every statement sees the same state
        Write,    ///< takes the write lock at once
    };
    [[nodiscard]] static Result<Transaction> begin(Database& database, Kind kind);
    Transaction(Transaction&& other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    [[nodiscard]] Result<void> commit();

private:
    explicit Transaction(Database& database) : m_database(&database) {}
    Database* m_database;
};

/// Error for a result code of SQLite on `path`.
[[nodiscard]] Error databaseError(const std::string& path, int code, const std::string& reason);

} // namespace espalier::study
