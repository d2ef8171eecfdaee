// SPDX-License-Identifier: Apache-2.0
// The whole road on the bundled model with few tokens, by the program alone: profile, scores, plan, validate, export,
// verify; runs that are killed, interrupted, resumed and merged.
#include "core/checkpoint/checkpoint.h"
#include "tests/app/cli/cli_run.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>

using namespace espalier;
namespace fs = std::filesystem;
using base::OrderedJson;
using test::cli;
using test::quoted;

class TestRoad : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_folder;

    static OrderedJson run(const QStringList& arguments)
    {
        const auto run = cli(arguments + QStringList{"--json"});
        if (run.code != 0)
            throw std::runtime_error(fmt::format("exit code {}: {}", run.code, run.err.toStdString()));
        return run.json();
    }
    /// Two domains of the demo, two commits each.
    static QStringList profile(const fs::path& study, const QStringList& domains = {"json", "number-german"},
                               int tokens = 9000)
    {
        QStringList arguments{"profile",      quoted(test::demo()),    "--study", quoted(study), "--context", "256",
                              "--max-tokens", QString::number(tokens), "--dtype", "float32",     "--threads", "1"};
        for (const QString& domain : domains)
            arguments << "--data" << domain + "=" + quoted(test::demo("calibration")) + "/" + domain + ".jsonl";
        return arguments;
    }
    static QByteArray scores(const fs::path& study, const char* method = "reap")
    {
        const auto run = cli({"scores", quoted(study), "--method", method, "--json"});
        return run.code == 0 ? run.out : "failed: " + run.err;
    }

    /// Starts the program with JSON lines and waits until so many tokens are measured; false when it ended before.
    static bool runUntil(QProcess& process, const QStringList& arguments, double tokens)
    {
        process.setProcessEnvironment(test::cliEnvironment());
        process.setReadChannel(QProcess::StandardError);
        process.start(QStringLiteral(ESPALIER_CLI), arguments + QStringList{"--progress", "json"});
        if (!process.waitForStarted())
            throw std::runtime_error("the program did not start");
        for (;;) {
            if (!process.canReadLine() && !process.waitForReadyRead(60000))
                return false;
            const auto line = base::parseJson(process.readLine().toStdString(), "standard error");
            if (line && line->contains("phase") && (*line)["phase"] == "profile" &&
                (*line)["done"].get<double>() >= tokens)
                return true;
            if (line && line->contains("type") && (*line)["type"] == "result")
                return false;
        }
    }

private slots:
    void initTestCase() { m_folder = m_dir.path().toStdString(); }

    void wholeRoad()
    {
        const fs::path study = m_folder / "road.espalier";
        const auto profiled = run(profile(study, {"json", "number-german"}, 6000));
        QCOMPARE(profiled["tokens"]["json"].get<int>(), 6000);
        for (const char* method : {"reap-sum", "frequency", "peu"})
            QCOMPARE(run({"scores", quoted(study), "--method", method, "--domain", "json"})["layers"].size(), 6U);
        const auto plan = [&](const char* name, const QStringList& target) {
            return run(QStringList{"plan", quoted(study), "--name", name, "--method", "reap-sum", "--domain", "json",
                                   "--out", quoted(m_folder / (std::string(name) + ".json"))} +
                       target);
        };
        const auto kept = plan("kept", {"--keep", "16"});
        const auto ratio = plan("ratio", {"--ratio", "0.5"});
        const auto budget =
            plan("budget", {"--budget", QString::number(kept["predicted"]["memory"]["total"].get<qint64>())});
        QVERIFY(kept["layers"] == ratio["layers"] && kept["layers"] == budget["layers"]);
        const auto small = plan("small", {"--keep", "8"});
        for (std::size_t l = 0; l < 6; ++l) { // nested
            const auto outer = kept["layers"][l]["keep"].get<std::vector<int>>();
            const auto inner = small["layers"][l]["keep"].get<std::vector<int>>();
            QVERIFY(std::includes(outer.begin(), outer.end(), inner.begin(), inner.end()));
        }
        QVERIFY(kept["predicted"]["mass_kept"]["json"].get<double>() > 0.9);
        QVERIFY(kept["predicted"]["mass_kept"]["json"].get<double>() >
                small["predicted"]["mass_kept"]["json"].get<double>());

        // Plans by their names in the study, not only as files
        const auto validated =
            run({"validate",         quoted(test::demo()),
                 "--plan",           "kept",
                 "--plan",           "small",
                 "--study",          quoted(study),
                 "--task",           "json=" + quoted(test::demo("tasks")) + "/json.jsonl",
                 "--text",           "prose-french=" + quoted(test::demo("tasks")) + "/prose-french.jsonl",
                 "--max-items",      "12",
                 "--max-tokens",     "600",
                 "--random-control", "1",
                 "--context",        "256",
                 "--threads",        "1",
                 "--dtype",          "float32"});
        QCOMPARE(validated["plans"].size(), 3U);
        const auto& json = validated["plans"][0]["tasks"]["json"];
        QCOMPARE(json["accuracy_base"].get<double>(), 1.0);
        QVERIFY(json["accuracy"].get<double>() >= 0.9);
        QVERIFY(validated["plans"][2]["tasks"]["json"]["accuracy"].get<double>() < 0.3); // the random control
        QVERIFY(validated["plans"][0]["domains"]["prose-french"]["kl_mean"].get<double>() >
                0.3); // what json costs others

        const fs::path out = m_folder / "bundle";
        const auto exported = run({"export", quoted(test::demo()), "--plan", "kept", "--study", quoted(study), "--out",
                                   quoted(out), "--threads", "1"});
        const auto bytes = kept["predicted"]["bytes"]["total"].get<std::uint64_t>();
        QCOMPARE(exported["bytes"].get<std::uint64_t>(), bytes);
        QCOMPARE(exported["predicted_bytes"].get<std::uint64_t>(), bytes);
        const auto opened = checkpoint::Checkpoint::open(out);
        QVERIFY_RESULT(opened);
        std::uint64_t sum = 0;
        for (const auto& tensor : opened->tensors())
            sum += tensor.bytes;
        QCOMPARE(sum, bytes);
        QCOMPARE(run({"inspect", quoted(out)})["bytes"]["total"].get<std::uint64_t>(), bytes);
        QCOMPARE(run({"inspect", quoted(out)})["experts"].get<int>(), 16);

        // The model card says what it cost, from the study
        const std::string card = test::readText(out / "README.md");
        for (const std::string& text :
             {std::string("| measured on | base | this model |"),
              fmt::format("| json, exact match % of 12 | 100.0 | {:.1f} |", 100 * json["accuracy"].get<double>()),
              std::string("| prose-french, perplexity |"), std::string("reap-sum"), std::string("16 of 32 experts")})
            QVERIFY2(card.find(text) != std::string::npos, (text + "\n" + card).c_str());
        const auto recipe = *base::readJsonFile(out / "recipe.json");
        QVERIFY(recipe["data"]["json"]["sha256"].get<std::string>().size() == 64);
        QVERIFY(recipe["command"].get<std::string>().starts_with("espalier export "));
        QVERIFY_CODE(test::runProcess("sha256sum", {"--check", "--strict", "SHA256SUMS"}, {}, quoted(out)), 0);

        const auto verified = run({"verify", quoted(out), "--against", quoted(test::demo()), "--threads", "1"});
        QVERIFY(verified["ok"].get<bool>());
        QVERIFY(verified["max_abs_logit_difference"].get<double>() <= 1e-5);
        const auto info = run({"study", "info", quoted(study)});
        QCOMPARE(info["plans"].size(), 4U);
        QCOMPARE(info["validations"].get<int>(), 1);
        QCOMPARE(info["exports"].get<int>(), 1);

        // A cut of the cut: its own cards make room for the new ones
        const fs::path again = m_folder / "again";
        OrderedJson hand{{"schema", "espalier.plan/1"}, {"layers", OrderedJson::array()}};
        for (int l = 0; l < 6; ++l)
            hand["layers"].push_back({{"layer", l}, {"keep", {1, 3, 5, 7, 9, 11}}});
        test::writeText(m_folder / "hand.json", hand.dump());
        run({"export", quoted(out), "--plan", quoted(m_folder / "hand.json"), "--out", quoted(again), "--threads",
             "1"});
        QCOMPARE(test::readText(again / "README.base.md"), card);
        QCOMPARE(test::readText(again / "recipe.base.json"), test::readText(out / "recipe.json"));
        QVERIFY_CODE(test::runProcess("sha256sum", {"--check", "--strict", "SHA256SUMS"}, {}, quoted(again)), 0);
    }

    void killedAtAnyMoment()
    {
        const fs::path whole = m_folder / "whole.espalier", study = m_folder / "killed.espalier";
        const auto total = run(profile(whole));
        // No run yet, the first commits, the second domain, near the end; every one resumes what the last one left
        int kills = 0;
        for (const double tokens : {0.0, 2000.0, 8600.0, 12000.0, 17500.0}) {
            QProcess process;
            if (!runUntil(process, profile(study) + QStringList{"--resume"}, tokens))
                continue; // it was faster than the test
            process.kill();
            QVERIFY(process.waitForFinished());
            QCOMPARE(process.exitStatus(), QProcess::CrashExit);
            ++kills;
        }
        QVERIFY(kills >= 2);
        const auto resumed = run(profile(study) + QStringList{"--resume"});
        QVERIFY(resumed["resumed"].get<bool>());
        QVERIFY(resumed["tokens"] == total["tokens"]);
        for (const char* method : {"reap", "frequency", "easy-ep", "peu", "tcess", "man"})
            QCOMPARE(scores(study, method), scores(whole, method)); // to the byte
        QCOMPARE(run({"study", "info", quoted(study)})["runs"].size(), 1U);
        QVERIFY(run({"study", "check", quoted(study)})["ok"].get<bool>());
    }

    void interrupted()
    {
        const fs::path whole = m_folder / "whole.espalier", study = m_folder / "interrupted.espalier";
        if (!fs::exists(whole))
            run(profile(whole));
        QProcess process;
        QVERIFY(runUntil(process, profile(study) + QStringList{"--json"}, 8800));
        QVERIFY(::kill(static_cast<pid_t>(process.processId()), SIGINT) == 0);
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 130);
        QVERIFY(process.readAllStandardOutput().isEmpty());
        const auto last = process.readAllStandardError().trimmed().split('\n').back();
        const auto error = base::parseJson(last.toStdString(), "standard error");
        QVERIFY_RESULT(error);
        QCOMPARE((*error)["code"].get<int>(), 130);
        QVERIFY((*error)["remedy"].get<std::string>().find("--resume") != std::string::npos);
        const auto info = run({"study", "info", quoted(study)});
        QCOMPARE(info["runs"][0]["state"].get<std::string>(), "partial");
        QVERIFY(info["runs"][0]["tokens"].get<int>() > 7500); // whole groups are kept
        const auto resumed = run(profile(study) + QStringList{"--resume"});
        QVERIFY(resumed["resumed"].get<bool>());
        QCOMPARE(scores(study), scores(whole));
        // Other settings are another run, not the rest of this one
        const auto other = run(profile(study, {"json"}, 500) + QStringList{"--resume"});
        QVERIFY(!other["resumed"].get<bool>());
    }

    void interruptedExport()
    {
        fs::create_directories(m_folder / "stopped");
        OrderedJson all{{"schema", "espalier.plan/1"}, {"layers", OrderedJson::array()}};
        std::vector<int> ids(32);
        for (int e = 0; e < 32; ++e)
            ids[static_cast<std::size_t>(e)] = e;
        for (int l = 0; l < 6; ++l)
            all["layers"].push_back({{"layer", l}, {"keep", ids}});
        test::writeText(m_folder / "all.json", all.dump());
        QProcess process;
        process.setProcessEnvironment(test::cliEnvironment());
        process.setReadChannel(QProcess::StandardError);
        process.start(QStringLiteral(ESPALIER_CLI),
                      {"export", quoted(test::demo()), "--plan", quoted(m_folder / "all.json"), "--out",
                       quoted(m_folder / "stopped/out"), "--threads", "1", "--progress", "json"});
        QVERIFY(process.waitForStarted());
        while (process.waitForReadyRead(30000) && !process.readLine().contains("\"progress\"")) {
        }
        QVERIFY(::kill(static_cast<pid_t>(process.processId()), SIGTERM) == 0);
        QVERIFY(process.waitForFinished());
        if (process.exitCode() == 0)
            QSKIP("the export was faster than the interrupt");
        QCOMPARE(process.exitCode(), 130);
        QVERIFY(test::namesIn(m_folder / "stopped").empty()); // neither the target nor its temporary sibling
    }

    void halvesMerged()
    {
        // The same texts in two studies: one domain each, and one domain cut into two files of half the documents
        const fs::path json = m_folder / "json.espalier", german = m_folder / "german.espalier",
                       both = m_folder / "both.espalier", whole = m_folder / "whole.espalier";
        if (!fs::exists(whole))
            run(profile(whole));
        run(profile(json, {"json"}));
        run(profile(german, {"number-german"}));
        const auto merged = run({"study", "merge", quoted(json), quoted(german), "--out", quoted(both)});
        QCOMPARE(merged["tokens"]["json"].get<int>(), 9000);
        for (const char* method : {"reap", "frequency", "easy-ep", "peu"})
            QCOMPARE(scores(both, method), scores(whole, method)); // sums of domains that did not meet: to the byte
        // Merging what is in it already changes nothing
        const auto again = cli({"study", "merge", quoted(both), quoted(json)});
        QVERIFY2(again.code == 0 || again.code == 3, again.err.constData());
        QCOMPARE(scores(both), scores(whole));

        const std::string text = test::readText(test::demo("calibration") / "json.jsonl");
        std::size_t cut = 0, lines = 0;
        std::size_t end = 0;
        for (std::size_t at = 0; lines < 60; ++lines) {
            at = text.find('\n', at) + 1;
            if (lines == 24)
                cut = at;
            end = at;
        }
        test::writeText(m_folder / "a.jsonl", text.substr(0, cut));
        test::writeText(m_folder / "b.jsonl", text.substr(cut, end - cut));
        test::writeText(m_folder / "ab.jsonl", text.substr(0, end));
        const auto one = [&](const char* name) {
            const fs::path study = m_folder / (std::string(name) + ".espalier");
            run({"profile", quoted(test::demo()), "--study", quoted(study), "--data",
                 "json=" + quoted(m_folder / (std::string(name) + ".jsonl")), "--context", "256", "--dtype", "float32",
                 "--threads", "1"});
            return study;
        };
        const fs::path first = one("a"), second = one("b"), full = one("ab");
        run({"study", "merge", quoted(first), quoted(second)});
        for (const char* method : {"frequency", "reap", "reap-sum", "man", "easy-ep", "tcess", "peu", "seer-soft"}) {
            const auto a = run({"scores", quoted(first), "--method", method}),
                       b = run({"scores", quoted(full), "--method", method});
            QVERIFY(a["tokens"] == b["tokens"]);
            for (std::size_t l = 0; l < 6; ++l)
                for (std::size_t e = 0; e < 32; ++e) {
                    const auto &x = a["layers"][l]["experts"][e], &y = b["layers"][l]["experts"][e];
                    QVERIFY(x["tokens"] == y["tokens"]);
                    const double mine = x["score"].get<double>(), theirs = y["score"].get<double>();
                    // Sums are exact; the float32 arithmetic below them knows how many rows it was given
                    QVERIFY2(std::abs(mine - theirs) <= 1e-6 * std::max(std::abs(theirs), 1e-6),
                             fmt::format("{} L{}E{}: {} and {}", method, l, e, mine, theirs).c_str());
                }
        }
        // Another model's study does not mix in
        test::TinyWorld other(m_folder / "other");
        const auto mixed = cli({"study", "merge", quoted(full), quoted(other.study)});
        QVERIFY_CODE(mixed, 3);
        QVERIFY_SAYS(mixed, other.study.string());
    }
};

QTEST_GUILESS_MAIN(TestRoad)
#include "tst_road.moc"
