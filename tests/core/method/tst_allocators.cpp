// SPDX-License-Identifier: Apache-2.0
// Allocators against brute force over thresholds, their bounds, ties and nesting; protectors on made-up maxima.
#include "core/method/allocate.h"
#include "core/method/allocate/active_experts.h"
#include "core/method/allocate/separable.h"
#include "core/method/allocate/skipping.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace espalier;
using namespace espalier::method;

namespace {

/// Random non-negative scores; `grid` > 0 rounds them so that many are equal.
ScoreTable randomTable(unsigned seed, int layers, int experts, int grid = 0)
{
    std::mt19937 random(seed);
    ScoreTable table;
    for (int l = 0; l < layers; ++l) {
        auto& layer = table.layers.emplace_back();
        layer.layer = LayerIndex(l);
        for (int e = 0; e < experts; ++e) {
            const auto value = static_cast<double>(random() % 10007);
            layer.experts.push_back({grid > 0 ? std::floor(value / 10007 * grid) : value, 0, 1});
        }
    }
    return table;
}

AllocationInput inputFor(const ScoreTable& table, std::int64_t total, std::int32_t minimum = 1)
{
    AllocationInput input;
    input.scores = &table;
    input.totalKept = total;
    input.minimumPerLayer = minimum;
    return input;
}

std::int64_t sum(const std::vector<std::int32_t>& counts)
{
    return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

/// Scores of a layer, largest first, divided by the layer's sum.
std::vector<double> shares(const LayerScores& layer)
{
    std::vector<double> out;
    double total = 0;
    for (const auto& e : layer.experts)
        total += e.score;
    for (const auto& e : layer.experts)
        out.push_back(e.score / total);
    std::sort(out.rbegin(), out.rend());
    return out;
}

/// Counts when everything at or above `threshold` is kept, but at least `minimum`.
std::vector<std::int32_t> aboveThreshold(const ScoreTable& table, double threshold, std::int32_t minimum)
{
    std::vector<std::int32_t> counts;
    for (const auto& layer : table.layers) {
        const auto s = shares(layer);
        const auto n =
            static_cast<std::int32_t>(std::count_if(s.begin(), s.end(), [&](double v) { return v >= threshold; }));
        counts.push_back(std::max(n, minimum));
    }
    return counts;
}

/// Counts of the smallest sets that cover the share `alpha` of each layer's mass, but at least `minimum`.
std::vector<std::int32_t> covering(const ScoreTable& table, double alpha, std::int32_t minimum)
{
    std::vector<std::int32_t> counts;
    for (const auto& layer : table.layers) {
        double covered = 0;
        std::int32_t n = 0;
        for (const double v : shares(layer)) {
            if (covered >= alpha)
                break;
            covered += v;
            ++n;
        }
        counts.push_back(std::max(n, minimum));
    }
    return counts;
}

} // namespace

class TestAllocators : public QObject {
    Q_OBJECT
private slots:
    void registryNamesPapers()
    {
        QCOMPARE(allocators().size(), std::size_t{4});
        for (const auto& a : allocators()) {
            QVERIFY(findAllocator(a.id) == &a);
            QVERIFY(!a.paper.empty() && !a.formula.empty() && !a.title.empty());
        }
        QVERIFY(findAllocator("nonsense") == nullptr);
        for (const auto& p : protectors())
            QVERIFY(findProtector(p.id) == &p && !p.paper.empty() && !p.formula.empty());
        QVERIFY(findProtector("nonsense") == nullptr);
    }

    void uniformSharesTheTotal()
    {
        const auto table = randomTable(1, 5, 12);
        const auto counts = findAllocator("uniform")->allocate(inputFor(table, 35, 2));
        QCOMPARE(counts, std::vector<std::int32_t>(5, 7));
        QCOMPARE(findAllocator("uniform")->allocate(inputFor(table, 5, 2)), std::vector<std::int32_t>(5, 2));
        QCOMPARE(findAllocator("uniform")->allocate(inputFor(table, 500, 2)), std::vector<std::int32_t>(5, 12));
    }

    /// Every threshold that separates two scores gives a total; asked for that total, the allocator gives its counts.
    void globalEqualsEveryThreshold()
    {
        for (unsigned seed = 1; seed <= 20; ++seed) {
            const auto table = randomTable(seed, 4, 9);
            std::vector<double> thresholds;
            for (const auto& layer : table.layers)
                for (const double s : shares(layer))
                    thresholds.push_back(s);
            for (const double t : thresholds) {
                const auto wanted = aboveThreshold(table, t, 2);
                QCOMPARE(findAllocator("global")->allocate(inputFor(table, sum(wanted), 2)), wanted);
            }
        }
    }

    void coverageEqualsEveryAlpha()
    {
        for (unsigned seed = 1; seed <= 20; ++seed) {
            const auto table = randomTable(seed, 4, 9);
            for (double alpha = 0.05; alpha < 1; alpha += 0.0375) {
                const auto wanted = covering(table, alpha, 2);
                QCOMPARE(findAllocator("coverage")->allocate(inputFor(table, sum(wanted), 2)), wanted);
            }
        }
    }

    /// Any losses, convex or not: no other counts of the same sum lose less.
    void separableLossesAreMinimised()
    {
        std::mt19937 random(17);
        for (int round = 0; round < 60; ++round) {
            std::vector<CountLosses> losses(4);
            for (std::size_t l = 0; l < losses.size(); ++l) {
                const bool convex = (round + static_cast<int>(l)) % 3 == 0;
                double value = 1000, gain = 300;
                for (unsigned i = 0; i < 2 + (random() + l) % 5; ++i) {
                    losses[l].push_back(value);
                    gain = convex ? gain * static_cast<double>(random() % 100) / 100
                                  : static_cast<double>(random() % 400) - 100;
                    value -= gain;
                }
            }
            const auto total = [&](const std::vector<std::int32_t>& places) {
                double sum = 0;
                for (std::size_t l = 0; l < losses.size(); ++l)
                    sum += losses[l][static_cast<std::size_t>(places[l])];
                return sum;
            };
            std::int64_t room = 0;
            for (const auto& loss : losses)
                room += static_cast<std::int64_t>(loss.size()) - 1;
            for (std::int64_t units = -1; units <= room + 1; ++units) {
                const auto wanted = std::clamp<std::int64_t>(units, 0, room);
                double best = INFINITY;
                std::vector<std::int32_t> at(4, 0);
                for (at[0] = 0; at[0] < static_cast<int>(losses[0].size()); ++at[0])
                    for (at[1] = 0; at[1] < static_cast<int>(losses[1].size()); ++at[1])
                        for (at[2] = 0; at[2] < static_cast<int>(losses[2].size()); ++at[2])
                            for (at[3] = 0; at[3] < static_cast<int>(losses[3].size()); ++at[3])
                                if (sum(at) == wanted)
                                    best = std::min(best, total(at));
                const auto got = minimiseSeparable(losses, units);
                QCOMPARE(sum(got), wanted);
                QVERIFY(std::abs(total(got) - best) < 1e-9);
            }
        }
        QVERIFY(minimiseSeparable({}, 3).empty());
    }

    /// Against every way to spread the total, with weights of layers, locks and steps.
    void knapsackLosesLeast()
    {
        for (unsigned seed = 1; seed <= 12; ++seed) {
            const auto table = randomTable(seed, 3, 8);
            for (const std::int32_t step : {1, 2}) {
                auto input = inputFor(table, 12, 2);
                input.step = step;
                input.layerWeight = {1.0, 0.3, 2.0 + seed};
                input.lockedKept = {0, 4, 0};
                const auto loss = [&](const std::vector<std::int32_t>& counts) {
                    double total = 0;
                    for (std::size_t l = 0; l < 3; ++l) {
                        const auto s = shares(table.layers[l]);
                        const double kept = std::accumulate(s.begin(), s.begin() + counts[l], 0.0);
                        total += std::pow(input.layerWeight[l] * (1 - kept), 2);
                    }
                    return total;
                };
                double best = INFINITY;
                for (int a = 2; a <= 8; a += step)
                    for (int b = 4; b <= 8; b += step)
                        for (int c = 2; c <= 8; c += step)
                            if (a + b + c == 12)
                                best = std::min(best, loss({a, b, c}));
                const auto got = findAllocator("knapsack")->allocate(input);
                QCOMPARE(sum(got), std::int64_t{12});
                QVERIFY(std::abs(loss(got) - best) < 1e-12);
            }
        }
    }

    /// Gate weights token by token against the histograms, and every spread of the total by brute force.
    void activeExpertsLoseLeast()
    {
        constexpr int kLayers = 4, kTopK = 4;
        std::mt19937 random(29);
        stats::Statistics statistics;
        auto& domain = statistics.domains.emplace_back();
        domain.name = "d";
        std::vector<std::vector<double>> wanted(kLayers, std::vector<double>(kTopK, 0.0));
        for (std::size_t l = 0; l < kLayers; ++l) {
            auto& layer = domain.layers.emplace_back(LayerIndex(static_cast<int>(l)), stats::Topology{8, kTopK, 4},
                                                     stats::StatSelection::all());
            for (int t = 0; t < 200; ++t) {
                std::vector<double> gates;
                for (int j = 0; j < kTopK; ++j)
                    gates.push_back(0.01 + std::pow(static_cast<double>(random() % 1000) / 1000,
                                                    1.0 + 3.0 * static_cast<double>(l)));
                std::sort(gates.rbegin(), gates.rend());
                const double total = std::accumulate(gates.begin(), gates.end(), 0.0);
                double sum = 0;
                for (std::size_t m = 0; m + 1 < kTopK; ++m) {
                    sum += gates[m];
                    wanted[l][m] += (1 - sum / total) / 200;
                    const auto bin = static_cast<std::size_t>(std::min(255.0, std::floor(sum / total * 256)));
                    layer.edit(stats::Stat::CumulativeHistogram)[m * 256 + bin] += 1;
                }
            }
        }
        const auto lost = lostGateShares(statistics, {});
        QVERIFY(lost.ok());
        for (std::size_t l = 0; l < kLayers; ++l)
            for (std::size_t m = 0; m < kTopK; ++m)
                QVERIFY(std::abs((*lost)[l][m] - wanted[l][m]) <= 1.0 / 512);
        const std::vector<double> weight{0.5, 1.0, 2.0, 0.7};
        const auto loss = [&](const std::vector<std::int32_t>& active) {
            double total = 0;
            for (std::size_t l = 0; l < kLayers; ++l)
                total += std::pow(weight[l] * (*lost)[l][static_cast<std::size_t>(active[l] - 1)], 2);
            return total;
        };
        for (std::int64_t total = kLayers; total <= kLayers * kTopK; ++total) {
            double best = INFINITY;
            std::vector<std::int32_t> at(kLayers, 1);
            for (at[0] = 1; at[0] <= kTopK; ++at[0])
                for (at[1] = 1; at[1] <= kTopK; ++at[1])
                    for (at[2] = 1; at[2] <= kTopK; ++at[2])
                        for (at[3] = 1; at[3] <= kTopK; ++at[3])
                            if (sum(at) == total)
                                best = std::min(best, loss(at));
            const auto got = allocateActive(*lost, weight, total);
            QCOMPARE(sum(got), total);
            QVERIFY(std::abs(loss(got) - best) < 1e-12);
        }
        const std::vector<std::string> other{"absent"};
        QVERIFY(lostGateShares(statistics, other)->empty());
        statistics.domains[0].layers[1] =
            stats::LayerStats(LayerIndex(1), {8, kTopK, 4}, *stats::StatSelection::parse("basic"));
        QVERIFY(!lostGateShares(statistics, {}).ok());
    }

    /// Quantiles of the ratios themselves, sorted, are within one bin; parts of a run in any order give the run's.
    void skipThresholdsAreQuantiles()
    {
        constexpr int kTopK = 4, kTokens = 999;
        std::mt19937 random(31);
        std::vector<stats::Statistics> parts(3);
        std::vector<std::vector<std::vector<double>>> ratios(2, std::vector<std::vector<double>>(kTopK - 1));
        for (std::size_t p = 0; p < parts.size(); ++p) {
            auto& domain = parts[p].domains.emplace_back();
            domain.name = "d";
            for (int l = 0; l < 2; ++l) {
                auto& layer = domain.layers.emplace_back(LayerIndex(l), stats::Topology{8, kTopK, 4},
                                                         *stats::StatSelection::parse("basic,S1"));
                for (int t = 0; t < kTokens; ++t) {
                    std::vector<double> w{1};
                    for (int j = 0; j + 1 < kTopK; ++j) // a twentieth are equal
                        w.push_back(w.back() *
                                    (random() % 20 == 0 ? 1 : 0.1 + static_cast<double>(random() % 900) / 1000));
                    for (std::size_t j = 0; j + 1 < kTopK; ++j) {
                        ratios[static_cast<std::size_t>(l)][j].push_back(w[j + 1]);
                        const auto bin = static_cast<std::size_t>(std::min(255.0, std::floor(w[j + 1] * 256)));
                        layer.edit(stats::Stat::RatioHistogram)[j * 256 + bin] += 1;
                    }
                }
            }
        }
        stats::Statistics run, backwards;
        for (std::size_t p = 0; p < parts.size(); ++p) {
            QVERIFY(run.merge(parts[p]).ok());
            QVERIFY(backwards.merge(parts[parts.size() - 1 - p]).ok());
        }
        for (const double share : {0.01, 0.25, 0.5, 0.75, 0.9}) {
            const auto thresholds = skipThresholds(run, {}, share);
            QVERIFY(thresholds.ok());
            QVERIFY(*thresholds == *skipThresholds(backwards, {}, share));
            for (std::size_t l = 0; l < 2; ++l)
                for (std::size_t j = 0; j + 1 < kTopK; ++j) {
                    auto sorted = ratios[l][j];
                    std::sort(sorted.begin(), sorted.end());
                    const double exact = sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size()))];
                    QVERIFY2(std::abs((*thresholds)[l][j] - exact) <= 1.0 / 256,
                             qPrintable(QString("%1 %2").arg((*thresholds)[l][j]).arg(exact)));
                }
        }
        QVERIFY(skipThresholds(run, {}, 0)->at(1) == std::vector<double>({0, 0, 0}));
        QVERIFY(skipThresholds(run, {}, 1)->at(1) ==
                std::vector<double>({kNeverReached, kNeverReached, kNeverReached}));
        const std::vector<std::string> other{"absent"};
        QVERIFY(skipThresholds(run, other, 0.5)->empty());
        parts[0].domains[0].layers[1] =
            stats::LayerStats(LayerIndex(1), {8, kTopK, 4}, *stats::StatSelection::parse("basic"));
        const auto lacking = skipThresholds(parts[0], {}, 0.5);
        QVERIFY(!lacking && lacking.error().text().find("ratio-histogram") != std::string::npos);
        parts[0].domains[0].layers[1] = stats::LayerStats(LayerIndex(1), {8, 1, 4}, stats::StatSelection::all());
        QVERIFY(skipThresholds(parts[0], {}, 0.5)->at(1).empty());
        const std::vector<double> none(4, 0.0), last{0, 0, 0, 2};
        QCOMPARE(quantileOfBins(none, 0.5), 0.0);
        QCOMPARE(quantileOfBins(last, 0.5), 0.875);
    }

    void totalsAreMetAndCountsNest_data()
    {
        QTest::addColumn<QString>("id");
        for (const auto& a : allocators())
            QTest::newRow(a.id.data()) << QString::fromUtf8(a.id.data());
    }
    void totalsAreMetAndCountsNest()
    {
        QFETCH(QString, id);
        const auto* allocator = findAllocator(id.toStdString());
        for (const int grid : {0, 3}) { // 3: mostly ties
            const auto table = randomTable(7, 6, 11, grid);
            std::vector<std::int32_t> before(6, 0);
            for (std::int64_t total = 12; total <= 66; ++total) {
                const auto counts = allocator->allocate(inputFor(table, total, 2));
                if (!allocator->uniformCounts)
                    QCOMPARE(sum(counts), total);
                for (std::size_t l = 0; l < counts.size(); ++l)
                    QVERIFY(counts[l] >= before[l] && counts[l] >= 2 && counts[l] <= 11);
                QCOMPARE(allocator->allocate(inputFor(table, total, 2)), counts); // the same every time
                before = counts;
            }
            QCOMPARE(before, std::vector<std::int32_t>(6, 11));
        }
    }

    void equalLayersFillInTheirOrder()
    {
        // All scores equal: the next expert goes to the layer with the fewest, the first such layer on a tie.
        auto table = randomTable(1, 3, 4);
        for (auto& layer : table.layers)
            for (auto& e : layer.experts)
                e.score = 1;
        for (const char* id : {"global", "coverage"}) {
            QCOMPARE(findAllocator(id)->allocate(inputFor(table, 4)), (std::vector<std::int32_t>{2, 1, 1}));
            QCOMPARE(findAllocator(id)->allocate(inputFor(table, 8)), (std::vector<std::int32_t>{3, 3, 2}));
        }
    }

    void layersWithoutMassAreNoTrap()
    {
        auto table = randomTable(3, 3, 6);
        for (auto& e : table.layers[1].experts)
            e.score = 0;
        for (const char* id : {"global", "coverage"}) {
            const auto counts = findAllocator(id)->allocate(inputFor(table, 12, 2));
            QCOMPARE(sum(counts), std::int64_t{12});
            QVERIFY(counts[1] >= 2);
        }
        // A layer nobody routed to is the last to be given more under a threshold.
        QCOMPARE(findAllocator("global")->allocate(inputFor(table, 14, 2))[1], 2);
    }

    void boundsOfLocksHold()
    {
        const auto table = randomTable(5, 4, 8);
        for (const auto& allocator : allocators()) {
            auto input = inputFor(table, 16, 2);
            input.lockedKept = {6, 0, 0, 0};
            input.lockedDropped = {0, 5, 0, 0};
            const auto counts = allocator.allocate(input);
            QVERIFY(counts[0] >= 6);
            QVERIFY(counts[1] <= 3);
            if (!allocator.uniformCounts)
                QCOMPARE(sum(counts), std::int64_t{16});
        }
    }

    /// A locked expert of low score takes a place, so the layer's best unlocked expert is the next candidate, not the
    /// second best.
    void lockedPlacesDoNotHideTheBest()
    {
        ScoreTable table;
        for (const auto& scores : {std::vector<double>{70, 20, 10}, std::vector<double>{40, 35, 25}}) {
            auto& layer = table.layers.emplace_back();
            for (const double s : scores)
                layer.experts.push_back({s, 0, 1});
        }
        auto input = inputFor(table, 3);
        input.order = {{2, 0, 1}, {0, 1, 2}}; // expert 2 of layer 0 is locked
        input.lockedKept = {1, 0};
        input.lockedDropped = {0, 0};
        // Beyond one each: layer 0 offers 0.70, layer 1 offers 0.35.
        QCOMPARE(findAllocator("global")->allocate(input), (std::vector<std::int32_t>{2, 1}));
        // Covered before the next: layer 0 has 0.10, layer 1 has 0.40.
        QCOMPARE(findAllocator("coverage")->allocate(input), (std::vector<std::int32_t>{2, 1}));
    }

    void stepsKeepCountsWhole()
    {
        const auto table = randomTable(9, 5, 12);
        for (const char* id : {"global", "coverage", "knapsack"}) {
            auto input = inputFor(table, 35, 8);
            input.step = 4;
            const auto counts = findAllocator(id)->allocate(input);
            for (const auto c : counts)
                QCOMPARE(c % 4, 0);
            QVERIFY(sum(counts) >= 40 && sum(counts) <= 60);
        }
    }

    void superExperts()
    {
        // 8 layers of 128 experts, maxima about 1; two outliers in early layers, one in the last quarter, one weak.
        stats::Statistics statistics;
        model::ModelSummary model;
        model.layers = 8;
        std::mt19937 random(3);
        for (const char* name : {"a", "b"}) {
            auto& domain = statistics.domains.emplace_back();
            domain.name = name;
            for (int l = 0; l < 8; ++l) {
                auto& layer = domain.layers.emplace_back(LayerIndex(l), stats::Topology{128, 2, 4},
                                                         *stats::StatSelection::parse("basic"));
                for (double& v : layer.edit(stats::Stat::MaxAbs))
                    v = 0.5 + static_cast<double>(random() % 1000) / 2000;
            }
        }
        for (int l = 0; l < 8; ++l)
            model.moeLayers.push_back({LayerIndex(l), 128, std::vector<std::uint64_t>(128, 1), 1});
        // The larger of the two domains counts.
        statistics.domains[1].layers[1].edit(stats::Stat::MaxAbs)[17] = 500;
        statistics.domains[0].layers[5].edit(stats::Stat::MaxAbs)[3] = 60;
        statistics.domains[0].layers[2].edit(stats::Stat::MaxAbs)[9] = 49;  // above P99.5 but below a tenth of the peak
        statistics.domains[0].layers[6].edit(stats::Stat::MaxAbs)[4] = 400; // in the last quarter
        const auto locks = findProtector("super-experts")->protect(statistics, model, 0);
        const std::vector<Lock> wanted{{LayerIndex(1), ExpertIndex(17), true}, {LayerIndex(5), ExpertIndex(3), true}};
        QCOMPARE(locks, wanted);
        QVERIFY(findProtector("min-k")->protect(statistics, model, 0).empty());
        QVERIFY(findProtector("super-experts")->protect({}, {}, 0).empty());
        // Outliers are the same without regard to depth.
        auto everywhere = wanted;
        everywhere.push_back({LayerIndex(6), ExpertIndex(4), true});
        QCOMPARE(findProtector("outliers")->protect(statistics, model, 0), everywhere);
    }

    /// The fewest experts that carry the share, for every domain: no smaller set does.
    void domainFloors()
    {
        stats::Statistics statistics;
        model::ModelSummary model;
        model.layers = 2;
        std::mt19937 random(5);
        for (const char* name : {"a", "b"}) {
            auto& domain = statistics.domains.emplace_back();
            domain.name = name;
            for (int l = 0; l < 2; ++l) {
                auto& layer = domain.layers.emplace_back(LayerIndex(l), stats::Topology{9, 2, 4},
                                                         *stats::StatSelection::parse("basic"));
                for (double& v : layer.edit(stats::Stat::Gate))
                    v = static_cast<double>(random() % 1000);
                layer.edit(stats::Stat::Gate)[4] = 0;
            }
        }
        for (int l = 0; l < 2; ++l)
            model.moeLayers.push_back({LayerIndex(l), 9, std::vector<std::uint64_t>(9, 1), 1});
        const auto* floor = findProtector("domain-floor");
        for (const double share : {0.3, 0.5, 0.9, 1.0}) {
            const auto locks = floor->protect(statistics, model, share);
            for (std::size_t l = 0; l < 2; ++l) {
                std::vector<bool> wanted(9, false);
                for (const auto& domain : statistics.domains) {
                    const auto gate = domain.layers[l][stats::Stat::Gate];
                    const double total = std::accumulate(gate.begin(), gate.end(), 0.0);
                    unsigned best = 0;
                    for (unsigned set = 1; set < 1U << 9U; ++set) {
                        const auto mass = [&](unsigned s) {
                            double m = 0;
                            for (unsigned e = 0; e < 9; ++e)
                                m += (s >> e & 1U) != 0 ? gate[e] : 0;
                            return m;
                        };
                        const int a = __builtin_popcount(set), b = __builtin_popcount(best);
                        if (mass(set) >= share * total - 1e-9 &&
                            (best == 0 || a < b || (a == b && mass(set) > mass(best))))
                            best = set;
                    }
                    for (unsigned e = 0; e < 9; ++e)
                        if ((best >> e & 1U) != 0)
                            wanted[e] = true;
                }
                for (int e = 0; e < 9; ++e)
                    QCOMPARE(std::find(locks.begin(), locks.end(),
                                       Lock{LayerIndex(static_cast<int>(l)), ExpertIndex(e), true}) != locks.end(),
                             bool(wanted[static_cast<std::size_t>(e)]));
            }
        }
        QVERIFY(floor->protect(statistics, model, 0).empty());
        QVERIFY(floor->protect({}, model, 0.9).empty());
    }

    void protectorsTakeNumbers()
    {
        QCOMPARE(chooseProtector("domain-floor:0.8")->parameter, 0.8);
        QCOMPARE(chooseProtector("domain-floor")->parameter, 0.5);
        QCOMPARE(chooseProtector("min-k:12")->parameter, 12.0);
        QVERIFY(chooseProtector("super-experts")->protector == findProtector("super-experts"));
        for (const char* wrong : {"domain-floor:", "domain-floor:1.5", "domain-floor:nan", "domain-floor:0.5x",
                                  "super-experts:2", "nonsense", "min-k:-1", ""})
            QVERIFY2(!chooseProtector(wrong).ok() && chooseProtector(wrong).error().code == ErrorCode::Usage, wrong);
    }
};

QTEST_GUILESS_MAIN(TestAllocators)
#include "tst_allocators.moc"
