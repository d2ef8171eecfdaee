// SPDX-License-Identifier: Apache-2.0
// Making and opening study files: what is refused and why, one writer beside readers, documents and the journal.
#include "core/study/database.h"
#include "core/study/study.h"
#include "tests/core/study/study_support.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <sys/stat.h>
#include <unistd.h>

using namespace espalier;
using namespace espalier::study;
using namespace espalier::test;
using base::OrderedJson;

class TestStudyFile : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    model::ModelSummary m_model = madeUpModel(kLayers, kExperts, kTopK);

    fs::path at(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }
    /// A fresh study with one domain.
    fs::path fresh(const std::string& name) const
    {
        const auto file = at(name);
        fs::remove(file);
        makeStudy(file, {domainOf("alpha", 1)}, m_model);
        return file;
    }
    static void sql(const fs::path& file, const std::string& text)
    {
        auto database = Database::open(file, Access::ReadWrite);
        QVERIFY_RESULT(database);
        const auto done = database->execute(text);
        QVERIFY_RESULT(done);
    }

private slots:
    void createsAndReopens()
    {
        const auto file = at("new.espalier");
        {
            auto study = Study::create(file, m_model);
            QVERIFY_RESULT(study);
            QCOMPARE(study->path(), file);
            QVERIFY(study->model() == m_model);
        }
        for (const auto mode : {OpenMode::ReadOnly, OpenMode::ReadWrite}) {
            const auto study = Study::open(file, mode);
            QVERIFY_RESULT(study);
            QVERIFY(study->model() == m_model);
            QVERIFY(study->runs()->empty() && study->plans()->empty());
            QCOMPARE(faults(*study), std::string());
        }
        // One file travels: no log, no lock, no temporary is left.
        for (const auto& entry : fs::directory_iterator(at("")))
            QCOMPARE(entry.path(), file);
        QVERIFY_ERROR(Study::create(file, m_model), 3, "exists already");
        QVERIFY_RESULT(Study::openOrCreate(file, m_model));
        auto other = m_model;
        other.fingerprint = "ffff";
        other.name = "another";
        QVERIFY_ERROR(Study::openOrCreate(file, other), 3, "another");
        QVERIFY_RESULT(Study::openOrCreate(at("made.espalier"), other));
    }

    void factsOfTheWeightsComeBack()
    {
        const auto file = fresh("weights.espalier");
        stats::WeightStats weights;
        for (int l = 0; l < kLayers; ++l) {
            auto& layer = weights.layers.emplace_back();
            layer.layer = LayerIndex(1 + l);
            layer.experts = kExperts;
            for (const auto& info : stats::kWeightStats)
                for (int i = 0; i < (info.pairs ? kExperts * kExperts : kExperts); ++i)
                    (layer.*info.values).push_back(0.1 * (l + 1) * i + static_cast<double>(info.id.size()));
        }
        {
            auto study = Study::open(file, OpenMode::ReadWrite);
            QVERIFY_RESULT(study);
            QVERIFY(study->loadStatistics()->weights == nullptr);
            QVERIFY_RESULT(study->setWeights(weights));
            QVERIFY_RESULT(study->setWeights(weights)); // replaced, not added
            auto wrong = weights;
            wrong.layers[1].rms.pop_back();
            QVERIFY_ERROR(study->setWeights(wrong), 3, "rms");
            wrong.layers.pop_back();
            QVERIFY_ERROR(study->setWeights(wrong), 3, "layers");
            QCOMPARE(faults(*study), std::string());
        }
        const auto study = Study::open(file, OpenMode::ReadOnly);
        QVERIFY_RESULT(study);
        const auto loaded = study->loadStatistics(Pools::Leave);
        QVERIFY_RESULT(loaded);
        QVERIFY(loaded->weights != nullptr && *loaded->weights == weights);
        QCOMPARE(loaded->domains.size(), std::size_t{1});
        // A damaged row is named.
        auto database = Database::open(file, Access::ReadWrite);
        QVERIFY_RESULT(database->execute("UPDATE weight SET data = zeroblob(48) WHERE layer = 2 AND stat = 'rms'"));
        QVERIFY_ERROR(study->loadStatistics(), 3, "checksum");
        QVERIFY(faults(*study).find("facts of the weights") != std::string::npos);
        QVERIFY_RESULT(database->execute("DELETE FROM weight WHERE layer = 2 AND stat = 'rms'"));
        QVERIFY_ERROR(study->loadStatistics(), 3, "missing");
    }

    void namesWithOddCharacters()
    {
        for (const char* name : {"a b.espalier", "what?#100%.espalier", "größe 研究.espalier", "quote'\".espalier"}) {
            const auto file = fresh(name);
            QVERIFY(fs::exists(file));
            const auto study = Study::open(file, OpenMode::ReadWrite);
            QVERIFY_RESULT(study);
            QCOMPARE(study->loadStatistics()->domains.size(), std::size_t{1});
        }
        // A name without a folder means the current one.
        const auto before = fs::current_path();
        fs::current_path(at(""));
        const auto study = Study::create("plain.espalier", m_model);
        fs::current_path(before);
        QVERIFY_RESULT(study);
        QVERIFY(fs::exists(at("plain.espalier")));
    }

    void placesThatCannotHoldAStudy()
    {
        QVERIFY_ERROR(Study::create(at("absent/x.espalier"), m_model), 3, "does not exist");
        QVERIFY_ERROR(Study::open(at("absent.espalier"), OpenMode::ReadOnly), 3, "absent.espalier");
        QVERIFY_ERROR(Study::open(at(""), OpenMode::ReadOnly), 3, "folder");
        QCOMPARE(::mkfifo(at("pipe").c_str(), 0600), 0);
        QVERIFY_ERROR(Study::open(at("pipe"), OpenMode::ReadOnly), 3, "not an ordinary file");
    }

    void strangersAreRefusedAndUntouched()
    {
        const auto file = at("stranger");
        const auto refusedAndSame = [&](const std::string& says) {
            const auto before = bytesOf(file);
            QVERIFY_ERROR(Study::open(file, OpenMode::ReadOnly), 3, says);
            QVERIFY_ERROR(Study::open(file, OpenMode::ReadWrite), 3, says);
            QVERIFY(bytesOf(file) == before);
            QVERIFY(!fs::exists(at("stranger-wal")) && !fs::exists(at("stranger.lock")));
        };
        writeBytes(file, "");
        refusedAndSame("empty");
        writeBytes(file, "just a text, longer than the sixteen bytes of SQLite's own mark\n");
        refusedAndSame("not a study file");
        writeBytes(file, "SQLite format 3");
        refusedAndSame("not a study file");
        fs::remove(file);
        {
            auto database = Database::open(file, Access::Create);
            QVERIFY_RESULT(database->execute("CREATE TABLE t(x); INSERT INTO t VALUES (1)"));
        }
        refusedAndSame("without an application mark");
        sql(file, "PRAGMA application_id=1234");
        refusedAndSame("another application");
    }

    void newerOlderAndForgedAreRefused()
    {
        const auto file = fresh("version.espalier");
        sql(file, fmt::format("PRAGMA user_version={}", kFormatVersion + 1));
        for (const auto mode : {OpenMode::ReadOnly, OpenMode::ReadWrite}) {
            QVERIFY_ERROR(Study::open(file, mode), 3, fmt::format("version {}", kFormatVersion + 1));
            QVERIFY_ERROR(Study::open(file, mode), 3, "newer version of Espalier");
        }
        sql(file, "PRAGMA user_version=0");
        QVERIFY_ERROR(Study::open(file, OpenMode::ReadWrite), 3, "format version 0");
        QVERIFY_ERROR(Study::open(file, OpenMode::ReadOnly), 3, "format version 0");

        auto forged = fresh("trigger.espalier");
        sql(forged, "CREATE TRIGGER t AFTER INSERT ON plan BEGIN DELETE FROM run; END");
        QVERIFY_ERROR(Study::open(forged, OpenMode::ReadWrite), 3, "triggers or views");
        forged = fresh("summary.espalier");
        sql(forged, "UPDATE model SET fingerprint = 'ffff'");
        QVERIFY_ERROR(Study::open(forged, OpenMode::ReadOnly), 3, "fingerprint");
        sql(forged, "UPDATE model SET summary = '{'");
        QVERIFY_ERROR(Study::open(forged, OpenMode::ReadOnly), 3, "model");
        sql(forged, "DELETE FROM model");
        QVERIFY_ERROR(Study::open(forged, OpenMode::ReadOnly), 3, "");
        forged = fresh("table.espalier");
        sql(forged, "DROP TABLE statistic");
        const auto study = Study::open(forged, OpenMode::ReadOnly);
        QVERIFY(!study || !study->loadStatistics());
    }

    void cutOffAtAnyPlaceIsNoticed()
    {
        const auto file = fresh("whole.espalier");
        const auto whole = bytesOf(file);
        QVERIFY(whole.size() > 40'000);
        const auto cut = at("cut.espalier");
        for (std::size_t size = 1; size < whole.size(); size += size < 200 ? 37 : 3001) {
            writeBytes(cut, whole.substr(0, size));
            for (const auto mode : {OpenMode::ReadOnly, OpenMode::ReadWrite}) {
                const auto study = Study::open(cut, mode);
                if (!study) {
                    QCOMPARE(static_cast<int>(study.error().code), 3);
                    QVERIFY(study.error().text().find("cut.espalier") != std::string::npos);
                    continue;
                }
                QVERIFY2(!faults(*study).empty(), qPrintable(QString::number(size)));
            }
            fs::remove(at("cut.espalier-wal"));
            fs::remove(at("cut.espalier-shm"));
        }
    }

    void readersWriteNothing()
    {
        const auto file = fresh("quiet.espalier");
        const auto before = bytesOf(file);
        {
            auto study = Study::open(file, OpenMode::ReadOnly);
            QVERIFY_RESULT(study);
            QVERIFY_RESULT(study->loadStatistics());
            QVERIFY_RESULT(study->check());
            // Writing is the caller's mistake, and nothing comes of it.
            QVERIFY_ERROR(study->beginRun({}, 1), 70, "reading");
            QVERIFY_ERROR(study->savePlan("p", {}), 70, "reading");
            QVERIFY_ERROR(study->addJournal("x", {}), 70, "reading");
            QVERIFY_ERROR(study->finishRun(1, "partial"), 70, "reading");
            QVERIFY_ERROR(study->checkpointWal(), 70, "reading");
        }
        QVERIFY(bytesOf(file) == before);
    }

    void aFileThatCannotBeWrittenIsStillRead()
    {
        if (::geteuid() == 0)
            QSKIP("root may write everywhere");
        const auto file = fresh("locked.espalier");
        fs::permissions(file, fs::perms::owner_read);
        QVERIFY_RESULT(Study::open(file, OpenMode::ReadOnly));
        QVERIFY_ERROR(Study::open(file, OpenMode::ReadWrite), 3, "written");
    }

    void oneWriterManyReaders()
    {
        const auto file = fresh("shared.espalier");
        auto writer = Study::open(file, OpenMode::ReadWrite);
        QVERIFY_RESULT(writer);
        QElapsedTimer timer;
        timer.start();
        QVERIFY_ERROR(Study::open(file, OpenMode::ReadWrite), 3, fmt::format("in use by process {}", ::getpid()));
        QVERIFY(timer.elapsed() >= 1000); // a short write of another program is waited for
        const auto reader = Study::open(file, OpenMode::ReadOnly);
        QVERIFY_RESULT(reader);
        QVERIFY(reader->plans()->empty());
        QVERIFY_RESULT(writer->savePlan("half", {{"schema", "espalier.plan/1"}}));
        QCOMPARE(reader->plans()->size(), std::size_t{1}); // seen as soon as it is committed
        {
            const Study gone = std::move(*writer);
        }
        QVERIFY_RESULT(Study::open(file, OpenMode::ReadWrite));
    }

    void aLockLeftByADeadProgramIsNoLock()
    {
        const auto file = fresh("stale.espalier");
        writeBytes(at("stale.espalier.lock"), "12345\n");
        QVERIFY_RESULT(Study::open(file, OpenMode::ReadWrite));
        QVERIFY(!fs::exists(at("stale.espalier.lock")));
    }

    void anotherProgramsLockIsNamed()
    {
        const auto file = fresh("busy.espalier");
        auto study = Study::open(file, OpenMode::ReadWrite);
        QVERIFY_RESULT(study);
        auto other = Database::open(file, Access::ReadWrite);
        QVERIFY_RESULT(other->execute("BEGIN IMMEDIATE"));
        QVERIFY_ERROR(study->savePlan("p", {}), 3, "in use by another program");
        QVERIFY_RESULT(other->execute("ROLLBACK"));
        QVERIFY_RESULT(study->savePlan("p", {})); // and goes on afterwards
    }

    void documentsComeBack()
    {
        const auto file = fresh("documents.espalier");
        const OrderedJson document{{"b", 1}, {"a", {1.5, nullptr, "größe \" \\ 研究"}}};
        {
            auto study = Study::open(file, OpenMode::ReadWrite);
            QVERIFY_RESULT(study->savePlan("it's \"half\"; --", document));
            QVERIFY_RESULT(study->savePlan("second", {{"schema", "x"}}));
            QVERIFY_RESULT(study->savePlan("it's \"half\"; --", {{"new", true}})); // replaces
            QVERIFY_RESULT(study->addValidation(document));
            QVERIFY_RESULT(study->addValidation({}));
            QVERIFY_RESULT(study->addExport(document));
            QVERIFY_RESULT(study->addJournal("Keep 3", document));
            QVERIFY_RESULT(study->addJournal("Keep 4", {{"bad", std::string("\xff\xfe")}}));
            QVERIFY_ERROR(study->savePlan("", {}), 2, "name");
            QVERIFY_ERROR(study->removePlan("absent"), 3, "absent");
        }
        auto study = Study::open(file, OpenMode::ReadWrite);
        const auto plans = study->plans();
        QVERIFY_RESULT(plans);
        QCOMPARE(plans->size(), std::size_t{2});
        QCOMPARE(plans->front().name, std::string("it's \"half\"; --"));
        QCOMPARE(plans->front().document.dump(), std::string(R"({"new":true})"));
        QVERIFY(QString::fromStdString(plans->front().created)
                    .contains(QRegularExpression(QStringLiteral("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$"))));
        QCOMPARE(study->validations()->front().document.dump(), document.dump()); // order of keys kept
        QCOMPARE(study->validations()->size(), std::size_t{2});
        QCOMPARE(study->exports()->front().document.dump(), document.dump());
        const auto journal = study->journal();
        QVERIFY_RESULT(journal);
        QCOMPARE(journal->at(0).text, std::string("Keep 3"));
        QVERIFY(journal->at(0).id < journal->at(1).id);
        QVERIFY_RESULT(study->removePlan("second"));
        QCOMPARE(study->plans()->size(), std::size_t{1});
        // A plan of another schema is told by check.
        QVERIFY(faults(*study).find("it's \"half\"") != std::string::npos);
    }

    void plansOfAnotherModelAreFound()
    {
        const auto file = fresh("plans.espalier");
        auto study = Study::open(file, OpenMode::ReadWrite);
        OrderedJson plan{{"schema", "espalier.plan/1"}, {"model", {{"fingerprint", m_model.fingerprint}}}};
        QVERIFY_RESULT(study->savePlan("own", plan));
        QCOMPARE(faults(*study), std::string());
        plan["model"]["fingerprint"] = "ffff";
        QVERIFY_RESULT(study->savePlan("foreign", plan));
        QVERIFY(faults(*study).find("plan foreign") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestStudyFile)
#include "tst_study_file.moc"
