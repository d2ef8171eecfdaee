// SPDX-License-Identifier: Apache-2.0
// What every command has in common: help with a worked example, wrong usage, one JSON object, progress as JSON lines,
// results that cannot be written, and that only commands that compute open the engine.
#include "core/engine/engine.h"
#include "tests/app/cli/cli_run.h"

#include <QTemporaryDir>
#include <QTest>

using namespace espalier;
namespace fs = std::filesystem;
using test::cli;
using test::quoted;

namespace {

const QStringList kCommands{
    "doctor",       "inspect", "profile",      "study",           "study info",      "study merge",    "study check",
    "study import", "plans",   "plans import", "plans export",    "methods",         "scores",         "plan",
    "validate",     "export",  "verify",       "logits",          "tokenize",        "generate",       "demo",
    "weights",      "compare", "sweep",        "patterns",        "patterns build",  "patterns match", "bench",
    "carve",        "convert", "search",       "patterns import", "patterns export", "trace",          "merge"};
const QStringList kTelling{"report", "man", "completion"};

} // namespace

class TestContract : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    std::unique_ptr<test::TinyWorld> m_world;

    /// Standard error as JSON objects, one a line.
    static std::vector<base::OrderedJson> lines(const QByteArray& err)
    {
        std::vector<base::OrderedJson> objects;
        for (const QByteArray& line : err.split('\n')) {
            if (line.isEmpty())
                continue;
            auto parsed = base::parseJson(line.toStdString(), "standard error");
            if (!parsed || !parsed->is_object() || !parsed->contains("type"))
                throw std::runtime_error("no JSON object with a type: " + line.toStdString());
            objects.push_back(*parsed);
        }
        return objects;
    }

private slots:
    void initTestCase() { m_world = std::make_unique<test::TinyWorld>(m_dir.filePath("world").toStdString()); }

    void help_data()
    {
        QTest::addColumn<QString>("command");
        for (const QString& command : kCommands + kTelling)
            QTest::addRow("%s", qPrintable(command)) << command;
    }
    void help()
    {
        QFETCH(const QString, command);
        const auto run = cli(command.split(' ') + QStringList{"--help"});
        QVERIFY_CODE(run, 0);
        QVERIFY(run.err.isEmpty());
        // A worked example starts with the command itself
        const auto example = run.out.indexOf("Example:\n");
        QVERIFY2(example > 0, run.out.constData());
        QVERIFY2(run.out.mid(example).contains(("\n  espalier " + command).toUtf8()), run.out.constData());
        QVERIFY(run.out.contains("Usage: espalier " + command.toUtf8()));
        if (command != "study" && command != "patterns" && command != "plans")
            QVERIFY(run.out.contains("--json") && run.out.contains("--progress"));
    }

    void programItself()
    {
        const auto help = cli({"--help"});
        QVERIFY_CODE(help, 0);
        for (const QString& command : kCommands)
            QVERIFY2(help.out.contains(("  " + command.split(' ').front() + ' ').toUtf8()), qPrintable(command));
        QVERIFY(help.out.contains("Example:\n  espalier "));
        const auto version = cli({"--version"});
        QVERIFY_CODE(version, 0);
        QCOMPARE(version.out, QByteArray("espalier " ESPALIER_VERSION "\n"));
    }

    void wrongUsage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("says");
        const QString model = quoted(test::demo());
        const auto row = [](const char* name, QStringList arguments, const char* says) {
            QTest::newRow(name) << arguments << QString(says);
        };
        for (const QString& command : kCommands + kTelling)
            QTest::addRow("unknown option of %s", qPrintable(command))
                << command.split(' ') + QStringList{"--no-such-option"} << "there is no option '--no-such-option'";
        row("nothing", {}, "required");
        row("no command", {"frobnicate"}, "there is no command 'frobnicate'");
        row("no subcommand", {"study"}, "required");
        row("wrong subcommand", {"study", "frobnicate"}, "there is no command 'frobnicate'");
        row("no model", {"inspect"}, "MODEL is required");
        row("one too many", {"inspect", model, "another"}, "'another' is one argument too many");
        row("progress", {"inspect", model, "--progress", "loud"}, "--progress");
        row("dtype", {"logits", model, "--tokens", "a", "--out", "b", "--dtype", "int4"}, "int4");
        row("threads", {"generate", model, "--prompt", "a", "--threads", "0"}, "--threads");
        row("memory", {"generate", model, "--prompt", "a", "--memory", "8 apples"}, "8 apples");
        row("read", {"generate", model, "--prompt", "a", "--read", "telepathy"}, "telepathy");
        row("device", {"generate", model, "--prompt", "a", "--device", "tpu"}, "tpu");
        row("split", {"profile", model, "--study", "s", "--data", "a=b.txt", "--split", "hairs"}, "--split");
        row("bench part", {"bench", "--parts", "gemm,luck"}, "there is no part 'luck'");
        row("bench shape", {"bench", "--shapes", "gpt-9"}, "there is no shape 'gpt-9'");
        row("context", {"profile", model, "--study", "s", "--data", "a=b.txt", "--context", "0"}, "--context");
        row("max tokens", {"profile", model, "--study", "s", "--data", "a=b.txt", "--max-tokens", "-1"},
            "--max-tokens");
        row("statistics", {"profile", model, "--study", "s", "--data", "a=b.txt", "--statistics", "some"}, "some");
        row("data without a name", {"profile", model, "--study", "s", "--data", "b.txt"}, "NAME=FILE");
        row("data without a file", {"profile", model, "--study", "s", "--data", "b="}, "NAME=FILE");
        row("nothing to compare", {"validate", model, "--plan", "p"}, "--text");
        row("report to nowhere", {"report", "s.espalier"}, "--out");
        row("report as PDF", {"report", "s.espalier", "--out", "r.pdf"}, "espalier-studio");
        row("nothing to compare methods on", {"compare", "s", "--method", "reap", "--ratio", "0.5"}, "--text");
        row("no place for a sweep", {"sweep", "s", "--method", "reap", "--keep", "3", "--task", "a=b.jsonl"}, "--out");
        row("ratio of compare", {"compare", "s", "--method", "reap", "--ratio", "half", "--task", "a=b.jsonl"}, "half");
        row("keep of compare", {"compare", "s", "--method", "reap", "--keep", "3.5", "--task", "a=b.jsonl"}, "3.5");
        row("router of carve",
            {"carve", model, "--shared", "1", "--active", "1", "--experts", "4", "--data", "a=b", "--out", "o",
             "--router", "oracle"},
            "oracle");
        row("carve without sizes", {"carve", model, "--data", "a=b.txt", "--out", "o"}, "--shared");
        row("router of merge",
            {"merge", model, "--method", "uncurl", "--keep", "4", "--data", "a=b.txt", "--router", "sum"}, "sum");
        row("merge without a number", {"merge", model, "--method", "uncurl", "--data", "a=b.txt"}, "--keep");
        row("meo with a number", {"merge", model, "--method", "meo", "--keep", "4", "--data", "a=b.txt"}, "--group");
        row("meo to a folder", {"merge", model, "--method", "meo", "--data", "a=b.txt", "--out", "x"},
            "nothing to write");
        row("group of another",
            {"merge", model, "--method", "uncurl", "--keep", "4", "--data", "a=b.txt", "--group", "4"}, "meo");
        row("merge without texts", {"merge", model, "--method", "uncurl", "--keep", "4"}, "--data");
        row("exponents", {"scores", "s", "--method", "unified", "--exponents", "1,1"}, "a,b,c");
        row("exponents of plan",
            {"plan", "s", "--name", "n", "--method", "unified", "--keep", "2", "--exponents", "x,1,1"}, "a,b,c");
        row("nothing to merge", {"study", "merge", "one"}, "--out");
        row("no study to import into", {"study", "import", "a.csv", "--study", "no-such.espalier"}, "--model");
        row("import format", {"study", "import", "a.csv", "--study", "s", "--format", "onnx"}, "imatrix");
        row("import layers", {"study", "import", "a.csv", "--study", "s", "--layers", "one"}, "0,7,15");
        row("plan format", {"plans", "export", "p", "--model", model, "--format", "onnx", "--out", "o"}, "easy-ep");
        row("plans without a model", {"plans", "export", "p", "--format", "vllm", "--out", "o"}, "--model");
        row("plan to nowhere", {"plans", "import", "p", "--model", model}, "--out");
        row("two targets", {"plans", "import", "p", "--model", model, "--out", "o", "--keep", "3", "--ratio", "0.5"},
            "--ratio");
        row("export format", {"export", model, "--plan", "p", "--out", "o", "--format", "gguf"},
            "convert_hf_to_gguf.py");
        row("unknown format", {"export", model, "--plan", "p", "--out", "o", "--format", "onnx"}, "--format");
        row("empty prompt", {"generate", model, "--prompt", ""}, "empty");
        row("base without a plan", {"generate", model, "--prompt", "a", "--base"}, "--plan");
        row("nothing to trace", {"trace", model}, "--text");
        row("no such layer", {"trace", model, "--prompt", "a", "--layer", "99"}, "99");
    }
    void wrongUsage()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const QString, says);
        const auto run = cli(arguments, {}, m_dir.path());
        QVERIFY_CODE(run, 2);
        QVERIFY(run.out.isEmpty());
        QVERIFY_SAYS(run, says.toStdString());
        const auto asJson = cli(arguments + QStringList{"--progress=json"}, {}, m_dir.path());
        QVERIFY_CODE(asJson, 2);
        const auto objects = lines(asJson.err);
        QCOMPARE(objects.back()["type"].get<std::string>(), "error");
        QCOMPARE(objects.back()["code"].get<int>(), 2);
    }

    void wrongPlanRequests_data()
    {
        QTest::addColumn<QStringList>("extra");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, QStringList extra, int code, const char* says) {
            QTest::newRow(name) << extra << code << QString(says);
        };
        row("no target", {}, 2, "exactly one");
        row("two targets", {"--keep", "4", "--ratio", "0.5"}, 2, "exactly one");
        row("ratio 1", {"--ratio", "1"}, 2, "ratio");
        row("ratio below 0", {"--ratio", "-0.25"}, 2, "ratio");
        row("ratio nan", {"--ratio", "nan"}, 2, "ratio");
        row("ratio above 1", {"--ratio", "50"}, 2, "0 <= R < 1");
        row("ratio is a word", {"--ratio", "half"}, 2, "--ratio");
        row("keep below top-k", {"--keep", "1"}, 2, "Choose 2 to 6");
        row("keep above all", {"--keep", "7"}, 2, "Choose 2 to 6");
        row("keep negative", {"--keep", "-3"}, 2, "Choose 2 to 6");
        row("budget is no size", {"--budget", "15XB"}, 2, "15XB");
        row("budget negative", {"--budget", "-5"}, 2, "-5");
        row("budget too small", {"--budget", "1KiB"}, 4, "1.00 KiB");
        row("devices are no sizes", {"--devices", "24GB,much"}, 2, "much");
        row("devices too small", {"--devices", "1KiB,2KiB"}, 4, "device 1");
        row("domain", {"--keep", "4", "--domain", "law"}, 2, "law");
        row("allocator", {"--keep", "4", "--allocate", "fairly"}, 2, "fairly");
        row("protector", {"--keep", "4", "--protect", "all"}, 2, "all");
        row("lock is no expert", {"--keep", "4", "--lock", "9"}, 2, "L3E9");
        row("lock beyond the model", {"--keep", "4", "--lock", "L0E99"}, 2, "L0E99");
    }
    void wrongPlanRequests()
    {
        QFETCH(const QStringList, extra);
        QFETCH(const int, code);
        QFETCH(const QString, says);
        const auto run = cli(QStringList{"plan", quoted(m_world->study), "--name", "x", "--method", "reap"} + extra);
        QVERIFY_CODE(run, code);
        QVERIFY(run.out.isEmpty());
        QVERIFY_SAYS(run, says.toStdString());
        QVERIFY_CODE(cli({"plan", quoted(m_world->study), "--name", "x", "--method", "reep", "--keep", "4"}), 2);
        QVERIFY_CODE(cli({"scores", quoted(m_world->study), "--method", "reep"}), 2);
        QVERIFY_CODE(cli({"scores", quoted(m_world->study), "--method", "reap", "--domain", "law"}), 2);
        const auto info = cli({"study", "info", quoted(m_world->study), "--json"}).json();
        QVERIFY(info["plans"].empty()); // a refused plan is not stored
    }

    void progressLines()
    {
        const fs::path study = m_world->folder / "lines.espalier";
        const auto run = cli(m_world->profile(study) + QStringList{"--progress", "json", "--json"});
        QVERIFY_CODE(run, 0);
        const auto result = run.json();
        const auto objects = lines(run.err);
        QVERIFY(objects.size() >= 4);
        QCOMPARE(objects.front()["type"].get<std::string>(), "hello");
        QCOMPARE(objects.front()["program"].get<std::string>(), "espalier");
        QCOMPARE(objects.front()["version"].get<std::string>(), ESPALIER_VERSION);
        QCOMPARE(objects.front()["command"].get<std::string>(), "profile");
        QVERIFY(objects.front()["pid"].get<int>() > 1);
        QCOMPARE(objects.back()["type"].get<std::string>(), "result");
        QVERIFY(objects.back()["result"] == result);
        std::map<std::string, int> count;
        for (const auto& object : objects) {
            const auto type = object["type"].get<std::string>();
            ++count[type];
            if (type != "progress")
                continue;
            for (const char* key : {"phase", "done", "total", "unit", "percent", "rate", "seconds", "seconds_left"})
                QVERIFY2(object.contains(key), key);
            QVERIFY(object["done"].get<double>() <= object["total"].get<double>());
        }
        QCOMPARE(count["hello"], 1);
        QCOMPARE(count["result"], 1);
        QCOMPARE(count["error"], 0);
        QVERIFY(count["progress"] >= 1 && count["log"] >= 1);
        QCOMPARE(count["hello"] + count["result"] + count["progress"] + count["log"], static_cast<int>(objects.size()));

        const auto failed = cli({"inspect", "no-such-folder", "--progress", "json"}, {}, m_dir.path());
        QVERIFY_CODE(failed, 3);
        const auto error = lines(failed.err).back();
        QCOMPARE(error["type"].get<std::string>(), "error");
        QCOMPARE(error["code"].get<int>(), 3);
        QCOMPARE(error["file"].get<std::string>(), "no-such-folder");
        for (const char* key : {"message", "place", "remedy"})
            QVERIFY2(error[key].is_string(), key);
    }

    void resultThatCannotBeWritten()
    {
        for (const char* command : {"inspect \"$MODEL\"", "inspect \"$MODEL\" --json", "methods"}) {
            const auto run = test::shell(QStringLiteral("\"$ESPALIER\" %1 > /dev/full").arg(command),
                                         {{"MODEL", quoted(m_world->model)}});
            QVERIFY_CODE(run, 4);
            QVERIFY_SAYS(run, "standard output");
        }
        // A reader that closed the pipe is told of, too; the program does not die of a signal
        const auto run = test::shell("{ \"$ESPALIER\" methods --json; echo $? >&2; } | :");
        QVERIFY2(run.err.endsWith("0\n") || run.err.endsWith("3\n"), run.err.constData());
    }

    void onlyComputingOpensTheEngine()
    {
        // No libtorch among what the loader brings in before main()
        const auto libraries = test::runProcess("ldd", {ESPALIER_CLI});
        QVERIFY_CODE(libraries, 0);
        QVERIFY(libraries.out.contains("libstdc++"));
        for (const char* heavy : {"torch", "libc10", "libcuda", "Qt6", "libespalier_engine"})
            QVERIFY2(!libraries.out.contains(heavy), heavy);
        // Without an engine, commands that do not compute work and the others say what is missing
        const test::Environment none{{"ESPALIER_ENGINE", "/nonexistent/engine.so"}};
        const QString model = quoted(m_world->model), study = quoted(m_world->study);
        test::writeText(m_world->folder / "hello.txt", "hello");
        const QString text = quoted(m_world->folder / "hello.txt");
        for (const QStringList& arguments : {QStringList{"inspect", model},
                                             {"methods"},
                                             {"doctor"},
                                             {"scores", study, "--method", "reap"},
                                             {"plan", study, "--name", "no-engine", "--method", "reap", "--keep", "4"},
                                             {"study", "info", study},
                                             {"study", "check", study},
                                             {"tokenize", model, "--file", text}})
            QVERIFY_CODE(cli(arguments, none), 0);
        const auto run = cli({"generate", model, "--prompt", "a"}, none);
        QVERIFY_CODE(run, 3);
        QVERIFY_SAYS(run, "/nonexistent/engine.so");
        QVERIFY_SAYS(run, "ESPALIER_ENGINE");
    }

    void surroundings()
    {
        // A missing temporary folder and an unreadable locale are no reason to fall over
        QVERIFY_CODE(cli({"doctor", "--json"}, {{"TMPDIR", "/nonexistent"}}), 0);
        QVERIFY_CODE(cli({"methods"}, {{"LC_ALL", "xx_XX.UTF-8"}}), 0);
        // Nobody reads the messages: the exit code tells all the same
        QVERIFY_CODE(test::shell("\"$ESPALIER\" bogus 2>/dev/full"), 2);
        QVERIFY_CODE(test::shell("\"$ESPALIER\" inspect /nonexistent 2>/dev/full"), 3);
        QVERIFY_CODE(cli({"inspect", quoted(m_world->model)}, {{"LC_ALL", "de_DE.UTF-8"}}), 0);
    }
};

QTEST_GUILESS_MAIN(TestContract)
#include "tst_contract.moc"
