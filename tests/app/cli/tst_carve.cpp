// SPDX-License-Identifier: Apache-2.0
// carve on the bundled dense model, as a user would: what it says, what verify says of the folder, how it is refused.
#include "tests/app/cli/demo_runs.h"

#include <QTemporaryDir>

using namespace espalier;
using namespace espalier::test;

class TestCarveCommand : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    const QString m_dense = quoted(fs::path(ESPALIER_SOURCE_DIR) / "resources/demo-dense/model");

    [[nodiscard]] fs::path at(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }
    [[nodiscard]] QStringList carve(const char* out, int shared, int active, int experts) const
    {
        QStringList arguments{"carve",        m_dense,
                              "--shared",     QString::number(shared),
                              "--active",     QString::number(active),
                              "--experts",    QString::number(experts),
                              "--out",        quoted(at(out)),
                              "--context",    "256",
                              "--threads",    "1",
                              "--max-tokens", "800"};
        for (const char* domain : {"json", "sort", "prose-german", "code-c"})
            arguments << "--data" << QString("%1=%2/%1.jsonl").arg(domain, quoted(demo("calibration")));
        return arguments;
    }
    /// Mean over the layers of layer[key][value].
    static double mean(const base::OrderedJson& json, const char* key, const char* value)
    {
        double sum = 0;
        for (const auto& layer : json["layers"])
            sum += layer[key][value].get<double>();
        return sum / static_cast<double>(json["layers"].size());
    }

private slots:
    void carvesAndVerifies()
    {
        const auto linear = runJson(carve("linear", 4, 4, 16));
        QCOMPARE(linear["format"].get<std::string>(), "stock");
        QCOMPARE(linear["layers"].size(), 6U);
        QVERIFY(linear["verification"]["ok"].get<bool>());
        for (const char* key : {"directory", "shape", "router", "tokens", "files", "bytes", "seconds"})
            QVERIFY2(linear.contains(key), key);
        const auto verified = runJson({"verify", quoted(at("linear")), "--against", m_dense, "--threads", "1"});
        QVERIFY(verified["ok"].get<bool>());
        QVERIFY(verified["max_abs_logit_difference"].is_number());
        const auto inspected = runJson({"inspect", quoted(at("linear"))});
        QCOMPARE(inspected["family"].get<std::string>(), "glm4_moe");
        QCOMPARE(inspected["experts"].get<int>(), 12);

        // Routing is worth more than the same number of fixed neurons, and the published recipe hardly routes
        QVERIFY(mean(linear, "router", "energy_kept") > mean(linear, "static", "energy_kept"));
        const auto paper = runJson(carve("paper", 4, 4, 16) + QStringList{"--router", "paper"});
        QCOMPARE(paper["format"].get<std::string>(), "carved");
        QVERIFY(mean(linear, "router", "agreement") > mean(paper, "router", "agreement") + 0.1);
        QVERIFY(mean(linear, "router", "energy_kept") > mean(paper, "router", "energy_kept"));
        QVERIFY(runJson({"verify", quoted(at("paper")), "--against", m_dense, "--threads", "1"})["ok"].get<bool>());
        QCOMPARE(runJson({"inspect", quoted(at("paper"))})["family"].get<std::string>(), "espalier_carved");
        const auto fixed = runJson(carve("fixed", 8, 0, 16));
        QCOMPARE(fixed["format"].get<std::string>(), "dense");
        QCOMPARE(runJson({"inspect", quoted(at("fixed"))})["family"].get<std::string>(), "qwen3");
        QVERIFY_CODE(cli({"verify", quoted(at("fixed")), "--against", m_dense, "--threads", "1"}), 0);
    }

    void carvesInsideExperts()
    {
        auto arguments = carve("inside", 1, 2, 4);
        arguments[1] = quoted(demo());
        const auto json = runJson(arguments);
        QCOMPARE(json["format"].get<std::string>(), "sub-experts");
        QVERIFY(json["verification"]["ok"].get<bool>());
        for (const auto& layer : json["layers"]) {
            QCOMPARE(layer["experts"].size(), 32U);
            std::int64_t tokens = 0;
            for (const auto& expert : layer["experts"])
                tokens += expert["tokens"].get<std::int64_t>();
            QVERIFY(tokens > 0 && layer["router"]["energy_kept"].get<double>() > 0);
        }
        QVERIFY(mean(json, "router", "energy_kept") > mean(json, "lot", "energy_kept"));
        const auto verified = runJson({"verify", quoted(at("inside")), "--against", quoted(demo()), "--threads", "1"});
        QVERIFY(verified["ok"].get<bool>());
        const auto inspected = runJson({"inspect", quoted(at("inside"))});
        QCOMPARE(inspected["family"].get<std::string>(), "qwen3_moe");
        QCOMPARE(inspected["experts"].get<int>(), 32);
        QVERIFY(fs::exists(at("inside") / "modeling_espalier_sub_experts.py"));
        auto again = arguments;
        again[1] = quoted(at("inside"));
        again[again.indexOf("--out") + 1] = quoted(at("twice"));
        QVERIFY_CODE(cli(again), 3);
        QVERIFY_CODE(cli(arguments + QStringList{"--router", "energy"}), 2);
    }

    void refuses()
    {
        QVERIFY_CODE(cli(carve("odd", 3, 3, 7)), 2); // 7 does not divide 768
        QVERIFY_CODE(cli(carve("many", 10, 8, 16)), 2);
        QVERIFY_CODE(cli(carve("none", 0, 0, 16)), 2);
        QVERIFY_CODE(cli(carve("stock", 4, 4, 16) + QStringList{"--router", "energy", "--format", "stock"}), 2);
        QVERIFY(!fs::exists(at("stock")));
        auto arguments = carve("moe", 4, 0, 16);
        arguments[1] = quoted(demo());
        QVERIFY_CODE(cli(arguments), 2); // a router inside an expert chooses something
        fs::create_directories(at("taken"));
        writeText(at("taken") / "file", "mine");
        QVERIFY_CODE(cli(carve("taken", 4, 4, 16)), 3);
        QCOMPARE(readText(at("taken") / "file"), "mine");
        QVERIFY_CODE(cli({"carve", m_dense, "--shared", "4", "--active", "4", "--experts", "16", "--data",
                          "a=nothing.txt", "--out", quoted(at("nothing"))}),
                     3);
    }
};

QTEST_GUILESS_MAIN(TestCarveCommand)
#include "tst_carve.moc"
