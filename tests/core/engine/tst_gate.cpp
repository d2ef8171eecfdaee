// SPDX-License-Identifier: Apache-2.0
// Gate files against reports made by hand, and the keys of the report's JSON.
#include "core/engine/validate_job.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace espalier;
using engine::applyGate;

class TestGate : public QObject {
    Q_OBJECT

    static engine::ValidateReport report()
    {
        engine::ValidateReport report;
        report.basePerplexity = {{"json", 2.0}, {"prose", 20.0}};
        report.baseAccuracy = {{"json", 1.0}};
        engine::PlanOutcome half;
        half.name = "half";
        half.method = "reap-sum";
        half.bytes = 1000;
        half.memory = 1200;
        half.domains["json"] = {100, 2.1, 2.0, 0.04, 0.5, 0.95, 1.01, 1.09};
        half.domains["prose"] = {200, 30.0, 20.0, 0.4, 2.5, 0.7, 1.4, 1.6};
        half.tasks["json"] = {200, 0.97, 1.0, {}, {}, {0.93, 0.99}, 6, 0, 0.03125, {}, {"a =>"}};
        report.plans.push_back(half);
        engine::PlanOutcome control = half;
        control.name = "control-1";
        control.control = true;
        control.tasks["json"].accuracy = 0;
        report.plans.push_back(control);
        report.seconds = 2;
        report.tokensPerSecond = 300;
        report.counters.weightBytesRead = 77;
        return report;
    }

    static std::vector<std::string> broken(const char* json)
    {
        const auto gate = base::parseJson(json, "gate.json");
        if (!gate)
            return {"not JSON: " + gate.error().text()};
        const auto result = applyGate(*gate, "gate.json", report());
        return result ? *result : std::vector<std::string>{"error: " + result.error().text()};
    }

private slots:
    void holds()
    {
        QCOMPARE(broken("{\"schema\":\"espalier.gate/1\",\"domains\":{\"json\":{\"perplexity_ratio_max\":1.1,"
                        "\"kl_mean_max\":0.05,\"kl_p99_max\":0.5,\"top1_agreement_min\":0.95}},\"tasks\":{\"json\":{"
                        "\"accuracy_min\":0.97,\"accuracy_drop_max\":0.04,\"p_value_min\":0.03}}}")
                     .size(),
                 0U);
        QCOMPARE(broken("{\"schema\":\"espalier.gate/1\"}").size(), 0U);
    }

    void everyLimitCanBreak_data()
    {
        QTest::addColumn<QByteArray>("section");
        QTest::addColumn<QByteArray>("limit");
        QTest::addColumn<QByteArray>("sentence");
        QTest::newRow("perplexity") << QByteArray("domains") << QByteArray("\"perplexity_ratio_max\":1.04")
                                    << QByteArray("plan half, json: perplexity over the base's is 1.05, at most 1.04 "
                                                  "is allowed");
        QTest::newRow("kl") << QByteArray("domains") << QByteArray("\"kl_mean_max\":0.03") << QByteArray("mean KL");
        QTest::newRow("tail") << QByteArray("domains") << QByteArray("\"kl_p99_max\":0.4")
                              << QByteArray("99th percentile of KL");
        QTest::newRow("top1") << QByteArray("domains") << QByteArray("\"top1_agreement_min\":0.96")
                              << QByteArray("top-1 agreement is 0.95, at least 0.96");
        QTest::newRow("accuracy") << QByteArray("tasks") << QByteArray("\"accuracy_min\":0.98")
                                  << QByteArray("exact match is 0.97");
        QTest::newRow("drop") << QByteArray("tasks") << QByteArray("\"accuracy_drop_max\":0.02")
                              << QByteArray("drop of exact match is 0.03");
        QTest::newRow("p") << QByteArray("tasks") << QByteArray("\"p_value_min\":0.05") << QByteArray("p-value");
    }
    void everyLimitCanBreak()
    {
        QFETCH(QByteArray, section);
        QFETCH(QByteArray, limit);
        QFETCH(QByteArray, sentence);
        const QByteArray json = "{\"schema\":\"espalier.gate/1\",\"" + section + "\":{\"json\":{" + limit + "}}}";
        const auto found = broken(json.constData());
        QCOMPARE(found.size(), 1U); // the control is not held against it
        QVERIFY2(found.front().find(sentence.toStdString()) != std::string::npos, found.front().c_str());
    }

    void starHoldsForTheRest()
    {
        const auto found = broken("{\"schema\":\"espalier.gate/1\",\"domains\":{\"prose\":{\"kl_mean_max\":1},"
                                  "\"*\":{\"kl_mean_max\":0.01}}}");
        QCOMPARE(found.size(), 1U);
        QVERIFY(found.front().starts_with("plan half, json"));
    }

    void notANumberBreaks()
    {
        auto bad = report();
        bad.plans[0].domains["json"].klMean = std::numeric_limits<double>::quiet_NaN();
        const auto gate =
            base::parseJson("{\"schema\":\"espalier.gate/1\",\"domains\":{\"json\":{\"kl_mean_max\":9}}}", "gate.json");
        const auto found = applyGate(*gate, "gate.json", bad);
        QVERIFY(found.ok());
        QCOMPARE(found->size(), 1U);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("reason");
        const auto row = [](const char* name, const char* json, const char* reason) {
            QTest::newRow(name) << QByteArray(json) << QByteArray(reason);
        };
        row("no schema", "{\"domains\":{}}", "espalier.gate/1");
        row("array", "[]", "espalier.gate/1");
        row("unknown key", "{\"schema\":\"espalier.gate/1\",\"domain\":{}}", "unknown key domain");
        row("unknown limit", "{\"schema\":\"espalier.gate/1\",\"domains\":{\"json\":{\"kl_max\":1}}}",
            "key domains.json: unknown limit kl_max");
        row("limit of the other section", "{\"schema\":\"espalier.gate/1\",\"tasks\":{\"json\":{\"kl_mean_max\":1}}}",
            "Known are accuracy_min, accuracy_drop_max, p_value_min");
        row("unknown limit under star", "{\"schema\":\"espalier.gate/1\",\"tasks\":{\"*\":{\"x\":1}}}",
            "unknown limit");
        row("text", "{\"schema\":\"espalier.gate/1\",\"tasks\":{\"json\":{\"accuracy_min\":\"1\"}}}",
            "must be a number");
        row("not measured", "{\"schema\":\"espalier.gate/1\",\"tasks\":{\"sort\":{\"accuracy_min\":1}}}",
            "sort was not measured");
        row("section no object", "{\"schema\":\"espalier.gate/1\",\"tasks\":3}", "expected an object");
        row("name no object", "{\"schema\":\"espalier.gate/1\",\"tasks\":{\"json\":3}}", "expected an object");
    }
    void refuses()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, reason);
        const auto gate = base::parseJson(json.toStdString(), "gate.json");
        QVERIFY(gate.ok());
        const auto result = applyGate(*gate, "gate.json", report());
        QVERIFY(!result.ok());
        QVERIFY(result.error().code == ErrorCode::BadInput);
        QVERIFY2(result.error().text().find(reason.toStdString()) != std::string::npos, result.error().text().c_str());
    }

    void reportKeys()
    {
        const auto json = report().toJson();
        QCOMPARE(json["base"]["domains"]["prose"]["perplexity"].get<double>(), 20.0);
        QCOMPARE(json["base"]["tasks"]["json"]["accuracy"].get<double>(), 1.0);
        const auto& plan = json["plans"][0];
        QCOMPARE(plan["name"].get<std::string>(), std::string("half"));
        const auto& domain = plan["domains"]["json"];
        QCOMPARE(domain["tokens"].get<int>(), 100);
        QCOMPARE(domain["perplexity"].get<double>(), 2.1);
        QCOMPARE(domain["perplexity_base"].get<double>(), 2.0);
        QCOMPARE(domain["kl_mean"].get<double>(), 0.04);
        QCOMPARE(domain["kl_p99"].get<double>(), 0.5);
        QCOMPARE(domain["top1_agreement"].get<double>(), 0.95);
        const auto& task = plan["tasks"]["json"];
        QCOMPARE(task["items"].get<int>(), 200);
        QCOMPARE(task["accuracy"].get<double>(), 0.97);
        QCOMPARE(task["accuracy_base"].get<double>(), 1.0);
        QCOMPARE(task["ci95"][0].get<double>(), 0.93);
        QCOMPARE(task["ci95"][1].get<double>(), 0.99);
        QCOMPARE(task["flips"]["lost"].get<int>(), 6);
        QCOMPARE(task["flips"]["gained"].get<int>(), 0);
        QCOMPARE(task["p_value"].get<double>(), 0.03125);
        QCOMPARE(json["weight_bytes_read"].get<int>(), 77);
        QCOMPARE(json["seconds"].get<double>(), 2.0);
        QCOMPARE(json["tokens_per_second"].get<double>(), 300.0);
    }
};

QTEST_APPLESS_MAIN(TestGate)
#include "tst_gate.moc"
