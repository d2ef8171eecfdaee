// SPDX-License-Identifier: Apache-2.0
// Bytes by part, parameters, and the summary's way through JSON.
#include "core/model/model_summary.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>

using namespace espalier;
using namespace espalier::model;
using test::TinyOptions;
namespace fs = std::filesystem;

class TestModelSummary : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    ModelSummary summaryOf(const TinyOptions& options, const char* name)
    {
        const fs::path folder = fs::path(m_dir.path().toStdString()) / name;
        test::writeTinyCheckpoint(folder, options);
        auto opened = openModel(folder);
        if (!opened)
            qFatal("%s", opened.error().text().c_str());
        return opened->summary;
    }

private slots:
    void countsBytesAndParameters()
    {
        TinyOptions options; // H 24, V 61, 4 and 2 heads of 10, E 6, k 2, I 14, dense 20
        options.layers = 3;
        options.mlpOnlyLayers = {0};
        options.dtype = checkpoint::Dtype::BF16;
        const ModelSummary summary = summaryOf(options, "untied");
        const std::uint64_t expert = 3 * 14 * 24;
        const std::uint64_t attention = 3 * (24 * 40 + 2 * 24 * 20 + 40 * 24);
        const std::uint64_t embedding = 2 * 61 * 24;
        const std::uint64_t norms = 3 * (2 * 24 + 2 * 10) + 24;
        const std::uint64_t dense = 3 * 20 * 24;
        QCOMPARE(summary.bytes.routedExperts, 2 * 2 * 6 * expert);
        QCOMPARE(summary.bytes.router, std::uint64_t{2 * 2 * 6 * 24});
        QCOMPARE(summary.bytes.attention, 2 * attention);
        QCOMPARE(summary.bytes.embedding, 2 * embedding);
        QCOMPARE(summary.bytes.other, 2 * (norms + dense));
        QCOMPARE(summary.bytes.sharedExperts, std::uint64_t{0});
        QCOMPARE(summary.parameters * 2, summary.bytes.total());
        QCOMPARE(summary.activeParameters, summary.parameters - 2 * 4 * expert);
        QCOMPARE(summary.dtypes, (std::map<std::string, std::uint64_t>{{"bfloat16", summary.bytes.total()}}));
        QCOMPARE(summary.moeLayers.size(), std::size_t{2});
        QCOMPARE(summary.moeLayers[0].layer, LayerIndex(1));
        QCOMPARE(summary.moeLayers[1].expertBytes, std::vector<std::uint64_t>(6, 2 * expert));
        QCOMPARE(summary.moeLayers[1].routerBytesPerExpert, std::uint64_t{48});
        QCOMPARE(summary.stages.layers.size(), std::size_t{3});
        QCOMPARE(summary.stages.layers[0].attention, 2 * attention / 3);
        QCOMPARE(summary.stages.layers[0].other, 2 * (2 * 24 + 2 * 10 + dense));
        QCOMPARE(summary.stages.layers[2].other, std::uint64_t{2 * (2 * 24 + 2 * 10)});
        QCOMPARE(summary.stages.layers[2].router, std::uint64_t{2 * 6 * 24});
        QCOMPARE(summary.stages.embedding, embedding);
        QCOMPARE(summary.stages.head, embedding);
        QCOMPARE(summary.stages.other, std::uint64_t{2 * 24}); // the last norm
        QCOMPARE(summary.moePosition(LayerIndex(0)), -1);
        QCOMPARE(summary.moePosition(LayerIndex(2)), 1);
        QCOMPARE(summary.moePosition(LayerIndex(3)), -1);
        QCOMPARE(summary.name, "untied");
        QCOMPARE(summary.routerArithmetic, "softmax over all, top-2, renormalised");

        options.tied = true;
        const ModelSummary tied = summaryOf(options, "tied");
        QCOMPARE(tied.bytes.embedding, embedding); // one table, two bytes a number
        QCOMPARE(summary.parameters - tied.parameters, std::uint64_t{61 * 24});
    }

    void survivesJson()
    {
        TinyOptions options;
        options.mlpOnlyLayers = {1};
        ModelSummary summary = summaryOf(options, "json");
        summary.warnings = {"one", "two"};
        auto back = ModelSummary::fromJson(summary.toJson(), "study");
        QVERIFY2(back.ok(), back.ok() ? "" : back.error().text().c_str());
        QVERIFY(*back == summary);
        summary.moeLayers[1].expertBytes[3] += 8; // experts of different sizes
        const auto text = base::parseJson(summary.toJson().dump(), "study");
        back = ModelSummary::fromJson(*text, "study");
        QVERIFY(back.ok() && *back == summary);
    }

    void refusesDamagedJson()
    {
        const base::OrderedJson good = summaryOf({}, "damaged").toJson();
        QVERIFY(ModelSummary::fromJson(good, "study").ok());
        for (const auto& [key, value] : good.items()) {
            if (value.is_string() || key == "warnings" || key == "dtypes")
                continue; // texts may be absent
            base::OrderedJson broken = good;
            broken.erase(key);
            const auto missing = ModelSummary::fromJson(broken, "study");
            if (key == "cache") // studies made before it was stored
                QVERIFY(missing.ok() && missing->cache.perToken > 0);
            else if (key == "stages")
                QVERIFY(missing.ok() && missing->stages.layers.empty());
            else
                QVERIFY2(!missing.ok() && missing.error().code == ErrorCode::BadInput, key.c_str());
            broken[key] = "text";
            QVERIFY2(!ModelSummary::fromJson(broken, "study").ok(), key.c_str());
        }
        base::OrderedJson broken = good;
        broken["moe_layers"][1]["layer"] = 0; // twice the same
        QVERIFY(!ModelSummary::fromJson(broken, "study").ok());
        broken = good;
        broken["moe_layers"][2]["layer"] = 3; // beyond the last
        QVERIFY(!ModelSummary::fromJson(broken, "study").ok());
        broken = good;
        broken["stages"]["layers"].erase(0); // fewer than the model has
        QVERIFY(!ModelSummary::fromJson(broken, "study").ok());
        broken = good;
        broken["stages"]["layers"][1]["attention"] = -1;
        QVERIFY(!ModelSummary::fromJson(broken, "study").ok());
        broken = good;
        broken["moe_layers"][0]["expert_bytes"] = {1, 2};
        QVERIFY(!ModelSummary::fromJson(broken, "study").ok());
        QVERIFY(!ModelSummary::fromJson(base::OrderedJson::array(), "study").ok());
    }

    void opensTheBundledModel()
    {
        const auto opened = openModel(fs::path(ESPALIER_SOURCE_DIR) / "resources/demo/model");
        QVERIFY2(opened.ok(), opened.ok() ? "" : opened.error().text().c_str());
        QCOMPARE(opened->summary.experts, 32);
        QCOMPARE(opened->summary.topK, 4);
        QCOMPARE(opened->summary.moeLayers.size(), std::size_t{6});
        QCOMPARE(opened->summary.bytes.total(), opened->checkpoint.tensorBytes());
        QCOMPARE(opened->summary.parameters * 2, opened->summary.bytes.total());
        QVERIFY(opened->summary.warnings.empty());
    }
};

QTEST_APPLESS_MAIN(TestModelSummary)
#include "tst_model_summary.moc"
