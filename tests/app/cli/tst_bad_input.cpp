// SPDX-License-Identifier: Apache-2.0
// Plans, texts, token lists and studies that are broken, foreign, newer or in use; places that cannot be written; full
// disks. Each with its exit code and a message that names file, place, reason and remedy, and nothing half-written.
#include "tests/app/cli/cli_run.h"

#include <QTemporaryDir>
#include <QTest>
#include <fcntl.h>
#include <functional>
#include <sys/file.h>
#include <unistd.h>

using namespace espalier;
namespace fs = std::filesystem;
using base::OrderedJson;
using test::cli;
using test::quoted;

namespace {

using Edit = std::function<void(OrderedJson&)>;

/// A small file system of its own, where this process may mount one.
class SmallDisk {
public:
    SmallDisk(const fs::path& place, const char* size) : m_place(place)
    {
        fs::create_directories(place);
        m_mounted = test::runProcess("mount",
                                     {"-t", "tmpfs", "-o", QStringLiteral("size=%1").arg(size), "tmpfs", quoted(place)})
                        .code == 0;
    }
    ~SmallDisk()
    {
        if (m_mounted)
            test::runProcess("umount", {"-l", quoted(m_place)});
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    [[nodiscard]] bool mounted() const { return m_mounted; }

private:
    fs::path m_place;
    bool m_mounted = false;
};

} // namespace

class TestBadInput : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<test::TinyWorld> m_world;
    fs::path m_plan;

    [[nodiscard]] fs::path at(const std::string& name) const { return m_world->folder / name; }
    [[nodiscard]] QStringList exported(const fs::path& out) const
    {
        return {"export", quoted(m_world->model), "--plan", quoted(m_plan), "--out", quoted(out), "--no-logits"};
    }

private slots:
    void initTestCase()
    {
        m_world = std::make_unique<test::TinyWorld>(m_dir.filePath("world").toStdString());
        m_plan = m_world->plan(4);
    }

    void plans_data()
    {
        QTest::addColumn<Edit>("edit");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, Edit edit, const char* says) {
            QTest::newRow(name) << std::move(edit) << QString(says);
        };
        row(
            "another model", [](OrderedJson& p) { p["model"]["fingerprint"] = "0123456789abcdef"; },
            "0123456789abcdef");
        row(
            "schema", [](OrderedJson& p) { p["schema"] = "espalier.plan/2"; }, "espalier.plan/1");
        row(
            "no layers", [](OrderedJson& p) { p.erase("layers"); }, "layers");
        row(
            "layer left out", [](OrderedJson& p) { p["layers"].erase(1); }, "layer 1");
        row(
            "layer twice", [](OrderedJson& p) { p["layers"][1] = p["layers"][0]; }, "layer 0");
        row(
            "layer beyond", [](OrderedJson& p) { p["layers"][2]["layer"] = 9; }, "layer 9");
        row(
            "duplicate id",
            [](OrderedJson& p) {
                p["layers"][0]["keep"] = {0, 1, 1, 2};
            },
            "expert 1 is listed twice");
        row(
            "unsorted ids",
            [](OrderedJson& p) {
                p["layers"][0]["keep"] = {0, 2, 1, 3};
            },
            "ascending");
        row(
            "id beyond",
            [](OrderedJson& p) {
                p["layers"][0]["keep"] = {0, 1, 2, 6};
            },
            "expert 6 does not exist");
        row(
            "negative id",
            [](OrderedJson& p) {
                p["layers"][0]["keep"] = {-1, 1, 2, 3};
            },
            "expert -1 does not exist");
        row(
            "id is text",
            [](OrderedJson& p) {
                p["layers"][0]["keep"] = {"0", 1, 2, 3};
            },
            "integers");
        row(
            "fewer than top-k", [](OrderedJson& p) { p["layers"][0]["keep"] = {3}; }, "Keep at least 2");
        row(
            "order too short",
            [](OrderedJson& p) {
                p["layers"][0]["order"] = {0, 1, 2, 3};
            },
            "order lists 4 of 6");
        row(
            "unequal counts",
            [](OrderedJson& p) {
                p["layers"][0]["keep"] = {0, 1, 2};
            },
            "--allocate uniform");
    }
    void plans()
    {
        QFETCH(const Edit, edit);
        QFETCH(const QString, says);
        auto plan = *base::readJsonFile(m_plan);
        edit(plan);
        test::writeText(at("bad.json"), plan.dump());
        const auto run =
            cli({"export", quoted(m_world->model), "--plan", quoted(at("bad.json")), "--out", quoted(at("no"))});
        QVERIFY_CODE(run, 3);
        QVERIFY_SAYS(run, says.toStdString());
        if (says != "--allocate uniform") // the plan itself is fine; it is the folder that cannot be made
            QVERIFY_SAYS(run, at("bad.json").string());
        QVERIFY(!fs::exists(at("no")));
    }

    void oddPlansThatAreFine()
    {
        // By hand: schema, layers and keep only; foreign keys of any type are not believed
        test::writeText(at("hand.json"),
                        "{\"schema\":\"espalier.plan/1\",\"layers\":[{\"layer\":0,\"keep\":[0,1]},"
                        "{\"layer\":1,\"keep\":[2,3]},{\"layer\":2,\"keep\":[4,5]}],\"name\":7,\"locks\":[7,"
                        "{\"layer\":\"x\",\"expert\":[]}],\"predicted\":{\"memory\":{\"kv_cache\":\"much\"},"
                        "\"mass_kept\":{\"a\":null}},\"model\":{},\"domains\":{}}");
        QVERIFY_CODE(cli({"export", quoted(m_world->model), "--plan", quoted(at("hand.json")), "--out",
                          quoted(at("hand")), "--no-logits"}),
                     0);
        // Broken JSON names its line
        test::writeText(at("broken.json"), "{\n\"schema\": \"espalier.plan/1\",\n\"layers\": [,]\n}");
        const auto run = cli({"logits", quoted(m_world->model), "--plan", quoted(at("broken.json")), "--tokens",
                              quoted(at("broken.json")), "--out", quoted(at("x.npy"))});
        QVERIFY_CODE(run, 3);
        QVERIFY_SAYS(run, "line 3");
    }

    void texts_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* what, const char* name, QByteArray content, const char* says) {
            QTest::newRow(what) << QString(name) << std::move(content) << QString(says);
        };
        row("empty text", "a.txt", "", "no text");
        row("empty lines", "a.jsonl", "\n  \n\n", "no text");
        row("broken line", "a.jsonl", "{\"text\":\"fine\"}\n{\"text\":\"fine\"}\n{\"text\": oops}\n", "line 3");
        row("line is a list", "a.jsonl", "[1,2]\n", "line 1");
        row("no text", "a.jsonl", "{\"text\":\"fine\"}\n{\"words\":\"x\"}\n", "line 2");
        row("text is a number", "a.jsonl", "{\"text\":12}\n", "line 1");
        row("prompt alone", "a.jsonl", "{\"prompt\":\"x\"}\n", "answer");
        row("empty document", "a.jsonl", "{\"text\":\"\"}\n", "line 1");
        row("not UTF-8", "a.txt",
            "good\nb\xff"
            "d\n",
            "UTF-8");
        row("not UTF-8 in a line", "a.jsonl", "{\"text\":\"fine\"}\n{\"text\":\"\xc3\x28\"}\n", "line 2");
        row("another ending", "a.csv", "a,b\n", ".jsonl");
    }
    void texts()
    {
        QFETCH(const QString, name);
        QFETCH(const QByteArray, content);
        QFETCH(const QString, says);
        const fs::path file = at(name.toStdString());
        test::writeText(file, content.toStdString());
        const auto run = cli(
            {"profile", quoted(m_world->model), "--study", quoted(at("t.espalier")), "--data", "a=" + quoted(file)});
        QVERIFY_CODE(run, 3);
        QVERIFY_SAYS(run, file.string());
        QVERIFY_SAYS(run, says.toStdString());
        QVERIFY(!fs::exists(at("t.espalier")));
        QVERIFY_CODE(cli({"validate", quoted(m_world->model), "--plan", quoted(m_plan), "--text", "a=" + quoted(file)}),
                     3);
    }

    void textsElsewhere()
    {
        const auto missing =
            cli({"profile", quoted(m_world->model), "--study", quoted(at("t.espalier")), "--data", "a=nowhere.txt"});
        QVERIFY_CODE(missing, 3);
        QVERIFY_SAYS(missing, "nowhere.txt");
        // The same domain twice is one domain of both files
        const auto twice = cli({"profile", quoted(m_world->model), "--study", quoted(at("t.espalier")), "--data",
                                "a=" + quoted(m_world->words), "--data", "a=" + quoted(m_world->numbers), "--json"});
        QVERIFY_CODE(twice, 0);
        QCOMPARE(twice.json()["tokens"].size(), 1U);
        fs::remove(at("t.espalier"));
        // A task is prompts and answers
        const auto task = cli(
            {"validate", quoted(m_world->model), "--plan", quoted(m_plan), "--task", "a=" + quoted(m_world->words)});
        QVERIFY_CODE(task, 3);
        QVERIFY_SAYS(task, "line 1");
        test::writeText(at("latin.txt"), "gr\xfcn");
        const auto latin = cli({"tokenize", quoted(m_world->model), "--file", quoted(at("latin.txt"))});
        QVERIFY_CODE(latin, 3);
        QVERIFY_SAYS(latin, "byte 2");
    }

    void tokens_data()
    {
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("says");
        QTest::newRow("object") << "{}"
                                << "[[ids...], ...]";
        QTest::newRow("nothing") << "[]"
                                 << "at least one";
        QTest::newRow("flat") << "[1,2]"
                              << "sequence 0";
        QTest::newRow("empty sequence") << "[[1],[]]"
                                        << "sequence 1";
        QTest::newRow("beyond the vocabulary") << "[[0,2047],[2048]]"
                                               << "sequence 1";
        QTest::newRow("negative") << "[[-1]]"
                                  << "0 to 2047";
        QTest::newRow("fraction") << "[[1.5]]"
                                  << "integers";
        QTest::newRow("broken") << "[[1,2],\n[3"
                                << "line 2";
    }
    void tokens()
    {
        QFETCH(const QString, content);
        QFETCH(const QString, says);
        test::writeText(at("ids.json"), content.toStdString());
        const auto run =
            cli({"logits", quoted(m_world->model), "--tokens", quoted(at("ids.json")), "--out", quoted(at("l.npy"))});
        QVERIFY_CODE(run, 3);
        QVERIFY_SAYS(run, at("ids.json").string());
        QVERIFY_SAYS(run, says.toStdString());
        QVERIFY(!fs::exists(at("l.npy")));
    }

    void studies_data()
    {
        QTest::addColumn<QString>("sql"); // run on a copy of the study; "-" and "+": see below
        QTest::addColumn<QString>("says");
        QTest::newRow("newer") << "PRAGMA user_version=999"
                               << "999";
        QTest::newRow("another application") << "PRAGMA application_id=1234"
                                             << "not a study";
        QTest::newRow("no application") << "PRAGMA application_id=0"
                                        << "not a study";
        QTest::newRow("text") << "-not a database"
                              << "not a study";
        QTest::newRow("empty") << "-"
                               << "empty";
        QTest::newRow("missing") << "+"
                                 << "No such file";
    }
    void studies()
    {
        QFETCH(const QString, sql);
        QFETCH(const QString, says);
        const fs::path study = at("copy.espalier");
        fs::remove(study);
        if (sql.startsWith('-'))
            test::writeText(study, sql.mid(1).toStdString());
        else if (sql != "+") {
            fs::copy_file(m_world->study, study);
            const auto python = test::runProcess("python3", {"-c",
                                                             "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); "
                                                             "c.execute(sys.argv[2]); c.commit()",
                                                             quoted(study), sql});
            QVERIFY_CODE(python, 0);
        }
        const std::string before = fs::exists(study) ? test::readText(study) : "";
        for (const QStringList& arguments :
             {QStringList{"study", "info", quoted(study)},
              {"study", "check", quoted(study)},
              {"scores", quoted(study), "--method", "reap"},
              {"plan", quoted(study), "--name", "x", "--method", "reap", "--keep", "4"}}) {
            const auto run = cli(arguments);
            QVERIFY_CODE(run, 3);
            QVERIFY_SAYS(run, study.string());
            QVERIFY_SAYS(run, says.toStdString());
        }
        if (sql != "+") { // a stranger's file is not written to, either
            QVERIFY_CODE(cli(m_world->profile(study)), 3);
            QCOMPARE(test::readText(study), before);
        }
    }

    void truncatedStudy()
    {
        const std::string whole = test::readText(m_world->study);
        const fs::path study = at("cut.espalier");
        for (const double share : {0.2, 0.6, 0.95}) {
            test::writeText(study, std::string_view(whole).substr(
                                       0, static_cast<std::size_t>(share * static_cast<double>(whole.size()))));
            const auto scores = cli({"scores", quoted(study), "--method", "reap"});
            QVERIFY_CODE(scores, 3);
            QVERIFY_SAYS(scores, study.string());
            const auto check = cli({"study", "check", quoted(study)});
            QVERIFY2(check.code == 1 || check.code == 3, check.err.constData());
        }
        // One flipped byte in the middle of the sums is found by their checksums
        std::string flipped = whole;
        flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 0x10);
        test::writeText(study, flipped);
        const auto check = cli({"study", "check", quoted(study)});
        QVERIFY2(check.code == 1 || check.code == 3, check.err.constData());
    }

    void studyInUse()
    {
        const fs::path lock = m_world->study.string() + ".lock";
        const int fd = ::open(lock.c_str(), O_RDWR | O_CREAT, 0666);
        QVERIFY(fd >= 0 && ::flock(fd, LOCK_EX) == 0);
        QVERIFY(::write(fd, "4711\n", 5) == 5);
        const auto run = cli({"plan", quoted(m_world->study), "--name", "x", "--method", "reap", "--keep", "4"});
        const auto reading = cli({"scores", quoted(m_world->study), "--method", "reap"});
        ::unlink(lock.c_str());
        ::close(fd);
        QVERIFY_CODE(run, 3);
        QVERIFY_SAYS(run, m_world->study.string());
        QVERIFY_SAYS(run, "in use by process 4711");
        QVERIFY_CODE(reading, 0); // readers are not kept out
    }

    void anotherModelsStudy()
    {
        const fs::path other = at("other");
        test::TinyOptions options;
        options.vocabulary = 2048;
        options.seed = 2;
        test::writeTinyCheckpoint(other, options);
        fs::copy_file(m_world->model / "tokenizer.json", other / "tokenizer.json");
        auto arguments = m_world->profile(m_world->study);
        arguments[1] = quoted(other);
        const auto run = cli(arguments);
        QVERIFY_CODE(run, 3);
        QVERIFY_SAYS(run, m_world->study.string());
        const auto plan = cli({"export", quoted(other), "--plan", quoted(m_plan), "--out", quoted(at("no"))});
        QVERIFY_CODE(plan, 3);
        QVERIFY_SAYS(plan, "the plan was made for model");
    }

    void targetsThatAreTaken()
    {
        fs::create_directories(at("taken"));
        test::writeText(at("taken/mine.txt"), "mine");
        const auto run = cli(exported(at("taken")));
        QVERIFY_CODE(run, 3);
        QVERIFY_SAYS(run, at("taken").string());
        QVERIFY_SAYS(run, "empty folder");
        QCOMPARE(test::readText(at("taken/mine.txt")), std::string("mine"));
        test::writeText(at("file"), "mine");
        QVERIFY_CODE(cli(exported(at("file"))), 3);
        const auto below = cli(exported(at("file/below")));
        QVERIFY_CODE(below, 3);
        QVERIFY_SAYS(below, "file");
        QVERIFY_CODE(cli(exported(m_world->model)), 3); // not over the source
        QVERIFY_CODE(cli(exported("/proc/espalier/out")), 3);
        fs::create_directories(at("empty"));
        QVERIFY_CODE(cli(exported(at("empty"))), 0); // an empty folder is fine
        const auto demo = cli({"demo", "--out", quoted(at("taken"))});
        QVERIFY_CODE(demo, 3);
        QVERIFY_SAYS(demo, "mine.txt");
    }

    void placesThatCannotBeWritten()
    {
        test::writeText(at("file"), "mine");
        test::writeText(at("ids.json"), "[[1,2]]");
        const QString below = quoted(at("file/x"));
        for (const QStringList& arguments :
             {m_world->profile(at("file/x")),
              m_world->profile("/proc/x.espalier"),
              {"plan", quoted(m_world->study), "--name", "x", "--method", "reap", "--keep", "4", "--out", below},
              {"logits", quoted(m_world->model), "--tokens", quoted(at("ids.json")), "--out", below},
              {"logits", quoted(m_world->model), "--tokens", quoted(at("ids.json")), "--out", quoted(m_world->folder)},
              {"study", "merge", quoted(m_world->study), "--out", below},
              {"demo", "--out", below}}) {
            const auto run = cli(arguments);
            QVERIFY_CODE(run, 3);
            QVERIFY_SAYS(run, "/");
        }
        // Devices stay devices, even for root
        QVERIFY_CODE(cli({"logits", quoted(m_world->model), "--tokens", quoted(at("ids.json")), "--out", "/dev/null"}),
                     0);
        QVERIFY(fs::is_character_file("/dev/null"));
        const auto full =
            cli({"logits", quoted(m_world->model), "--tokens", quoted(at("ids.json")), "--out", "/dev/full"});
        QVERIFY_CODE(full, 4);
        QVERIFY_SAYS(full, "/dev/full");
        QVERIFY(fs::is_character_file("/dev/full"));
    }

    void fileSizeLimit()
    {
        // What `ulimit -f` forbids is like a full disk: code 4 and nothing half-written. 64 blocks are 32 or 64 KiB.
        fs::create_directories(at("limited"));
        const auto list = [&] { return test::namesIn(at("limited")); };
        const QString limit = "ulimit -f 64; exec \"$ESPALIER\" ";
        test::writeText(at("ids.json"), "[[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]]");
        const test::Environment env{{"MODEL", quoted(m_world->model)},
                                    {"PLAN", quoted(m_plan)},
                                    {"OUT", quoted(at("limited"))},
                                    {"IDS", quoted(at("ids.json"))},
                                    {"WORDS", quoted(m_world->words)}};
        const auto bundle = test::shell(limit + "export $MODEL --plan $PLAN --out $OUT/bundle --no-logits", env);
        QVERIFY_CODE(bundle, 4);
        QVERIFY_SAYS(bundle, "ulimit");
        QVERIFY(list().empty());
        const auto logits = test::shell(limit + "logits $MODEL --tokens $IDS --out $OUT/l.npy --threads 1", env);
        QVERIFY_CODE(logits, 4);
        QVERIFY(list().empty());
        const auto profile =
            test::shell(limit + "profile $MODEL --study $OUT/s.espalier --data a=$WORDS --threads 1", env);
        QVERIFY_CODE(profile, 4);
        QVERIFY_SAYS(profile, "s.espalier");
    }

    void fullDisk()
    {
        const fs::path place = at("disk");
        const SmallDisk disk(place, "128k");
        if (!disk.mounted())
            QSKIP("no small file system: this user cannot mount one; fileSizeLimit() tests the same ends");
        const auto bundle = cli(exported(place / "bundle"));
        QVERIFY_CODE(bundle, 4);
        QVERIFY_SAYS(bundle, "needs");
        QVERIFY_SAYS(bundle, "free");
        QVERIFY(test::namesIn(place).empty());
        const auto profile = cli(m_world->profile(place / "s.espalier"));
        QVERIFY_CODE(profile, 4);
        QVERIFY_SAYS(profile, (place / "s.espalier").string());
        test::shell("cat /dev/zero > \"$OUT/fill\"", {{"OUT", quoted(place)}}); // what is left of it
        const auto plan = cli({"plan", quoted(m_world->study), "--name", "x", "--method", "reap", "--keep", "4",
                               "--out", quoted(place / "plan.json")});
        QVERIFY_CODE(plan, 4);
        QVERIFY(!fs::exists(place / "plan.json"));
    }
};

QTEST_GUILESS_MAIN(TestBadInput)
#include "tst_bad_input.moc"
