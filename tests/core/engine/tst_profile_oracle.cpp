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
#include <cstring>
#include <fmt/format.h>
#include <functional>
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

    static constexpr stats::SampleTokens kRows{7, 100, 30};

    /// `rows`: also those of single tokens, and counted sets.
    void compare(const fs::path& folder, const Windows& windows, double tolerance, bool rows)
    {
        const auto model = model::openModel(folder);
        QVERIFY2(model.ok(), model.ok() ? "" : model.error().text().c_str());
        engine::EngineOptions options;
        options.compute = engine::ComputeType::Float32;
        auto engine = engine::openEngine(*model, options);
        QVERIFY2(engine.ok(), engine.ok() ? "" : engine.error().text().c_str());
        stats::Statistics all;
        all.domains.push_back(test::emptyDomain(model->summary, *stats::StatSelection::parse("all,bank,S5")));
        auto& domain = all.domains[0];
        if (rows) {
            domain.sampled = *stats::StatSelection::parse("samples");
            domain.sampleTokens = kRows;
        }
        const auto done = (*engine)->profile(windows, domain, {});
        QVERIFY2(done.ok(), done.ok() ? "" : done.error().text().c_str());

        const QTemporaryDir dir;
        const fs::path work = dir.path().toStdString();
        test::writeText(work / "windows.json", idsOf(windows).dump());
        QStringList arguments{QString::fromStdString(folder), dir.filePath("windows.json"), dir.filePath("out.json")};
        if (rows)
            arguments << "rows";
        const auto run = test::runOracle("routing_statistics.py", arguments);
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        const auto oracle = base::readJsonFile(work / "out.json", ByteSize(1U << 30U));
        QVERIFY2(oracle.ok(), oracle.ok() ? "" : oracle.error().text().c_str());
        QCOMPARE((*oracle)["layers"].size(), domain.layers.size());
        for (const auto& layer : domain.layers)
            QVERIFY2(layer[stats::Stat::BankTokens][0] >= 8, "too few tokens in the bank to tell anything");
        std::map<std::string, double> worst;
        for (std::size_t l = 0; l < domain.layers.size(); ++l)
            compareLayer(domain.layers[l], (*oracle)["layers"][l], (*oracle)["tokens"], tolerance, worst);
        if (rows) {
            for (std::size_t l = 0; l < domain.layers.size(); ++l)
                compareRows(domain.layers[l], windows, (*oracle)["keys"], (*oracle)["layers"][l]["rows"], tolerance);
            compareNext(domain.samples, windows, (*oracle)["keys"], (*oracle)["next"]);
        }
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

    template <typename T>
    static std::vector<T> valuesOf(const stats::Samples& samples, stats::SampleKind kind, stats::SampleType type)
    {
        std::vector<T> values;
        if (samples[kind].type != type)
            return values;
        values.resize(samples[kind].bytes.size() / sizeof(T));
        std::memcpy(values.data(), samples[kind].bytes.data(), samples[kind].bytes.size());
        return values;
    }

    static void compareRows(const stats::LayerStats& layer, const Windows& windows, const base::OrderedJson& keys,
                            const base::OrderedJson& theirs, double tolerance)
    {
        using enum stats::SampleKind;
        using stats::SampleType;
        // S5: the sets of all tokens
        std::map<std::vector<std::uint16_t>, double> sets;
        for (const auto& row : theirs["i"]) {
            auto ids = row.get<std::vector<std::uint16_t>>();
            std::sort(ids.begin(), ids.end());
            sets[ids] += 1;
        }
        std::vector<std::uint16_t> ids;
        std::vector<double> tokens;
        for (const auto& [set, count] : sets) {
            ids.insert(ids.end(), set.begin(), set.end());
            tokens.push_back(count);
        }
        QVERIFY(layer.coalitions().ids == ids && layer.coalitions().tokens == tokens);
        // S7: the first tokens
        const stats::Samples& samples = layer.samples();
        const auto traced = valuesOf<std::uint32_t>(samples, TraceToken, SampleType::U32);
        const auto experts = valuesOf<std::uint16_t>(samples, TraceExperts, SampleType::U16);
        const auto gates = valuesOf<float>(samples, TraceGates, SampleType::F32);
        const std::size_t k = theirs["i"][0].size();
        QCOMPARE(traced.size(), static_cast<std::size_t>(kRows.first - kRows.before));
        QCOMPARE(experts.size(), traced.size() * k);
        QCOMPARE(gates.size(), traced.size() * k);
        for (std::size_t t = 0; t < traced.size(); ++t) {
            QCOMPARE(traced[t], static_cast<std::uint32_t>(kRows.before) + t);
            for (std::size_t j = 0; j < k; ++j) {
                QCOMPARE(static_cast<int>(experts[t * k + j]), theirs["i"][t][j].get<int>());
                QVERIFY(std::abs(gates[t * k + j] - theirs["g"][t][j].get<float>()) <= tolerance);
            }
        }
        // S8: of every text the rows at the wanted ranks of the router's largest probability
        const auto banked = valuesOf<std::uint32_t>(samples, BankToken, SampleType::U32);
        std::size_t begin = 0, at = 0;
        for (std::size_t w = 0; w < windows.size(); ++w) {
            std::vector<double> sure, wanted, chosen;
            for (std::size_t p = 0; p < windows[w].ids.size(); ++p)
                sure.push_back(theirs["sure"][begin + p].get<double>());
            std::sort(sure.begin(), sure.end(), std::greater<>());
            for (std::size_t p = 0; p < sure.size(); ++p)
                if ((static_cast<std::int64_t>(p) + keys[w].get<std::int64_t>()) % kRows.step == kRows.step / 2)
                    wanted.push_back(sure[p]);
            for (; at < banked.size() && banked[at] - static_cast<std::uint32_t>(kRows.before) < begin + sure.size();
                 ++at) {
                const std::size_t row = banked[at] - static_cast<std::uint32_t>(kRows.before);
                QVERIFY(row >= begin);
                chosen.push_back(theirs["sure"][row].get<double>());
                for (const auto& [kind, name] :
                     {std::pair(BankInput, "x"), std::pair(BankResidual, "h"), std::pair(BankOutput, "y")}) {
                    const auto values = valuesOf<float>(samples, kind, SampleType::F32);
                    const std::size_t width = theirs[name][row].size();
                    QCOMPARE(values.size(), banked.size() * width);
                    const std::vector<double> ours(values.begin() + static_cast<std::ptrdiff_t>(at * width),
                                                   values.begin() + static_cast<std::ptrdiff_t>((at + 1) * width));
                    QVERIFY(difference(ours, theirs[name][row]) <= 10 * tolerance);
                }
            }
            std::sort(chosen.begin(), chosen.end(), std::greater<>());
            QVERIFY(test::relativeDifference(chosen, wanted) <= tolerance);
            begin += sure.size();
        }
        QVERIFY(at == banked.size() && at > begin / 14);
    }

    static void compareNext(const stats::Samples& samples, const Windows& windows, const base::OrderedJson& keys,
                            const base::OrderedJson& theirs)
    {
        using enum stats::SampleKind;
        using stats::SampleType;
        std::vector<std::uint32_t> wanted;
        std::uint32_t begin = 0;
        for (std::size_t w = 0; w < windows.size(); ++w) {
            for (std::size_t p = 0; p < windows[w].ids.size(); ++p)
                if ((static_cast<std::int64_t>(p) + keys[w].get<std::int64_t>()) % kRows.step == kRows.step / 2)
                    wanted.push_back(begin + static_cast<std::uint32_t>(kRows.before + static_cast<std::int64_t>(p)));
            begin += static_cast<std::uint32_t>(windows[w].ids.size());
        }
        QVERIFY(valuesOf<std::uint32_t>(samples, NextToken, SampleType::U32) == wanted);
        const auto ids = valuesOf<std::uint32_t>(samples, NextIds, SampleType::U32);
        const auto logp = valuesOf<float>(samples, NextLogp, SampleType::F32);
        const auto tail = valuesOf<float>(samples, NextTail, SampleType::F32);
        const auto count = static_cast<std::size_t>(samples[NextIds].cols);
        const std::size_t vocabulary = theirs[0].size();
        QCOMPARE(count, std::min(vocabulary, static_cast<std::size_t>(stats::kNextTokens)));
        QCOMPARE(ids.size(), wanted.size() * count);
        QCOMPARE(tail.size(), wanted.size());
        for (std::size_t r = 0; r < wanted.size(); ++r) {
            auto row = theirs[wanted[r] - static_cast<std::uint32_t>(kRows.before)].get<std::vector<double>>();
            for (std::size_t j = 0; j < count; ++j) {
                QVERIFY(std::abs(logp[r * count + j] - row[ids[r * count + j]]) < 1e-4);
                QVERIFY(j == 0 || logp[r * count + j] <= logp[r * count + j - 1]);
                row[ids[r * count + j]] = -INFINITY; // each once
            }
            double rest = 0;
            for (const double value : row)
                rest += std::exp(value);
            QVERIFY(std::abs(rest - static_cast<double>(tail[r])) < 1e-5);
            const double most = *std::max_element(row.begin(), row.end());
            QVERIFY(most <= static_cast<double>(logp[(r + 1) * count - 1]) + 1e-4);
        }
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
            options.vocabulary = 300; // more than the likeliest that are kept
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
        compare(folder, randomWindows(options.vocabulary, {1, 37, 64, 5, 90, 64}), 2e-5, true);
    }

    void demoSlice()
    {
        ESPALIER_NEED_ORACLE();
        const auto windows = demoWindows();
        QVERIFY(windows.size() >= 9);
        compare(ESPALIER_SOURCE_DIR "/resources/demo/model", windows, 1e-4, false);
    }
};

QTEST_APPLESS_MAIN(TestProfileOracle)
#include "tst_profile_oracle.moc"
