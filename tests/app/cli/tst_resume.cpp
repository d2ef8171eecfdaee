// SPDX-License-Identifier: Apache-2.0
// Profiles that are killed, interrupted, resumed and merged end in the scores of an undisturbed one.
#include "tests/app/cli/demo_runs.h"

#include <QTemporaryDir>
#include <QTest>
#include <csignal>

using namespace espalier;
namespace fs = std::filesystem;
using base::OrderedJson;
using test::cli;
using test::profile;
using test::quoted;
using test::runJson;
using test::scores;

class TestResume : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_folder;

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

    void killedAtAnyMoment()
    {
        const fs::path whole = m_folder / "whole.espalier", study = m_folder / "killed.espalier";
        const auto total = runJson(profile(whole));
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
        const auto resumed = runJson(profile(study) + QStringList{"--resume"});
        QVERIFY(resumed["resumed"].get<bool>());
        QVERIFY(resumed["tokens"] == total["tokens"]);
        for (const char* method : {"reap", "frequency", "easy-ep", "peu", "tcess", "man"})
            QCOMPARE(scores(study, method), scores(whole, method)); // to the byte
        QCOMPARE(runJson({"study", "info", quoted(study)})["runs"].size(), 1U);
        QVERIFY(runJson({"study", "check", quoted(study)})["ok"].get<bool>());
    }

    void interrupted()
    {
        const fs::path whole = m_folder / "whole.espalier", study = m_folder / "interrupted.espalier";
        if (!fs::exists(whole))
            runJson(profile(whole));
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
        const auto info = runJson({"study", "info", quoted(study)});
        QCOMPARE(info["runs"][0]["state"].get<std::string>(), "partial");
        QVERIFY(info["runs"][0]["tokens"].get<int>() > 7500); // whole groups are kept
        const auto resumed = runJson(profile(study) + QStringList{"--resume"});
        QVERIFY(resumed["resumed"].get<bool>());
        QCOMPARE(scores(study), scores(whole));
        // Other settings are another run, not the rest of this one
        const auto other = runJson(profile(study, {"json"}, 500) + QStringList{"--resume"});
        QVERIFY(!other["resumed"].get<bool>());
    }

    void halvesMerged()
    {
        // The same texts in two studies: one domain each, and one domain cut into two files of half the documents
        const fs::path json = m_folder / "json.espalier", german = m_folder / "german.espalier",
                       both = m_folder / "both.espalier", whole = m_folder / "whole.espalier";
        if (!fs::exists(whole))
            runJson(profile(whole));
        runJson(profile(json, {"json"}));
        runJson(profile(german, {"number-german"}));
        const auto merged = runJson({"study", "merge", quoted(json), quoted(german), "--out", quoted(both)});
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
            runJson({"profile", quoted(test::demo()), "--study", quoted(study), "--data",
                     "json=" + quoted(m_folder / (std::string(name) + ".jsonl")), "--context", "256", "--dtype",
                     "float32", "--threads", "1"});
            return study;
        };
        const fs::path first = one("a"), second = one("b"), full = one("ab");
        runJson({"study", "merge", quoted(first), quoted(second)});
        for (const char* method : {"frequency", "reap", "reap-sum", "man", "easy-ep", "tcess", "peu", "seer-soft"}) {
            const auto a = runJson({"scores", quoted(first), "--method", method}),
                       b = runJson({"scores", quoted(full), "--method", method});
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

QTEST_GUILESS_MAIN(TestResume)
#include "tst_resume.moc"
