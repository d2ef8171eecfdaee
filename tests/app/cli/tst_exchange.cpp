// SPDX-License-Identifier: Apache-2.0
// study import, plans import and export by the program itself: what scripts read, what people are told, and that
// nothing half-made is left behind.
#include "tests/app/cli/cli_run.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTemporaryDir>
#include <QTest>

using namespace espalier;
namespace fs = std::filesystem;
using base::OrderedJson;
using test::cli;
using test::quoted;

class TestExchange : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    fs::path m_model;

    [[nodiscard]] fs::path at(const std::string& name) const { return fs::path(m_dir.path().toStdString()) / name; }
    static OrderedJson run(const QStringList& arguments)
    {
        const auto run = cli(arguments + QStringList{"--json"});
        if (run.code != 0)
            throw std::runtime_error(run.err.toStdString());
        return run.json();
    }

private slots:
    void initTestCase()
    {
        m_model = at("model");
        test::TinyOptions options; // 3 layers, 6 experts, top-2
        options.mlpOnlyLayers = {0};
        test::writeTinyCheckpoint(m_model, options);
        std::string csv = "domain,layer,expert,count\n";
        for (const char* domain : {"code", "law"})
            for (int layer = 1; layer < 3; ++layer)
                for (int expert = 0; expert < 6; ++expert) // 10 tokens, 20 choices
                    csv += fmt::format("{},{},{},{}\n", domain, layer, expert,
                                       std::string(domain) == "code" ? (expert < 4 ? 5 : 0) : (expert < 2 ? 0 : 5));
        test::writeText(at("counts.csv"), csv);
    }

    void aStudyFromAnImport()
    {
        const QString study = quoted(at("s.espalier"));
        const auto imported =
            run({"study", "import", quoted(at("counts.csv")), "--study", study, "--model", quoted(m_model)});
        QCOMPARE(imported["tokens"]["code"].get<int>(), 10);
        QCOMPARE(imported["source"]["files"][0]["name"].get<std::string>(), "counts.csv");
        const auto info = run({"study", "info", study});
        QCOMPARE(info["runs"].size(), std::size_t{1});
        QCOMPARE(info["runs"][0]["source"]["files"][0]["sha256"].get<std::string>().size(), std::size_t{64});
        const auto& code = info["domains"][0];
        QCOMPARE(code["imported_from"].get<std::string>(), "counts.csv (count table, CSV)");
        QVERIFY(code["statistics"] == OrderedJson::array({"count"}));
        QVERIFY(code["methods"] == OrderedJson::array({"frequency", "seer-hard", "random"}));
        QCOMPARE(code["layers_measured"].get<int>(), 2);
        const auto people = cli({"study", "info", study});
        for (const char* text : {"imported", "counts.csv sha256 ", "holds count in 2 of 2 layers", "scores: frequency"})
            QVERIFY2(people.out.contains(text), people.out.constData());
        QVERIFY_CODE(cli({"study", "check", study}), 0);

        const auto scores = run({"scores", study, "--method", "frequency", "--domain", "law"});
        QCOMPARE(scores["layers"][0]["experts"][5]["score"].get<double>(), 5.0);
        const auto reap = cli({"scores", study, "--method", "reap"});
        QVERIFY_CODE(reap, 3);
        QVERIFY_SAYS(reap, "gate-norm");
        QVERIFY_SAYS(reap, "counts.csv");

        const auto plan =
            run({"plan", study, "--name", "half", "--method", "frequency", "--domain", "code", "--keep", "3"});
        QVERIFY(plan["layers"][0]["keep"] == OrderedJson::array({0, 1, 2}));
        QVERIFY(plan["predicted"]["mass_kept"].empty()); // not known is not 0
        const auto told =
            cli({"plan", study, "--name", "half", "--method", "frequency", "--domain", "code", "--keep", "3"});
        QVERIFY2(told.out.contains("is not known"), told.out.constData());

        const auto twice = cli({"study", "import", quoted(at("counts.csv")), "--study", study});
        QVERIFY_CODE(twice, 3);
        QVERIFY_SAYS(twice, "imported already");
    }

    void plansThereAndBack()
    {
        const QString study = quoted(at("p.espalier"));
        QVERIFY_CODE(cli({"study", "import", quoted(at("counts.csv")), "--study", study, "--model", quoted(m_model)}),
                     0);
        const auto plan =
            run({"plan", study, "--name", "half", "--method", "frequency", "--domain", "law", "--keep", "3"});
        for (const QString form : {"vllm-ascend", "vllm", "easy-ep"}) {
            const QString file = quoted(at("out." + form.toStdString()));
            const auto written = run({"plans", "export", "half", "--study", study, "--format", form, "--out", file});
            QCOMPARE(written["kept"].get<int>(), 6);
            QStringList back{"plans", "import", file, "--study", study, "--name", form, "--format", form};
            if (form == "vllm-ascend")
                back += {"--ratio", "0.5"};
            const auto again = run(back);
            for (std::size_t l = 0; l < 2; ++l)
                QVERIFY(again["layers"][l]["keep"] == plan["layers"][l]["keep"]);
            QCOMPARE(again["method"].get<std::string>(), "imported");
            // A plan like any other: found by name, written again
            QVERIFY_CODE(cli({"plans", "export", form, "--study", study, "--format", "llama-cpp", "--out",
                              quoted(at("placement.txt"))}),
                         0);
        }
        QCOMPARE(test::readText(at("placement.txt")),
                 std::string("blk\\.(1)\\.ffn_(gate|up|down|gate_up)_exps\\.=CPU\n"));
        QCOMPARE(run({"study", "info", study})["plans"].size(), std::size_t{4});
        // Without a study: a model and files
        QVERIFY_CODE(cli({"plans", "import", quoted(at("out.vllm")), "--model", quoted(m_model), "--out",
                          quoted(at("plan.json"))}),
                     0);
        QVERIFY_CODE(cli({"plans", "export", quoted(at("plan.json")), "--model", quoted(m_model), "--format", "vllm",
                          "--out", quoted(at("again.json"))}),
                     0);
        const auto pruned = [&](const char* name) { return base::readJsonFile(at(name))->at("pruned_experts"); };
        QVERIFY(pruned("again.json") == pruned("out.vllm") && !pruned("out.vllm").empty());
    }

    void nothingHalfMade()
    {
        test::writeText(at("bad.csv"), "layer,expert,count\n1,0,3\n");
        const auto bad = cli({"study", "import", quoted(at("bad.csv")), "--study", quoted(at("new.espalier")),
                              "--model", quoted(m_model)});
        QVERIFY_CODE(bad, 3);
        QVERIFY_SAYS(bad, "bad.csv");
        QVERIFY_SAYS(bad, "layer 1");
        QVERIFY_SAYS(bad, "Write 0");
        QVERIFY(!fs::exists(at("new.espalier")));
        test::writeText(at("bad.jsonl"), "{\"1\":[0,1,2,3,4,9]}\n");
        const auto plan = cli({"plans", "import", quoted(at("bad.jsonl")), "--model", quoted(m_model), "--keep", "3",
                               "--out", quoted(at("never.json"))});
        QVERIFY_CODE(plan, 3);
        QVERIFY_SAYS(plan, "expert 9 does not exist");
        QVERIFY(!fs::exists(at("never.json")));
        const auto place = cli({"plans", "export", quoted(at("plan.json")), "--model", quoted(m_model), "--format",
                                "vllm", "--out", quoted(at("no-such-folder/x.json"))});
        QVERIFY_CODE(place, 3);
    }
};

QTEST_GUILESS_MAIN(TestExchange)
#include "tst_exchange.moc"
