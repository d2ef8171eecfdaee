// SPDX-License-Identifier: Apache-2.0
// Plan files: round trip, hand-written plans, and everything that is refused, with place and exit code.
#include "tests/core/plan/plan_support.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTemporaryDir>

using namespace espalier;
using namespace espalier::plan;
using namespace espalier::test;
using base::OrderedJson;

class TestPlanJson : public QObject {
    Q_OBJECT
    model::ModelSummary m_model = madeUpModel(3, 6, 2); // layers 1, 2, 3

    static OrderedJson handWritten()
    {
        return {{"schema", "espalier.plan/1"},
                {"layers",
                 {{{"layer", 1}, {"keep", {0, 2, 5}}},
                  {{"layer", 2}, {"keep", {1, 2, 3}}},
                  {{"layer", 3}, {"keep", {0, 1, 4}}}}}};
    }

private slots:
    void roundTrip()
    {
        Planner planner(m_model, madeUpStatistics(3, 6, 2));
        auto request = requestFor("reap", 3);
        request.allocator = "coverage";
        request.protectors = {"super-experts"};
        request.locks = {{LayerIndex(2), ExpertIndex(5), true}, {LayerIndex(1), ExpertIndex(0), false}};
        const auto plan = planner.make(request);
        QVERIFY_RESULT(plan);
        const auto json = plan->toJson();
        for (const char* key : {"schema", "name", "model", "method", "allocator", "protectors", "domains", "layers",
                                "predicted", "locks", "settings"})
            QVERIFY2(json.contains(key), key);
        const auto back = Plan::fromJson(json, "p.json", m_model);
        QVERIFY_RESULT(back);
        QCOMPARE(back->toJson().dump(), json.dump());
        QCOMPARE(back->layers, plan->layers);
        QCOMPARE(back->locks, plan->locks);
        QCOMPARE(back->predicted, plan->predicted);

        QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath(QStringLiteral("plan.json")).toStdString();
        QVERIFY_RESULT(plan->write(file));
        const auto read = Plan::read(file, m_model);
        QVERIFY_RESULT(read);
        QCOMPARE(read->toJson().dump(), json.dump());
    }

    void aHandWrittenPlanNeedsLittle()
    {
        const auto plan = Plan::fromJson(handWritten(), "p.json", m_model);
        QVERIFY_RESULT(plan);
        QCOMPARE(plan->keptTotal(), std::int64_t{9});
        QVERIFY(plan->uniform());
        QVERIFY(plan->fingerprint.empty());
        QCOMPARE(plan->predicted.bytes.routedExperts, std::uint64_t{9000}); // computed, not read
        QCOMPARE(plan->predicted.memory.weights, plan->predicted.bytes.total());
    }

    /// One number for the plan, or one for a layer; the model's own number is not written.
    void expertsPerToken()
    {
        auto json = handWritten();
        json["top_k"] = 1;
        json["layers"][1]["top_k"] = 2;
        json["layers"][0]["keep"] = {3}; // fewer than the model's top-k, but not than its own
        const auto plan = Plan::fromJson(json, "p.json", m_model);
        QVERIFY_RESULT(plan);
        QCOMPARE(plan->layers[0].topK, 1);
        QCOMPARE(plan->layers[1].topK, 0);
        QCOMPARE(plan->activeExperts(m_model), 0);
        const auto back = Plan::fromJson(plan->toJson(), "p.json", m_model);
        QVERIFY_RESULT(back);
        QCOMPARE(back->layers, plan->layers);
        json["layers"][1].erase("top_k");
        QCOMPARE(Plan::fromJson(json, "p.json", m_model)->activeExperts(m_model), 1);
        QCOMPARE(Plan::fromJson(handWritten(), "p.json", m_model)->activeExperts(m_model), 2);
    }

    /// Thresholds of a layer, one less than its experts per token; plans without them are read as they always were.
    void skipping()
    {
        auto json = handWritten();
        QVERIFY(!Plan::fromJson(json, "p.json", m_model)->skips());
        json["layers"][1]["skip"] = {0.25};
        const auto plan = Plan::fromJson(json, "p.json", m_model);
        QVERIFY_RESULT(plan);
        QVERIFY(plan->skips());
        QVERIFY(plan->layers[0].skip.empty());
        QCOMPARE(plan->layers[1].skip, std::vector<double>{0.25});
        const auto back = Plan::fromJson(plan->toJson(), "p.json", m_model);
        QVERIFY_RESULT(back);
        QCOMPARE(back->layers, plan->layers);
        QVERIFY(!plan->toJson()["layers"][0].contains("skip"));
        json["layers"][1]["top_k"] = 1;
        const auto single = Plan::fromJson(json, "p.json", m_model);
        QVERIFY(!single && single.error().message.find("takes one expert here") != std::string::npos);
        json["layers"][1]["skip"] = OrderedJson::array();
        QVERIFY_RESULT(Plan::fromJson(json, "p.json", m_model));
    }

    void sizesInTheFileAreNotBelieved()
    {
        auto json = handWritten();
        json["predicted"] = {{"bytes", {{"total", 1}}}, {"memory", {{"weights", 1}, {"kv_cache", 77}}}};
        const auto plan = Plan::fromJson(json, "p.json", m_model);
        QVERIFY_RESULT(plan);
        QCOMPARE(plan->predicted.memory.weights, plan->predicted.bytes.total());
        QCOMPARE(plan->predicted.memory.kvCache, std::uint64_t{77});
    }

    void refusals_data()
    {
        QTest::addColumn<QString>("pointer"); // where to write
        QTest::addColumn<QString>("value");   // JSON text; empty removes the key
        QTest::addColumn<QString>("says");    // in message or place
        const auto row = [](const char* name, const char* pointer, const char* value, const char* says) {
            QTest::newRow(name) << pointer << value << says;
        };
        row("no schema", "/schema", "", "schema");
        row("another schema", "/schema", "\"espalier.plan/2\"", "espalier.plan/1");
        row("schema is a number", "/schema", "1", "schema");
        row("another model", "/model", R"({"fingerprint":"ffff"})", "ffff");
        row("fingerprint is a number", "/model", R"({"fingerprint":7})", "fingerprint");
        row("model is a text", "/model", R"("x")", "model");
        row("no layers", "/layers", "", "layers");
        row("layers is an object", "/layers", "{}", "layers");
        row("a layer is a number", "/layers/1", "5", "layers[1]");
        row("a layer without keep", "/layers/1/keep", "", "layers[1]");
        row("a layer without number", "/layers/1/layer", "", "layers[1]");
        row("layer is a text", "/layers/1/layer", "\"2\"", "layers[1]");
        row("layer is a fraction", "/layers/1/layer", "2.5", "layers[1]");
        row("a dense layer", "/layers/0/layer", "0", "layer 0");
        row("layer negative", "/layers/0/layer", "-1", "-1");
        row("layer huge", "/layers/0/layer", "18446744073709551615", "layers[0]");
        row("layer beyond the model", "/layers/2/layer", "4", "layer 4");
        row("layer twice", "/layers/1/layer", "1", "layer 1");
        row("layers out of order", "/layers/0/layer", "3", "ascending");
        row("a layer missing", "/layers/1", "", "layer 2 is missing");
        row("keep is a number", "/layers/0/keep", "3", "layer 1 keep");
        row("keep holds a text", "/layers/0/keep/1", "\"2\"", "integers");
        row("keep holds a fraction", "/layers/0/keep/1", "2.0", "integers");
        row("unsorted", "/layers/0/keep", "[2,0,5]", "ascending");
        row("twice the same", "/layers/0/keep", "[0,2,2]", "twice");
        row("beyond the experts", "/layers/0/keep", "[0,2,6]", "expert 6");
        row("negative", "/layers/0/keep", "[-1,2,5]", "expert -1");
        row("huge", "/layers/0/keep", "[0,2,18446744073709551615]", "does not exist");
        row("fewer than top-k", "/layers/0/keep", "[2]", "chooses 2");
        row("none", "/layers/0/keep", "[]", "chooses 2");
        row("more per token than the model", "/layers/0/top_k", "3", "top_k");
        row("none per token", "/layers/0/top_k", "0", "top_k");
        row("per token is a text", "/top_k", "\"2\"", "top_k");
        row("thresholds too few", "/layers/0/skip", "[]", "must hold 1 thresholds");
        row("thresholds too many", "/layers/0/skip", "[0.5,0.5]", "must hold 1 thresholds");
        row("a threshold alone", "/layers/0/skip", "0.5", "must hold 1 thresholds");
        row("threshold negative", "/layers/0/skip", "[-0.1]", "from 0 to 1000");
        row("threshold huge", "/layers/0/skip", "[1e300]", "from 0 to 1000");
        row("threshold is nothing", "/layers/0/skip", "[null]", "from 0 to 1000");
        row("order too short", "/layers/0/order", "[0,1,2]", "order lists 3 of 6");
        row("order with a twin", "/layers/0/order", "[0,1,2,3,4,4]", "twice");
        row("order is a text", "/layers/0/order", "\"012345\"", "order");
    }
    void refusals()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        QFETCH(QString, says);
        auto json = handWritten();
        const OrderedJson::json_pointer at(pointer.toStdString());
        if (value.isEmpty()) {
            auto& parent = json[at.parent_pointer()];
            if (parent.is_array())
                parent.erase(std::stoul(at.back()));
            else
                parent.erase(at.back());
        } else {
            json[at] = OrderedJson::parse(value.toStdString());
        }
        const auto plan = Plan::fromJson(json, "p.json", m_model);
        QVERIFY2(!plan, json.dump().c_str());
        QCOMPARE(static_cast<int>(plan.error().code), 3);
        QCOMPARE(plan.error().file, std::string("p.json"));
        const auto text = plan.error().text();
        QVERIFY2(text.find(says.toStdString()) != std::string::npos, text.c_str());
        QVERIFY(!plan.error().place.empty());
    }

    void notAnObject()
    {
        for (const char* text : {"[]", "null", "3", "\"espalier.plan/1\""})
            QCOMPARE(static_cast<int>(Plan::fromJson(OrderedJson::parse(text), "p", m_model).error().code), 3);
    }

    /// Keys that only inform may hold anything without a crash.
    void oddExtrasAreNoCrash()
    {
        for (const char* odd : {"null", "7", "\"text\"", "[1,\"a\"]", R"([{"layer":"x","expert":[],"keep":3}])",
                                R"({"memory":{"kv_cache":"many","workspace":-3,"weights":{}},"mass_kept":{"a":"b"}})",
                                R"([{"layer":99999999999,"expert":1}])"})
            for (const char* key :
                 {"name", "method", "allocator", "protectors", "domains", "locks", "predicted", "settings"}) {
                auto json = handWritten();
                json[key] = OrderedJson::parse(odd);
                const auto plan = Plan::fromJson(json, "p.json", m_model);
                if (!plan)
                    QCOMPARE(static_cast<int>(plan.error().code), 3);
                else
                    QVERIFY(plan->keptTotal() == 9);
            }
    }

    void filesThatAreNoPlans()
    {
        QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath(QStringLiteral("plan.json")).toStdString();
        QCOMPARE(static_cast<int>(Plan::read(file, m_model).error().code), 3); // absent
        for (const char* text : {"", "{", "\xff\xfe", R"({"schema":"espalier.plan/1","schema":"espalier.plan/1"})"}) {
            writeText(file, text);
            const auto plan = Plan::read(file, m_model);
            QVERIFY(!plan);
            QCOMPARE(static_cast<int>(plan.error().code), 3);
            QCOMPARE(plan.error().file, file.string());
        }
    }

    void keepAllKeepsAll()
    {
        const auto plan = Plan::keepAll(m_model);
        QCOMPARE(plan.keptTotal(), std::int64_t{18});
        QCOMPARE(plan.predicted.bytes, m_model.bytes);
        QVERIFY_RESULT(Plan::fromJson(plan.toJson(), "p.json", m_model));
    }
};

QTEST_GUILESS_MAIN(TestPlanJson)
#include "tst_plan_json.moc"
