// SPDX-License-Identifier: Apache-2.0
// search by the program: plans that are stored, exported, resumed and refused; plans that skip experts.
#include "tests/app/cli/demo_runs.h"

#include <QTemporaryDir>

using namespace espalier;
using namespace espalier::test;

class TestSearchCommand : public QObject {
    Q_OBJECT
    QTemporaryDir m_dir;
    std::unique_ptr<TinyWorld> m_world;

    [[nodiscard]] QString at(const char* name) const { return quoted(m_world->folder / name); }
    [[nodiscard]] QStringList search(const char* name, const QStringList& more) const
    {
        return QStringList{"search",       quoted(m_world->model),
                           "--study",      quoted(m_world->study),
                           "--name",       name,
                           "--text",       "words=" + quoted(m_world->words),
                           "--context",    "32",
                           "--max-tokens", "1000",
                           "--dtype",      "float32",
                           "--threads",    "1"} +
               more;
    }
    [[nodiscard]] QStringList evolution(const char* name, const char* generations) const
    {
        return search(name, {"--keep", "3", "--generations", generations, "--children", "4", "--initial", "6",
                             "--fitness", "kl"});
    }

private slots:
    void initTestCase() { m_world = std::make_unique<TinyWorld>(m_dir.filePath("world").toStdString()); }

    void chosenExpertsAreExported()
    {
        const auto json = runJson(evolution("chosen", "3") + QStringList{"--out", at("chosen.json")});
        QVERIFY(json["plans"] == base::OrderedJson{"chosen"});
        QVERIFY(json["measures"] == base::OrderedJson{"kl"});
        QVERIFY(json["stock"].is_null());
        QVERIFY(!json["seed"].is_null()); // plans of the study's statistics were among the candidates
        QVERIFY(json["found"]["dev"].get<double>() >= json["seed"]["dev"].get<double>());
        for (const char* key : {"likelihood", "kl", "acceptance", "items", "tokens"})
            QVERIFY2(json["found"]["test"]["words"].contains(key), key);
        QCOMPARE(json["model"]["test"]["words"]["kl"].get<double>(), 0.0);
        QVERIFY(json["model"]["test"]["words"]["acceptance"].get<double>() > 0.999999);

        const auto bundle = runJson({"export", quoted(m_world->model), "--plan", "chosen", "--study",
                                     quoted(m_world->study), "--out", at("bundle")});
        QVERIFY(bundle["verified"].get<bool>());
        QVERIFY(bundle["bytes"] == bundle["predicted_bytes"]);
        const auto plan = *base::readJsonFile(m_world->folder / "chosen.json");
        QCOMPARE(plan["method"].get<std::string>(), "eep");
        QVERIFY(plan["settings"].contains("search"));
    }

    void mixturesAreMeasuredAndNotCut()
    {
        const auto json = runJson(evolution("mixed", "1,6") + QStringList{"--out", at("mixed.json")});
        if (json["stock"].is_null())
            QSKIP("no mixture was better");
        QVERIFY(json["plans"].dump() == "[\"mixed\",\"mixed-stock\"]");
        QVERIFY(json["found"]["mixes"].get<bool>() && !json["stock"]["mixes"].get<bool>());
        const auto refused = cli({"export", quoted(m_world->model), "--plan", at("mixed.json"), "--out", at("no")});
        QVERIFY_CODE(refused, 3);
        QVERIFY_SAYS(refused, "-stock");
        QVERIFY_CODE(cli({"plans", "export", "mixed", "--study", quoted(m_world->study), "--format", "vllm", "--out",
                          at("no.json")}),
                     3);
        QVERIFY_CODE(cli({"export", quoted(m_world->model), "--plan", "mixed-stock", "--study", quoted(m_world->study),
                          "--out", at("stock")}),
                     0);
        const auto measured =
            runJson({"validate", quoted(m_world->model), "--plan", at("mixed.json"), "--plan", "mixed-stock", "--study",
                     quoted(m_world->study), "--text", "words=" + quoted(m_world->words), "--context", "32",
                     "--max-tokens", "1000", "--dtype", "float32"});
        const auto kl = [&](std::size_t plan) {
            return measured["plans"][plan]["domains"]["words"]["kl_mean"].get<double>();
        };
        QVERIFY(kl(0) > 0 && kl(1) > 0 && kl(0) != kl(1));
        const auto said = runJson(
            {"generate", quoted(m_world->model), "--prompt", "a1 b2", "--plan", at("mixed.json"), "--max-tokens", "3"});
        QCOMPARE(said["ids"].size(), 3U);
        // Written as a smaller model, with router rows that are the mapping or come near it
        const QStringList merge{"merge",        quoted(m_world->model),
                                "--plan",       at("mixed.json"),
                                "--data",       "words=" + quoted(m_world->words),
                                "--context",    "32",
                                "--max-tokens", "600",
                                "--threads",    "1"};
        const auto written = runJson(merge + QStringList{"--out", at("sums")});
        QVERIFY(written["verified"].get<bool>() && written["bytes"] < written["bytes_before"]);
        QVERIFY(written["bytes"] == written["predicted_bytes"]);
        bool fitted = false;
        for (const auto& layer : written["layers"]) {
            QCOMPARE(layer["groups"].size(), 3U);
            const bool here = layer["router"]["mapping"] == "fitted";
            QVERIFY(here || layer["router"]["mapping"] == "exact");
            if (here)
                QVERIFY(layer["router"]["tokens"].get<int>() > 0 && layer["router"]["same_choice"].get<double>() > 0);
            fitted = fitted || here;
        }
        QVERIFY(fitted || written["verification"]["max_abs_logit_difference"].get<double>() <= 1e-5);
        QVERIFY_CODE(cli({"verify", at("sums"), "--against", quoted(m_world->model), "--threads", "1"}), 0);
        QCOMPARE(runJson({"inspect", at("sums")})["experts"].get<int>(), 3);
        QVERIFY_CODE(cli(merge + QStringList{"--keep", "3"}), 2);
        const auto stockPlan = cli({"merge", quoted(m_world->model), "--plan", "mixed-stock", "--study",
                                    quoted(m_world->study), "--out", at("nothing")});
        QVERIFY_CODE(stockPlan, 2);
        QVERIFY_SAYS(stockPlan, "espalier export");
        // The same again with --resume reads everything from the journal
        const auto again = runJson(evolution("mixed", "1,6") + QStringList{"--resume"});
        QVERIFY(again["resumed_steps"] == again["steps"]);
        QVERIFY(again["found"]["train"] == json["found"]["train"]);
        QVERIFY_CODE(cli({"study", "check", quoted(m_world->study)}), 0);
    }

    /// Answers of a task on the bundled model: the judged quarter has an interval, and flips against the model.
    void tasksAreJudged()
    {
        const auto json = runJson({"search",        quoted(demo()),
                                   "--study",       at("demo.espalier"),
                                   "--name",        "task",
                                   "--keep",        "16",
                                   "--task",        "json=" + quoted(demo("tasks")) + "/json.jsonl",
                                   "--max-items",   "16",
                                   "--generations", "1",
                                   "--children",    "2",
                                   "--initial",     "3",
                                   "--max-answer",  "24",
                                   "--dtype",       "float32",
                                   "--threads",     "1"});
        QVERIFY(json["measures"].dump() == "[\"likelihood\",\"kl\",\"accuracy\"]");
        QVERIFY(json["seed"].is_null()); // nothing was measured before
        const auto &model = json["model"]["test"]["json"], &found = json["found"]["test"]["json"];
        QCOMPARE(found["items"].get<int>(), 4);
        QCOMPARE(model["p_value"].get<double>(), 1.0);
        QVERIFY(found["ci95"][0].get<double>() <= found["accuracy"].get<double>());
        QVERIFY(found["ci95"][1].get<double>() >= found["accuracy"].get<double>());
        const int flips = found["flips"]["gained"].get<int>() - found["flips"]["lost"].get<int>();
        QCOMPARE(found["accuracy"].get<double>(), model["accuracy"].get<double>() + flips / 4.0);
    }

    void otherMethods()
    {
        const auto counts =
            runJson(search("counts", {"--method", "evoesap", "--keep", "4", "--generations", "2", "--children", "6"}));
        QVERIFY(counts["measures"] == base::OrderedJson{"acceptance"});
        const auto naee = runJson(search("naee", {"--method", "naee", "--keep", "3", "--sample", "40"}));
        QCOMPARE(naee["layers"].size(), 3U);
        for (const auto& layer : naee["layers"]) {
            QCOMPARE(layer["search"].get<std::string>(), "exact");
            QCOMPARE(layer["keep"].size(), 3U);
            QVERIFY(layer["losses"][0].get<double>() > 0);
            QVERIFY(layer["losses"][0].get<double>() < layer["energy"].get<double>());
        }
        QVERIFY_CODE(cli({"export", quoted(m_world->model), "--plan", "naee", "--study", quoted(m_world->study),
                          "--out", at("naee")}),
                     0);
        auto lexi = search("lexi", {"--method", "lexi", "--mean-top-k", "1.34", "--out", at("lexi.json")});
        const auto spread = runJson(lexi);
        int total = 0;
        for (const auto& layer : spread["layers"])
            total += layer["top_k"].get<int>();
        QCOMPARE(total, 4);
        QCOMPARE((*base::readJsonFile(m_world->folder / "lexi.json"))["layers"].size(), 3U);
    }

    /// Thresholds are quantiles of what the study measured: in the first layer, whose inputs do not depend on the plan,
    /// the texts of the study skip as often as was asked. A fixed number stands beside it; a cut carries the rule.
    void skipping()
    {
        const auto asked = [&](const char* keep, const char* share) {
            return QStringList{"plan",     quoted(m_world->study),
                               "--name",   "skips",
                               "--method", "reap-sum",
                               "--keep",   keep,
                               "--skip",   share,
                               "--domain", "words",
                               "--out",    at("skips.json")};
        };
        const auto half = runJson(asked("6", "0.5"));
        for (const auto& layer : half["layers"]) {
            QCOMPARE(layer["skip"].size(), 1U);
            QVERIFY(layer["skip"][0].get<double>() > 0 && layer["skip"][0].get<double>() < 1);
        }
        QVERIFY_CODE(cli(asked("6", "0.5")), 0);
        QStringList validate{"validate",  quoted(m_world->model),
                             "--plan",    at("skips.json"),
                             "--text",    "words=" + quoted(m_world->words),
                             "--context", "48",
                             "--threads", "1",
                             "--dtype",   "float32"};
        const auto measured = runJson(validate + QStringList{"--fixed-k", "--random-control", "1"});
        QCOMPARE(measured["plans"].size(), 3U);
        const auto& own = measured["plans"][0];
        const auto& active = own["domains"]["words"]["active_experts"];
        QCOMPARE(active["layers"].size(), half["layers"].size());
        QVERIFY2(std::abs(active["layers"][0].get<double>() - 1.5) < 0.02, active.dump().c_str());
        QCOMPARE(own["active_experts"].get<double>(), active["mean"].get<double>());
        QVERIFY(own["domains"]["words"]["kl_mean"].get<double>() > 0);
        const auto& fixed = measured["plans"][2];
        const auto number = static_cast<int>(std::lround(active["mean"].get<double>()));
        QCOMPARE(fixed["fixed_of"].get<std::string>(), "skips");
        QCOMPARE(fixed["name"].get<std::string>(), "skips-top-" + std::to_string(number));
        QVERIFY(number == 2 ? !fixed.contains("active_experts") : fixed["active_experts"] == 1.0);
        QVERIFY(fixed["domains"]["words"]["tokens"] == own["domains"]["words"]["tokens"]);
        const auto text = cli(validate);
        QVERIFY_CODE(text, 0);
        QVERIFY(QString::fromUtf8(text.out).contains("experts per token"));

        runJson(asked("4", "0.5"));
        const auto bundle =
            runJson({"export", quoted(m_world->model), "--plan", at("skips.json"), "--out", at("skips")});
        QVERIFY(bundle["verified"].get<bool>());
        const auto rule = *base::readJsonFile(m_world->folder / "skips/skipping.json");
        QVERIFY(rule["layers"][1]["thresholds"] == half["layers"][1]["skip"]);
        QVERIFY_CODE(cli({"verify", at("skips"), "--against", quoted(m_world->model)}), 0);
        QVERIFY(readText(m_world->folder / "skips/README.md").find("skipping.json") != std::string::npos);

        QCOMPARE(runJson(asked("6", "0"))["layers"][0]["skip"][0].get<double>(), 0.0);
        const auto same = runJson(validate)["plans"][0]["domains"]["words"];
        QCOMPARE(same["kl_mean"].get<double>(), 0.0);
        QCOMPARE(same["active_experts"]["mean"].get<double>(), 2.0);
        QCOMPARE(runJson(asked("6", "1"))["layers"][0]["skip"][0].get<double>(), 2.0);
        QCOMPARE(runJson(validate)["plans"][0]["active_experts"].get<double>(), 1.0);
        QVERIFY_CODE(cli(asked("6", "1.5")), 2);
        const auto single = cli(asked("6", "0.5") + QStringList{"--top-k", "1"});
        QVERIFY_CODE(single, 2);
        QVERIFY_SAYS(single, "every token takes one expert");
        runJson({"plan", quoted(m_world->study), "--name", "none", "--method", "reap-sum", "--keep", "4", "--out",
                 at("none.json")});
        validate[3] = at("none.json");
        QVERIFY_SAYS(cli(validate + QStringList{"--fixed-k"}), "no plan skips experts");
    }

    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<QString>("says");
        QTest::newRow("no target") << QStringList{} << "--keep K";
        QTest::newRow("too few") << QStringList{"--keep", "1"} << "Choose 2 to 6";
        QTest::newRow("generations") << QStringList{"--keep", "3", "--generations", "some"} << "some";
        QTest::newRow("three phases") << QStringList{"--keep", "3", "--generations", "1,2,3"} << "two phases";
        QTest::newRow("measure") << QStringList{"--keep", "3", "--fitness", "luck"} << "luck";
        QTest::newRow("accuracy of texts") << QStringList{"--keep", "3", "--fitness", "accuracy"} << "--task";
        QTest::newRow("groups") << QStringList{"--keep", "3", "--groups", "9"} << "Choose 1 to 3";
        QTest::newRow("groups of counts")
            << QStringList{"--keep", "3", "--method", "evoesap", "--groups", "2"} << "--method eep";
        QTest::newRow("lexi keeps") << QStringList{"--method", "lexi", "--keep", "3"} << "--mean-top-k";
        QTest::newRow("lexi beyond") << QStringList{"--method", "lexi", "--mean-top-k", "3"} << "Choose 1 to 2";
        QTest::newRow("naee evolves") << QStringList{"--method", "naee", "--keep", "3", "--generations", "3"}
                                      << "--generations";
        QTest::newRow("method") << QStringList{"--method", "luck", "--keep", "3"} << "luck";
    }
    void wrongUse()
    {
        QFETCH(const QStringList, more);
        QFETCH(const QString, says);
        const auto run = cli(search("x", more));
        QVERIFY_CODE(run, 2);
        QVERIFY_SAYS(run, says.toStdString());
    }
};

QTEST_GUILESS_MAIN(TestSearchCommand)
#include "tst_search.moc"
