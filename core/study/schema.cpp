// SPDX-License-Identifier: Apache-2.0
#include "core/study/schema.h"

#include "core/base/file.h"
#include "core/study/study.h"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>

namespace espalier::study {

std::string_view schemaSql()
{
    // Rows for what is asked about, blobs for matrices. A domain's statistics are replaced row by row, so a commit
    // touches only its own pages; the logit pool only grows, so it lies in chunks that are written once.
    // JSON is checked when it is read, not by json_valid(): SQLite 3.40 refuses that function to untrusted schemas.
    return R"sql(
CREATE TABLE model(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  fingerprint TEXT NOT NULL CHECK(fingerprint <> ''),
  summary TEXT NOT NULL,
  created TEXT NOT NULL,
  program TEXT NOT NULL) STRICT;
CREATE TABLE run(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uid TEXT NOT NULL UNIQUE CHECK(length(uid) = 32),
  kind TEXT NOT NULL CHECK(kind IN ('measured', 'imported')),
  state TEXT NOT NULL CHECK(state IN ('running', 'partial', 'finished')),
  started TEXT NOT NULL,
  finished TEXT NOT NULL DEFAULT '',
  settings TEXT NOT NULL,
  resume_key TEXT NOT NULL DEFAULT '',
  groups_done INTEGER NOT NULL DEFAULT 0 CHECK(groups_done >= 0),
  groups_total INTEGER NOT NULL CHECK(groups_total >= 0),
  seconds REAL NOT NULL DEFAULT 0 CHECK(seconds >= 0)) STRICT;
CREATE TABLE domain(
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK(name <> ''),
  tokens INTEGER NOT NULL CHECK(tokens >= 0),
  windows INTEGER NOT NULL CHECK(windows >= 0),
  documents INTEGER NOT NULL CHECK(documents >= 0),
  data_sha256 TEXT NOT NULL,
  UNIQUE(run_id, name)) STRICT;
CREATE TABLE layer(
  id INTEGER PRIMARY KEY,
  domain_id INTEGER NOT NULL REFERENCES domain(id) ON DELETE CASCADE,
  layer INTEGER NOT NULL CHECK(layer >= 0),
  tokens REAL NOT NULL CHECK(tokens >= 0),
  experts INTEGER NOT NULL CHECK(experts > 0),
  top_k INTEGER NOT NULL CHECK(top_k > 0),
  hidden INTEGER NOT NULL CHECK(hidden > 0),
  pool_k INTEGER NOT NULL CHECK(pool_k >= 0),
  UNIQUE(domain_id, layer)) STRICT;
CREATE TABLE statistic(
  id INTEGER PRIMARY KEY,
  layer_id INTEGER NOT NULL REFERENCES layer(id) ON DELETE CASCADE,
  stat TEXT NOT NULL,
  dtype TEXT NOT NULL CHECK(dtype = 'f64'),
  rows INTEGER NOT NULL CHECK(rows > 0),
  cols INTEGER NOT NULL CHECK(cols > 0),
  checksum TEXT NOT NULL CHECK(length(checksum) = 32),
  data BLOB NOT NULL,
  UNIQUE(layer_id, stat)) STRICT;
CREATE TABLE pool(
  id INTEGER PRIMARY KEY,
  layer_id INTEGER NOT NULL REFERENCES layer(id) ON DELETE CASCADE,
  first INTEGER NOT NULL CHECK(first >= 0),
  rows INTEGER NOT NULL CHECK(rows > 0),
  cols INTEGER NOT NULL CHECK(cols > 0),
  logits_dtype TEXT NOT NULL CHECK(logits_dtype = 'f32'),
  logits_checksum TEXT NOT NULL CHECK(length(logits_checksum) = 32),
  logits BLOB NOT NULL,
  ids_dtype TEXT NOT NULL CHECK(ids_dtype = 'u16'),
  ids_checksum TEXT NOT NULL CHECK(length(ids_checksum) = 32),
  ids BLOB NOT NULL,
  UNIQUE(layer_id, first)) STRICT;
CREATE TABLE plan(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK(name <> ''),
  created TEXT NOT NULL,
  document TEXT NOT NULL) STRICT;
CREATE TABLE validation(
  id INTEGER PRIMARY KEY,
  created TEXT NOT NULL,
  document TEXT NOT NULL) STRICT;
CREATE TABLE export(
  id INTEGER PRIMARY KEY,
  created TEXT NOT NULL,
  document TEXT NOT NULL) STRICT;
CREATE TABLE journal(
  id INTEGER PRIMARY KEY,
  created TEXT NOT NULL,
  text TEXT NOT NULL,
  document TEXT NOT NULL) STRICT;
)sql";
}

std::span<const MigrationStep> migrationSteps()
{
    return {}; // version 1 is the first; a step from 1 to 2 will be the first entry
}

namespace {

// "x.espalier.backup-v1", or "-2", "-3" … behind it: an earlier backup is never overwritten.
Result<void> backUp(Database& database, const std::filesystem::path& path, std::int64_t version)
{
    std::filesystem::path target;
    for (int attempt = 1;; ++attempt) {
        target = path;
        target += attempt == 1 ? fmt::format(".backup-v{}", version) : fmt::format(".backup-v{}-{}", version, attempt);
        std::error_code ignored;
        if (!std::filesystem::exists(std::filesystem::symlink_status(target, ignored)))
            break;
    }
    const std::filesystem::path temporary = target.string() + fmt::format(".partial-{}", ::getpid());
    ::unlink(temporary.c_str());
    ESPALIER_TRY(Statement copy, database.prepare("VACUUM INTO ?1"));
    copy.bind(1, temporary.string());
    const Result<bool> copied = copy.step();
    if (!copied) {
        ::unlink(temporary.c_str());
        return copied.error();
    }
    const int fd = ::open(temporary.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    int reason = errno;
    if (fd >= 0)
        ::close(fd);
    if (!synced || ::rename(temporary.c_str(), target.c_str()) != 0) {
        reason = synced ? errno : reason;
        ::unlink(temporary.c_str());
        return base::systemError(target, "cannot write the backup copy", reason);
    }
    return base::syncDirectory(target.parent_path());
}

} // namespace

Result<void> migrate(Database& database, const std::filesystem::path& path, std::span<const MigrationStep> steps,
                     std::int32_t target)
{
    ESPALIER_TRY(const std::int64_t version, database.integer("PRAGMA user_version"));
    if (version == target)
        return {};
    if (version > target)
        return base::badInput(
            fmt::format("the study has format version {}, this program reads up to {}", version, target), path.string(),
            "user_version", "Open it with a newer version of Espalier");
    if (steps.empty() || version < steps.front().from)
        return base::badInput(
            fmt::format("the study has format version {}, which no released program wrote; this program "
                        "writes {}",
                        version, target),
            path.string(), "user_version", "Measure again into a new study");
    ESPALIER_CHECK(backUp(database, path, version));
    // Tables may be rebuilt in a step, which foreign keys would forbid; they are checked before the commit instead.
    ESPALIER_CHECK(database.execute("PRAGMA foreign_keys=OFF"));
    const auto work = [&]() -> Result<void> {
        ESPALIER_TRY(Transaction transaction, Transaction::begin(database, Transaction::Kind::Write));
        std::int64_t now = version;
        for (const MigrationStep& step : steps) {
            if (step.from != now || now == target)
                continue;
            ESPALIER_CHECK(step.apply(database));
            ++now;
        }
        if (now != target)
            return base::internalError(fmt::format("no migration from study format {} to {}", now, target));
        ESPALIER_TRY(Statement broken, database.prepare("PRAGMA foreign_key_check"));
        ESPALIER_TRY(const bool any, broken.step());
        if (any)
            return base::badInput("rows point to rows that do not exist", path.string(), broken.text(0),
                                  "Restore the study from a copy");
        broken.reset();
        ESPALIER_CHECK(database.execute(fmt::format("PRAGMA user_version={}", target)));
        return transaction.commit();
    };
    const Result<void> done = work();
    ESPALIER_CHECK(database.execute("PRAGMA foreign_keys=ON"));
    return done;
}

} // namespace espalier::study
