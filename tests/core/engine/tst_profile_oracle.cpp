// SPDX-License-Identifier: Apache-2.0
// Every statistic and every score against a float64 computation by transformers with hooks: tiny random checkpoints of
// odd sizes, and a slice of the bundled model.
#include "core/engine/engine.h"
#include "core/method/score.h"
#include "core/stats/statistics.h"
#include "tests/core/engine/stats_support.h"
#include "tests/support/oracle.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fmt/format.h>
#include <random>

using namespace espalier;
namespace fs = std::filesystem;

using Windows = std::vector<tokenizer::Window>;

class TestProfileOracle : public QObject {
    Q_OBJECT

    static Windows randomWindows(int vocabulary, std::vector<int> lengths)
    {
        std::mt19937 random(5);
        Windows windows;
        for (const int length : lengths) {
            tokenizer::Window window;
            for (int i = 0; i < length; ++i)
                window.ids.push_back(static_cast<tokenizer::TokenId>(random() % static_cast<unsigned>(vocabulary)));
            windows.push_back(std::move(window));
        }
        return windows;
    }

    static Windows demoWindows()
    {
        const fs::path demo = ESPALIER_SOURCE_DIR "/resources/demo";
        const auto tokenizer = tokenizer::Tokenizer::load(demo / "model");
        Windows windows;
        for (const char* domain : {"json", "prose-french", "sort"}) {
            const auto texts = tokenizer::readDocuments({domain, demo / fmt::format("calibration/{}.jsonl", domain)});
            if (!tokenizer || !texts)
                return {};
            const auto cut = tokenizer::cutIntoWindows(*texts, *tokenizer, 200, TokenCount(700));
            if (!cut)
                return {};
            windows.insert(windows.end(), cut->begin(), cut->end());
        }
        return windows;
    }

    static base::OrderedJson idsOf(const Windows& windows)
    {
        base::OrderedJson ids = base::OrderedJson::array();
        for (const auto& window : windows)
            ids.push_back(window.ids);
        return ids;
    }

    static double difference(std::span<const double> ours, const base::OrderedJson& theirs)
    {
        std::vector<double> expected;
        for (const auto& value : theirs)
            expected.push_back(value.is_null() ? std::nan("") : value.get<double>());
        return test::relativeDifference(ours, expected);
    }

    /// Histograms count tokens: rounding may move one over the edge of a bin, never far and never many.
    static double movedTokens(std::span<const double> ours, const base::OrderedJson& theirs)
    {
        if (ours.size() != theirs.size())
            return std::numeric_limits<double>::infinity();
        double moved = 0;
        double running = 0;
        for (std::size_t i = 0; i < ours.size(); ++i) {
            running += ours[i] - theirs[i].get<double>();
            moved += std::fabs(running); // how many tokens lie one bin off
        }
        return moved;
    }

    void compare(const fs::path& folder, const Windows& windows, double tolerance)
    {
        const auto model = model::openModel(folder);
        QVERIFY2(model.ok(), model.ok() ? "" : model.error().text().c_str());
        engine::EngineOptions options;
        options.compute = engine::ComputeType::Float32;
        auto engine = engine::openEngine(*model, options);
        QVERIFY2(engine.ok(), engine.ok() ? "" : engine.error().text().c_str());
        stats::Statistics all;
        all.domains.push_back(test::emptyDomain(model->summary, *stats::StatSelection::parse("all,bank")));
        auto& domain = all.domains[0];
        const auto done = (*engine)->profile(windows, domain, {});
        QVERIFY2(done.ok(), done.ok() ? "" : done.error().text().c_str());

        const QTemporaryDir dir;
        const fs::path work = dir.path().toStdString();
        test::writeText(work / "windows.json", idsOf(windows).dump());
        const auto run =
            test::runOracle("routing_statistics.py",
                            {QString::fromStdString(folder), dir.filePath("windows.json"), dir.filePath("out.json")});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        const auto oracle = base::readJsonFile(work / "out.json", ByteSize(1U << 30U));
        QVERIFY2(oracle.ok(), oracle.ok() ? "" : oracle.error().text().c_str());
        QCOMPARE((*oracle)["layers"].size(), domain.layers.size());
        for (const auto& layer : domain.layers)
            QVERIFY2(layer[stats::Stat::BankTokens][0] >= 8, "too few tokens in the bank to tell anything");
        std::map<std::string, double> worst;
        for (std::size_t l = 0; l < domain.layers.size(); ++l)
            compareLayer(domain.layers[l], (*oracle)["layers"][l], (*oracle)["tokens"], tolerance, worst);
        for (const auto& method : method::scoreMethods())
            if (method.id != "random" && method.id != "reap-lcb" && method.fromWeights == nullptr &&
                !method.fromElsewhere)
                compareScores(all, std::string(method.id), (*oracle)["layers"], tolerance, worst);
        std::pair<std::string, double> statistic, score;
        for (const auto& [what, error] : worst) {
            auto& most = what.starts_with("score ") ? score : statistic;
            if (error >= most.second && !what.ends_with("histogram"))
                most = {what, error};
        }
        qInfo("largest relative differences: %s %.1e, %s %.1e", statistic.first.c_str(), statistic.second,
              score.first.c_str(), score.second);
    }

    static void compareLayer(const stats::LayerStats& layer, const base::OrderedJson& theirs,
                             const base::OrderedJson& tokens, double tolerance, std::map<std::string, double>& worst)
    {
        QCOMPARE(layer.layer().value(), theirs["layer"].get<int>());
        QCOMPARE(layer.tokens(), tokens.get<double>());
        std::size_t ours = 0;
        for (const auto& info : stats::statInfos()) {
            if (info.group == "imported")
                continue;
            ++ours;
            const auto& expected = theirs["statistics"][std::string(info.id)];
            const bool histogram = info.group == "S1";
            const double error =
                histogram ? movedTokens(layer[info.stat], expected) : difference(layer[info.stat], expected);
            auto& most = worst[std::string(info.id)];
            most = std::max(most, error);
            const bool exact = info.stat == stats::Stat::Count || info.stat == stats::Stat::Top1 ||
                               info.stat == stats::Stat::Coactivation;
            const double allowed = exact ? 0 : histogram ? 3 : tolerance;
            QVERIFY2(error <= allowed,
                     fmt::format("layer {}: {} differs by {}", layer.layer().value(), info.id, error).c_str());
        }
        QCOMPARE(theirs["statistics"].size(), ours);
        const auto& pool = theirs["pool"];
        QCOMPARE(layer.pool().k, pool["k"].get<int>());
        QCOMPARE(layer.pool().ids.size(), pool["ids"].size());
        for (std::size_t i = 0; i < pool["ids"].size(); ++i)
            QCOMPARE(static_cast<int>(layer.pool().ids[i]), pool["ids"][i].get<int>());
        const std::vector<double> logits(layer.pool().logits.begin(), layer.pool().logits.end());
        QVERIFY(difference(logits, pool["logits"]) <= tolerance);
    }

    static void compareScores(const stats::Statistics& all, const std::string& id, const base::OrderedJson& layers,
                              double tolerance, std::map<std::string, double>& worst)
    {
        method::ScoreRequest request;
        request.method = id;
        const auto table = method::computeScores(all, request);
        QVERIFY2(table.ok(), table.ok() ? "" : table.error().text().c_str());
        for (std::size_t l = 0; l < table->layers.size(); ++l) {
            std::vector<double> ours;
            for (const auto& expert : table->layers[l].experts)
                ours.push_back(expert.score);
            QVERIFY2(layers[l]["scores"].contains(id), id.c_str());
            const double error = difference(ours, layers[l]["scores"][id]);
            auto& most = worst["score " + id];
            most = std::max(most, error);
            QVERIFY2(error <= tolerance, fmt::format("layer {}: score {} differs by {}", l, id, error).c_str());
        }
    }

private slots:
    void tinyModels_data()
    {
        QTest::addColumn<int>("variant");
        QTest::newRow("grouped queries, normalised") << 0;
        QTest::newRow("not normalised, dense layers between") << 1;
        QTest::newRow("tied, bfloat16 weights, top-1") << 2;
    }
    void tinyModels()
    {
        ESPALIER_NEED_ORACLE();
        QFETCH(int, variant);
        test::TinyOptions options;
        options.seed = static_cast<std::uint32_t>(11 + variant);
        if (variant == 1) {
            options.layers = 5;
            options.normTopK = false;
            options.mlpOnlyLayers = {1};
            options.decoderSparseStep = 2;
            options.experts = 9;
            options.topK = 4;
            options.hidden = 35;
        } else if (variant == 2) {
            options.tied = true;
            options.dtype = checkpoint::Dtype::BF16;
            options.topK = 1;
            options.experts = 7;
            options.kvHeads = 1;
        }
        const QTemporaryDir dir;
        const fs::path folder = dir.path().toStdString();
        test::writeTinyCheckpoint(folder, options);
        compare(folder, randomWindows(options.vocabulary, {1, 37, 64, 5, 90, 64}), 2e-5);
    }

    void demoSlice()
    {
        ESPALIER_NEED_ORACLE();
        const auto windows = demoWindows();
        QVERIFY(windows.size() >= 9);
        compare(ESPALIER_SOURCE_DIR "/resources/demo/model", windows, 1e-4);
    }
};

QTEST_APPLESS_MAIN(TestProfileOracle)
#include "tst_profile_oracle.moc"
