// SPDX-License-Identifier: Apache-2.0
// The whole road on the bundled model with few tokens, by the program alone: profile, scores, plan, validate, export,
// verify, and a cut of the cut.
#include "core/checkpoint/checkpoint.h"
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

class TestRoad : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_folder;

private slots:
    void initTestCase() { m_folder = m_dir.path().toStdString(); }

    void wholeRoad()
    {
        const fs::path study = m_folder / "road.espalier";
        const auto profiled = runJson(profile(study, {"json", "number-german"}, 6000));
        QCOMPARE(profiled["tokens"]["json"].get<int>(), 6000);
        for (const char* method : {"reap-sum", "frequency", "peu"})
            QCOMPARE(runJson({"scores", quoted(study), "--method", method, "--domain", "json"})["layers"].size(), 6U);
        const auto plan = [&](const char* name, const QStringList& target) {
            return runJson(QStringList{"plan", quoted(study), "--name", name, "--method", "reap-sum", "--domain",
                                       "json", "--out", quoted(m_folder / (std::string(name) + ".json"))} +
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
            runJson({"validate",         quoted(test::demo()),
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
        const auto exported = runJson({"export", quoted(test::demo()), "--plan", "kept", "--study", quoted(study),
                                       "--out", quoted(out), "--threads", "1"});
        const auto bytes = kept["predicted"]["bytes"]["total"].get<std::uint64_t>();
        QCOMPARE(exported["bytes"].get<std::uint64_t>(), bytes);
        QCOMPARE(exported["predicted_bytes"].get<std::uint64_t>(), bytes);
        const auto opened = checkpoint::Checkpoint::open(out);
        QVERIFY_RESULT(opened);
        std::uint64_t sum = 0;
        for (const auto& tensor : opened->tensors())
            sum += tensor.bytes;
        QCOMPARE(sum, bytes);
        QCOMPARE(runJson({"inspect", quoted(out)})["bytes"]["total"].get<std::uint64_t>(), bytes);
        QCOMPARE(runJson({"inspect", quoted(out)})["experts"].get<int>(), 16);

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

        const auto verified = runJson({"verify", quoted(out), "--against", quoted(test::demo()), "--threads", "1"});
        QVERIFY(verified["ok"].get<bool>());
        QVERIFY(verified["max_abs_logit_difference"].get<double>() <= 1e-5);
        const auto info = runJson({"study", "info", quoted(study)});
        QCOMPARE(info["plans"].size(), 4U);
        QCOMPARE(info["validations"].get<int>(), 1);
        QCOMPARE(info["exports"].get<int>(), 1);

        // A cut of the cut: its own cards make room for the new ones
        const fs::path again = m_folder / "again";
        OrderedJson hand{{"schema", "espalier.plan/1"}, {"layers", OrderedJson::array()}};
        for (int l = 0; l < 6; ++l)
            hand["layers"].push_back({{"layer", l}, {"keep", {1, 3, 5, 7, 9, 11}}});
        test::writeText(m_folder / "hand.json", hand.dump());
        runJson({"export", quoted(out), "--plan", quoted(m_folder / "hand.json"), "--out", quoted(again), "--threads",
                 "1"});
        QCOMPARE(test::readText(again / "README.base.md"), card);
        QCOMPARE(test::readText(again / "recipe.base.json"), test::readText(out / "recipe.json"));
        QVERIFY_CODE(test::runProcess("sha256sum", {"--check", "--strict", "SHA256SUMS"}, {}, quoted(again)), 0);
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
};

QTEST_GUILESS_MAIN(TestRoad)
#include "tst_road.moc"
