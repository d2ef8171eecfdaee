// SPDX-License-Identifier: Apache-2.0
// Scores from the weights alone: measured facts against the checkpoint's own numbers, AIMER and STUN against their
// definitions, equivariance, ties, cancelling.
#include "core/method/score.h"
#include "core/method/weight_facts.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>
#include <numeric>
#include <random>
#include <set>

using namespace espalier;
using namespace espalier::method;

namespace {

using Rows = std::vector<std::vector<double>>;

Rows randomRows(unsigned seed, std::size_t n, std::size_t width)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    Rows rows(n, std::vector<double>(width));
    for (auto& row : rows)
        for (double& v : row)
            v = static_cast<float>(normal(random));
    return rows;
}

/// A layer with these router rows and weights of rms 1.
stats::Statistics statisticsOf(const Rows& rows, const std::vector<double>& flatness = {})
{
    std::vector<float> flat;
    for (const auto& row : rows)
        for (const double v : row)
            flat.push_back(static_cast<float>(v));
    auto weights = std::make_shared<stats::WeightStats>();
    auto& layer = weights->layers.emplace_back();
    layer.experts = static_cast<std::int32_t>(rows.size());
    measureRouter(flat, rows.size(), layer);
    layer.rms.assign(rows.size(), 1);
    layer.absMean = flatness.empty() ? std::vector<double>(rows.size(), 0.8) : flatness;
    stats::Statistics out;
    out.weights = weights;
    return out;
}

ScoreTable scoresOf(const stats::Statistics& statistics, const char* method)
{
    ScoreRequest request;
    request.method = method;
    const auto table = computeScores(statistics, request);
    if (!table)
        qFatal("%s", table.error().text().c_str());
    return *table;
}

double distance(const std::vector<double>& a, const std::vector<double>& b)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return std::sqrt(sum);
}

/// The partition into `count` clusters by complete linkage, from the rows, the slow way.
std::vector<std::vector<int>> partition(const Rows& rows, std::size_t count)
{
    std::vector<std::vector<int>> clusters;
    for (std::size_t i = 0; i < rows.size(); ++i)
        clusters.push_back({static_cast<int>(i)});
    while (clusters.size() > count) {
        std::size_t a = 0, b = 1;
        double best = INFINITY;
        for (std::size_t i = 0; i < clusters.size(); ++i)
            for (std::size_t j = i + 1; j < clusters.size(); ++j) {
                double widest = 0;
                for (const int x : clusters[i])
                    for (const int y : clusters[j])
                        widest = std::max(
                            widest, distance(rows[static_cast<std::size_t>(x)], rows[static_cast<std::size_t>(y)]));
                if (widest < best) {
                    best = widest;
                    a = i;
                    b = j;
                }
            }
        clusters[a].insert(clusters[a].end(), clusters[b].begin(), clusters[b].end());
        clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(b));
    }
    return clusters;
}

} // namespace

class TestWeightScores : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    [[nodiscard]] model::OpenModel tiny(const std::string& name, const test::TinyOptions& options) const
    {
        const auto folder = std::filesystem::path(m_folder.path().toStdString()) / name;
        test::writeTinyCheckpoint(folder, options);
        auto model = model::openModel(folder);
        if (!model)
            qFatal("%s", model.error().text().c_str());
        return std::move(*model);
    }

private slots:
    /// Every number of every expert, found by name in the raw tensors.
    void factsAreThoseOfTheTensors_data()
    {
        QTest::addColumn<bool>("half");
        QTest::newRow("float32") << false;
        QTest::newRow("bfloat16") << true;
    }
    void factsAreThoseOfTheTensors()
    {
        QFETCH(bool, half);
        test::TinyOptions options;
        options.dtype = half ? checkpoint::Dtype::BF16 : checkpoint::Dtype::F32;
        options.mlpOnlyLayers = {1};
        const auto model = tiny(half ? "half" : "full", options);
        const auto tensors = test::tinyTensors(options);
        const auto values = [&](const std::string& name) {
            for (const auto& tensor : tensors)
                if (tensor.name == name)
                    return test::toFloats(tensor.dtype, tensor.data.data(), tensor.data.size() / (half ? 2 : 4));
            qFatal("no tensor %s", name.c_str());
        };
        for (const int threads : {1, 3}) {
            double reported = 0;
            base::JobContext job;
            job.progress = [&](const base::ProgressEvent& e) { reported = e.total; };
            const auto facts = measureWeights(model, job, threads);
            QVERIFY(facts.ok());
            QCOMPARE(facts->layers.size(), std::size_t{2});
            QCOMPARE(facts->layers[1].layer.value(), 2);
            double bytes = 0;
            for (const auto& layer : facts->layers) {
                const std::string head = fmt::format("model.layers.{}.mlp.", layer.layer.value());
                for (int e = 0; e < options.experts; ++e) {
                    double absolute = 0, squares = 0, n = 0;
                    for (const char* part : {"gate_proj", "up_proj", "down_proj"})
                        for (const float v : values(fmt::format("{}experts.{}.{}.weight", head, e, part))) {
                            absolute += std::abs(double{v});
                            squares += double{v} * v;
                            n += 1;
                        }
                    bytes += n * (half ? 2 : 4);
                    const auto i = static_cast<std::size_t>(e);
                    QVERIFY(std::abs(layer.absMean[i] - absolute / n) < 1e-12);
                    QVERIFY(std::abs(layer.rms[i] - std::sqrt(squares / n)) < 1e-12);
                }
                const auto router = values(head + "gate.weight");
                const auto width = static_cast<std::size_t>(options.hidden);
                for (std::size_t i = 0; i < 6; ++i)
                    for (std::size_t j = 0; j < 6; ++j) {
                        double d = 0;
                        for (std::size_t c = 0; c < width; ++c)
                            d += std::pow(double{router[i * width + c]} - router[j * width + c], 2);
                        QVERIFY(std::abs(layer.routerDistance[i * 6 + j] - std::sqrt(d)) < 1e-12);
                    }
            }
            QCOMPARE(reported, bytes);
        }
    }

    void aimerByDefinition()
    {
        const auto statistics = statisticsOf(randomRows(1, 4, 3), {0.8, 0.2, 0.0, 1.0});
        const auto table = scoresOf(statistics, "aimer");
        const std::vector<double> wanted{0.2, 0.8, 1.0, 0.0};
        for (std::size_t e = 0; e < wanted.size(); ++e) {
            QVERIFY(std::abs(table.layers[0].experts[e].score - wanted[e]) < 1e-15);
            QVERIFY(std::isnan(table.layers[0].experts[e].standardError));
            QCOMPARE(table.layers[0].experts[e].tokens, 0.0);
        }
        QVERIFY(table.domains.empty());
        // Weights that are all 0 compute nothing.
        auto dead = *statistics.weights;
        dead.layers[0].rms[1] = dead.layers[0].absMean[1] = 0;
        stats::Statistics other;
        other.weights = std::make_shared<const stats::WeightStats>(dead);
        QCOMPARE(scoresOf(other, "aimer").layers[0].experts[1].score, 0.0);
        dead.layers[0].rms[1] = dead.layers[0].absMean[1] = std::nan("");
        other.weights = std::make_shared<const stats::WeightStats>(dead);
        QCOMPARE(scoresOf(other, "aimer").layers[0].experts[1].score, 0.0);
    }

    /// Cut at any count, the kept experts are one of each cluster; of two clusters that meet, the one nearer the mean.
    void stunKeepsOneOfEveryCluster()
    {
        for (unsigned seed = 1; seed <= 15; ++seed) {
            const auto rows = randomRows(seed, 12, 5);
            const auto table = scoresOf(statisticsOf(rows), "stun");
            const auto order = rankExperts(table.layers[0]);
            for (std::size_t count = 1; count <= rows.size(); ++count) {
                const std::set<int> kept(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count));
                for (const auto& cluster : partition(rows, count))
                    QCOMPARE(std::count_if(cluster.begin(), cluster.end(), [&](int e) { return kept.contains(e); }),
                             std::ptrdiff_t{1});
                if (count == rows.size())
                    continue;
                // The expert that goes at this count: its rival is the one kept of the same cluster.
                const int gone = order[count];
                for (const auto& cluster : partition(rows, count)) {
                    if (std::find(cluster.begin(), cluster.end(), gone) == cluster.end())
                        continue;
                    std::vector<double> mean(5, 0.0);
                    for (const int e : cluster)
                        for (std::size_t c = 0; c < mean.size(); ++c)
                            mean[c] += rows[static_cast<std::size_t>(e)][c] / static_cast<double>(cluster.size());
                    const int rival =
                        *std::find_if(cluster.begin(), cluster.end(), [&](int e) { return kept.contains(e); });
                    const auto &one = rows[static_cast<std::size_t>(rival)],
                               &two = rows[static_cast<std::size_t>(gone)];
                    const double a = distance(one, mean), b = distance(two, mean);
                    const std::vector<double> zero(5, 0.0);
                    QVERIFY(a < b + 1e-9);
                    if (std::abs(a - b) < 1e-9)
                        QVERIFY(distance(one, zero) >= distance(two, zero));
                }
            }
        }
    }

    void stunIsEquivariant()
    {
        const auto rows = randomRows(7, 10, 4);
        const std::vector<std::size_t> renamed{3, 9, 0, 5, 1, 8, 2, 7, 4, 6};
        Rows moved(rows.size());
        for (std::size_t e = 0; e < rows.size(); ++e)
            moved[renamed[e]] = rows[e];
        const auto a = scoresOf(statisticsOf(rows), "stun"), b = scoresOf(statisticsOf(moved), "stun");
        for (std::size_t e = 0; e < rows.size(); ++e)
            QVERIFY(std::abs(a.layers[0].experts[e].score - b.layers[0].experts[renamed[e]].score) < 1e-12);
    }

    void equalRowsAreNoTrap()
    {
        const auto table = scoresOf(statisticsOf(Rows(6, {1, 2, 3})), "stun");
        for (const auto& expert : table.layers[0].experts)
            QCOMPARE(expert.score, 0.0);
        // Two twins among others: one of them goes first, at height 0.
        auto rows = randomRows(3, 5, 4);
        rows[4] = rows[1];
        const auto twins = scoresOf(statisticsOf(rows), "stun");
        QCOMPARE(rankExperts(twins.layers[0]).back(), 4); // ties by id
        QCOMPARE(twins.layers[0].experts[4].score, 0.0);
        QVERIFY(twins.layers[0].experts[1].score > 0);
    }

    void missingAndBrokenFactsAreRefused()
    {
        ScoreRequest request;
        request.method = "aimer";
        auto refused = computeScores(stats::Statistics{}, request);
        QVERIFY(!refused.ok() && refused.error().code == ErrorCode::BadInput);
        QVERIFY(refused.error().text().find("espalier weights") != std::string::npos);
        auto weights = *statisticsOf(randomRows(1, 4, 3)).weights;
        weights.layers[0].routerDistance.pop_back();
        stats::Statistics broken;
        broken.weights = std::make_shared<const stats::WeightStats>(weights);
        refused = computeScores(broken, request);
        QVERIFY(!refused.ok() && refused.error().text().find("router-distance") != std::string::npos);
    }

    void stopsWhenAsked()
    {
        const auto model = tiny("stop", {});
        std::stop_source source;
        base::JobContext job;
        job.stop = source.get_token();
        int steps = 0;
        job.progress = [&](const base::ProgressEvent&) {
            if (++steps == 2)
                source.request_stop();
        };
        const auto stopped = measureWeights(model, job, 1);
        QVERIFY(!stopped.ok() && stopped.error().code == ErrorCode::Cancelled);
        QVERIFY(steps < 4);
        test::TinyOptions dense;
        dense.moe = false;
        const auto refused = measureWeights(tiny("dense", dense), {}, 1);
        QVERIFY(!refused.ok() && refused.error().code == ErrorCode::BadInput);
    }
};

QTEST_GUILESS_MAIN(TestWeightScores)
#include "tst_weight_scores.moc"
