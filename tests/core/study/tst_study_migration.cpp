// SPDX-License-Identifier: Apache-2.0
// Migration: a backup first, all steps in one transaction, on any error the file is as it was.
#include "core/study/database.h"
#include "core/study/schema.h"
#include "tests/core/study/study_support.h"

using namespace espalier;
using namespace espalier::study;
using namespace espalier::test;

namespace {

constexpr MigrationStep kSteps[] = {
    {1, "colour of a plan",
     [](Database& db) { return db.execute("ALTER TABLE plan ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'"); }},
    {2, "a table more",
     [](Database& db) { return db.execute("CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT)"); }}};
constexpr MigrationStep kBroken[] = {
    {1, "works", [](Database& db) { return db.execute("ALTER TABLE plan ADD COLUMN colour TEXT"); }},
    {2, "does not", [](Database& db) { return db.execute("ALTER TABLE nothing ADD COLUMN x"); }}};
constexpr MigrationStep kOrphans[] = {
    {1, "leaves orphans", [](Database& db) { return db.execute("DELETE FROM run"); }}};

} // namespace

class TestStudyMigration : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    fs::path at(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }

private slots:
    void ownStepsReachTheOwnVersion()
    {
        std::int32_t version = migrationSteps().empty() ? kFormatVersion : migrationSteps().front().from;
        for (const auto& step : migrationSteps()) {
            QCOMPARE(step.from, version++);
            QVERIFY(step.apply != nullptr && !step.title.empty());
        }
        QCOMPARE(version, kFormatVersion);
    }

    void stepsAreAppliedAfterABackup()
    {
        const auto file = at("old.espalier");
        makeStudy(file, {domainOf("alpha", 1)});
        {
            auto database = Database::open(file, Access::ReadWrite);
            QVERIFY_RESULT(migrate(*database, file, kSteps, 3));
            QCOMPARE(*database->integer("PRAGMA user_version"), std::int64_t{3});
            QCOMPARE(*database->integer("SELECT count(*) FROM pragma_table_info('plan') WHERE name='colour'"),
                     std::int64_t{1});
            QCOMPARE(*database->integer("SELECT count(*) FROM note"), std::int64_t{0});
            QCOMPARE(*database->integer("PRAGMA foreign_keys"), std::int64_t{1}); // on again
            QVERIFY_RESULT(migrate(*database, file, kSteps, 3));                  // nothing to do
        }
        QVERIFY_ERROR(Study::open(file, OpenMode::ReadOnly), 3, "version 3"); // newer than this program
        // The backup is a whole study of the old version.
        const auto backup = at("old.espalier.backup-v1");
        QVERIFY(fs::exists(backup));
        QVERIFY(!fs::exists(at("old.espalier.backup-v1-2")));
        const auto old = Study::open(backup, OpenMode::ReadOnly);
        QVERIFY_RESULT(old);
        QCOMPARE(difference(*old->loadStatistics(), {domainOf("alpha", 1)}), std::string());
        QCOMPARE(faults(*old), std::string());
    }

    void onlyTheStepsNeeded()
    {
        const auto file = at("part.espalier");
        makeStudy(file, {});
        auto database = Database::open(file, Access::ReadWrite);
        QVERIFY_RESULT(migrate(*database, file, kSteps, 2));
        QCOMPARE(*database->integer("SELECT count(*) FROM sqlite_master WHERE name = 'note'"), std::int64_t{0});
        QVERIFY_RESULT(migrate(*database, file, kSteps, 3));
        QCOMPARE(*database->integer("SELECT count(*) FROM sqlite_master WHERE name = 'note'"), std::int64_t{1});
        QVERIFY(fs::exists(at("part.espalier.backup-v1")) && fs::exists(at("part.espalier.backup-v2")));
    }

    void afterAFailureTheFileIsAsItWas()
    {
        const auto file = at("broken.espalier");
        makeStudy(file, {domainOf("alpha", 1)});
        {
            auto database = Database::open(file, Access::ReadWrite);
            QVERIFY(!migrate(*database, file, kBroken, 3));
            QVERIFY_ERROR(migrate(*database, file, kOrphans, 2), 3, "do not exist");
            QVERIFY_ERROR(migrate(*database, file, kSteps, 9), 70, "no migration");
            QCOMPARE(*database->integer("PRAGMA user_version"), std::int64_t{1});
            QCOMPARE(*database->integer("PRAGMA foreign_keys"), std::int64_t{1});
        }
        const auto study = Study::open(file, OpenMode::ReadWrite);
        QVERIFY_RESULT(study);
        QCOMPARE(difference(*study->loadStatistics(), {domainOf("alpha", 1)}), std::string());
        QCOMPARE(faults(*study), std::string());
        // Earlier backups are never overwritten.
        for (const char* name :
             {"broken.espalier.backup-v1", "broken.espalier.backup-v1-2", "broken.espalier.backup-v1-3"})
            QVERIFY2(fs::exists(at(name)), name);
    }

    void otherVersionsAreRefused()
    {
        const auto file = at("versions.espalier");
        makeStudy(file, {});
        auto database = Database::open(file, Access::ReadWrite);
        QVERIFY_RESULT(database->execute("PRAGMA user_version=7"));
        QVERIFY_ERROR(migrate(*database, file, kSteps, 3), 3, "version 7");
        QVERIFY_RESULT(database->execute("PRAGMA user_version=0"));
        QVERIFY_ERROR(migrate(*database, file, kSteps, 3), 3, "no released program");
        for (const auto& entry : fs::directory_iterator(at("")))
            QVERIFY(entry.path().filename().string().find("versions.espalier.backup") == std::string::npos);
    }

    void withoutRoomForTheBackupNothingHappens()
    {
        const auto file = at("noroom.espalier");
        makeStudy(file, {});
        auto database = Database::open(file, Access::ReadWrite);
        // The backup's place cannot be written: its folder is gone from under the name.
        const auto refused = migrate(*database, at("gone/noroom.espalier"), kSteps, 3);
        QVERIFY(!refused);
        QCOMPARE(*database->integer("PRAGMA user_version"), std::int64_t{1});
        QCOMPARE(*database->integer("SELECT count(*) FROM sqlite_master WHERE name = 'note'"), std::int64_t{0});
    }
};

QTEST_GUILESS_MAIN(TestStudyMigration)
#include "tst_study_migration.moc"
