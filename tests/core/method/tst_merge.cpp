// SPDX-License-Identifier: Apache-2.0
// Merging methods against their definitions, tried the long way: clusters, assignments, predictions, and what holds for
// every method (each expert in one group, renamed experts give the renamed groups, equal experts go together).
#include "core/method/merge/alignment.h"
#include "core/method/merge/mapped_router.h"
#include "core/method/merge/merge_methods.h"
#include "core/method/merge/mone.h"
#include "core/method/merge/predicted_error.h"
#include "core/method/merge/router_rows.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using namespace espalier;
using namespace espalier::method;

class TestMerge : public QObject {
    Q_OBJECT
private slots:
    void linkageFollowsItsDefinition();
    void linkageBreaksTies();
    void assignmentEqualsBruteForce();
    void neuronsAreFoundAgain();
    void predictionIsTheError();
    void everyMethodPartitions_data();
    void everyMethodPartitions();
    void renamedExpertsGiveRenamedGroups_data();
    void renamedExpertsGiveRenamedGroups();
    void equalExpertsGoTogether_data();
    void equalExpertsGoTogether();
    void routerGroupsKeepEquallyMany();
    void unusedExpertsAndOverflow();
    void leastErrorSharesAreBest();
    void reamTakesSixteen();
    void fittedRowsChooseLikeTheGroup();
    void mappedRouterIsJudgedByItsDefinition_data();
    void mappedRouterIsJudgedByItsDefinition();
    void mappingsThatRowsSay();
    void constantsByVariance();
    void mapsSurviveJson();
    void wrongMapsAreRefused();
};

namespace {

constexpr std::size_t kHidden = 7;
constexpr std::int64_t kBank = 40;

/// A layer's routing and outputs, and from them the evidence by direct sums. `from[e]` is the expert whose logits and
/// outputs expert e has.
struct Layer {
    std::vector<std::vector<double>> logits;               ///< [n][E]
    std::vector<std::vector<std::vector<double>>> outputs; ///< [n][E][H]
    std::vector<std::vector<double>> gates;                ///< [n][E], top-2 of the softmax, renormalised
};

Layer randomLayer(std::size_t experts, unsigned seed, const std::vector<std::size_t>& from = {})
{
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    Layer layer;
    for (std::int64_t t = 0; t < kBank; ++t) {
        auto& logits = layer.logits.emplace_back();
        auto& outputs = layer.outputs.emplace_back();
        for (std::size_t e = 0; e < experts; ++e) {
            logits.push_back(normal(random));
            auto& output = outputs.emplace_back();
            for (std::size_t c = 0; c < kHidden; ++c)
                output.push_back(normal(random) + static_cast<double>(e % 3));
        }
        for (std::size_t e = 0; e < from.size(); ++e) {
            logits[e] = logits[from[e]];
            outputs[e] = outputs[from[e]];
        }
        std::vector<std::size_t> order(experts);
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return logits[a] > logits[b]; });
        auto& gates = layer.gates.emplace_back(experts, 0.0);
        const double a = std::exp(logits[order[0]]), b = std::exp(logits[order[1]]);
        gates[order[0]] = a / (a + b);
        gates[order[1]] = b / (a + b);
    }
    return layer;
}

Layer renamed(const Layer& layer, const std::vector<std::size_t>& old)
{
    Layer out = layer;
    for (std::size_t t = 0; t < layer.logits.size(); ++t)
        for (std::size_t e = 0; e < old.size(); ++e) {
            out.logits[t][e] = layer.logits[t][old[e]];
            out.outputs[t][e] = layer.outputs[t][old[e]];
            out.gates[t][e] = layer.gates[t][old[e]];
        }
    return out;
}

double dot(const std::vector<double>& a, const std::vector<double>& b)
{
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// Linear CKA as Kornblith et al. define it: |F_iᵀ F_j|² of centred columns, over the product of the own ones' roots.
double ckaOf(const Layer& layer, std::size_t i, std::size_t j)
{
    const auto centred = [&](std::size_t e) {
        std::vector<std::vector<double>> rows;
        std::vector<double> mean(kHidden, 0.0);
        for (const auto& token : layer.outputs)
            for (std::size_t c = 0; c < kHidden; ++c)
                mean[c] += token[e][c] / static_cast<double>(layer.outputs.size());
        for (const auto& token : layer.outputs) {
            auto& row = rows.emplace_back(token[e]);
            for (std::size_t c = 0; c < kHidden; ++c)
                row[c] -= mean[c];
        }
        return rows;
    };
    const auto cross = [&](const auto& a, const auto& b) {
        double sum = 0;
        for (std::size_t c = 0; c < kHidden; ++c)
            for (std::size_t d = 0; d < kHidden; ++d) {
                double entry = 0;
                for (std::size_t t = 0; t < a.size(); ++t)
                    entry += a[t][c] * b[t][d];
                sum += entry * entry;
            }
        return sum;
    };
    const auto a = centred(i), b = centred(j);
    return cross(a, b) / std::sqrt(cross(a, a) * cross(b, b));
}

LayerEvidence evidenceOf(const Layer& layer)
{
    LayerEvidence e;
    const std::size_t experts = layer.logits[0].size();
    e.experts = static_cast<std::int32_t>(experts);
    e.hidden = static_cast<std::int32_t>(kHidden);
    e.tokens = static_cast<double>(layer.logits.size());
    e.bank = static_cast<std::int64_t>(layer.logits.size());
    e.chosen.assign(experts, 0);
    e.gates = e.saliency = e.squares = e.logitSum = e.chosen;
    e.logitGram.assign(experts * experts, 0);
    std::vector<double> mean(experts * kHidden, 0), gated = mean, routed = mean;
    for (std::size_t t = 0; t < layer.logits.size(); ++t) {
        double sum = 0;
        for (const double logit : layer.logits[t])
            sum += std::exp(logit);
        for (std::size_t i = 0; i < experts; ++i) {
            const double p = std::exp(layer.logits[t][i]) / sum, g = layer.gates[t][i];
            const auto& f = layer.outputs[t][i];
            e.logitSum[i] += layer.logits[t][i];
            e.bankLogits.push_back(static_cast<float>(layer.logits[t][i]));
            e.gates[i] += g;
            e.bankGates.push_back(static_cast<float>(g));
            if (g > 0) {
                e.chosen[i] += 1;
                e.saliency[i] += p * std::sqrt(dot(f, f));
                e.squares[i] += dot(f, f);
            }
            for (std::size_t j = 0; j < experts; ++j) {
                e.logitGram[i * experts + j] += layer.logits[t][i] * layer.logits[t][j];
                e.outputGram.push_back(static_cast<float>(dot(f, layer.outputs[t][j])));
            }
            for (std::size_t c = 0; c < kHidden; ++c) {
                mean[i * kHidden + c] += f[c] / e.tokens;
                gated[i * kHidden + c] += p * f[c] / e.tokens;
                routed[i * kHidden + c] += g > 0 ? f[c] : 0;
            }
        }
    }
    for (std::size_t i = 0; i < experts; ++i) {
        const double n = std::max(1.0, e.chosen[i]);
        e.saliency[i] /= n;
        e.squares[i] /= n;
        for (std::size_t c = 0; c < kHidden; ++c)
            routed[i * kHidden + c] /= n;
        for (std::size_t j = 0; j < experts; ++j) {
            e.cka.push_back(ckaOf(layer, i, j));
            e.weightCosine.push_back(ckaOf(layer, i, j)); // any similarity: its origin is the engine's matter
        }
    }
    for (std::size_t t = 0; t < layer.logits.size(); ++t)
        for (std::size_t i = 0; i < experts; ++i)
            for (std::size_t j = 0; j < experts; ++j) {
                double product = 0;
                for (std::size_t c = 0; c < kHidden; ++c)
                    product += layer.outputs[t][i][c] * routed[j * kHidden + c];
                e.meanProducts.push_back(static_cast<float>(product));
            }
    e.mean.assign(mean.begin(), mean.end());
    e.gatedMean.assign(gated.begin(), gated.end());
    e.routedMean.assign(routed.begin(), routed.end());
    return e;
}

/// Average linkage by its words: join the two clusters with the least mean distance, taken over all pairs anew.
Partition linkedSlowly(const Distances& distances, std::size_t groups)
{
    Partition clusters;
    for (std::size_t i = 0; i < distances.count; ++i)
        clusters.push_back({static_cast<std::int32_t>(i)});
    while (clusters.size() > groups) {
        double least = 1e300;
        std::size_t a = 0, b = 0;
        for (std::size_t i = 0; i < clusters.size(); ++i)
            for (std::size_t j = i + 1; j < clusters.size(); ++j) {
                double sum = 0;
                for (const auto x : clusters[i])
                    for (const auto y : clusters[j])
                        sum += distances.at(static_cast<std::size_t>(x), static_cast<std::size_t>(y));
                sum /= static_cast<double>(clusters[i].size() * clusters[j].size());
                if (sum < least - 1e-12) {
                    least = sum;
                    a = i;
                    b = j;
                }
            }
        clusters[a].insert(clusters[a].end(), clusters[b].begin(), clusters[b].end());
        std::sort(clusters[a].begin(), clusters[a].end());
        clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(b));
    }
    return clusters;
}

/// One row per method; `all` false: without those that keep the most used or most salient experts, equal or not.
void methodRows(bool all = true)
{
    QTest::addColumn<int>("method");
    for (std::size_t m = 0; m < mergeMethods().size(); ++m)
        if (all || mergeMethods()[m].alignment == Alignment::None)
            QTest::addRow("%s", std::string(mergeMethods()[m].id).c_str()) << static_cast<int>(m);
}

const MergeMethod& methodAt(int index)
{
    return mergeMethods()[static_cast<std::size_t>(index)];
}

/// Sets of members, whatever stands for them.
std::vector<std::vector<std::int32_t>> setsOf(const std::vector<ExpertGroup>& groups)
{
    std::vector<std::vector<std::int32_t>> sets;
    for (const auto& group : groups)
        sets.push_back(group.members);
    std::sort(sets.begin(), sets.end());
    return sets;
}

} // namespace

void TestMerge::linkageFollowsItsDefinition()
{
    std::mt19937 random(3);
    for (int round = 0; round < 40; ++round) {
        const std::size_t count = 3 + random() % 9;
        std::vector<float> rows;
        for (std::size_t i = 0; i < count * 3; ++i)
            rows.push_back(static_cast<float>(random() % 1000) / 100.0F);
        const Distances distances = rowDistances(rows, count);
        const std::size_t groups = 1 + random() % count;
        QCOMPARE(averageLinkage(distances, groups), linkedSlowly(distances, groups));
    }
}

void TestMerge::linkageBreaksTies()
{
    const Distances same{4, std::vector<double>(16, 1.0)};
    QCOMPARE(averageLinkage(same, 3), (Partition{{0, 1}, {2}, {3}}));
    QCOMPARE(averageLinkage(same, 4).size(), 4U);
    QCOMPARE(averageLinkage(same, 1), (Partition{{0, 1, 2, 3}}));
    QCOMPARE(medoid(same, {1, 2, 3}), 1);
}

void TestMerge::assignmentEqualsBruteForce()
{
    std::mt19937 random(11);
    for (int round = 0; round < 80; ++round) {
        const std::size_t n = 1 + random() % 6;
        std::vector<double> costs(n * n);
        for (double& cost : costs) // few values every other time: ties
            cost = round % 2 == 0 ? static_cast<double>(random() % 4) : static_cast<double>(random()) / 1e9 - 2;
        const auto found = leastAssignment(costs, n);
        std::vector<std::int32_t> way(n);
        std::iota(way.begin(), way.end(), 0);
        QVERIFY(std::is_permutation(found.begin(), found.end(), way.begin()));
        const auto costOf = [&](const std::vector<std::int32_t>& columns) {
            double sum = 0;
            for (std::size_t i = 0; i < n; ++i)
                sum += costs[i * n + static_cast<std::size_t>(columns[i])];
            return sum;
        };
        double least = 1e300;
        do
            least = std::min(least, costOf(way));
        while (std::next_permutation(way.begin(), way.end()));
        QVERIFY(std::abs(costOf(found) - least) < 1e-9);
    }
}

void TestMerge::neuronsAreFoundAgain()
{
    constexpr std::size_t kNeurons = 12, kWidth = 9;
    std::mt19937 random(5);
    std::normal_distribution<float> normal;
    std::vector<float> gate(kNeurons * kWidth), up = gate, down = gate;
    for (auto* matrix : {&gate, &up, &down})
        for (float& value : *matrix)
            value = normal(random);
    std::vector<std::int32_t> place(kNeurons); // of the other's neuron i in the reference
    std::iota(place.begin(), place.end(), 0);
    std::shuffle(place.begin(), place.end(), random);
    std::vector<float> gate2 = gate, up2 = up, down2 = down;
    for (std::size_t i = 0; i < kNeurons; ++i) {
        const auto from = static_cast<std::size_t>(place[i]);
        for (std::size_t c = 0; c < kWidth; ++c) {
            gate2[i * kWidth + c] = gate[from * kWidth + c];
            up2[i * kWidth + c] = up[from * kWidth + c];
            down2[c * kNeurons + i] = down[c * kNeurons + from];
        }
    }
    const NeuronFeatures reference{kNeurons, {}, sketchNeurons(gate, up, down, kNeurons, 16)};
    const NeuronFeatures other{kNeurons, {}, sketchNeurons(gate2, up2, down2, kNeurons, 16)};
    const auto order = alignNeurons(reference, other);
    for (std::size_t i = 0; i < kNeurons; ++i)
        QCOMPARE(place[static_cast<std::size_t>(order[i])], static_cast<std::int32_t>(i));
    // Dead neurons, all alike, take any place and hurt nobody
    const NeuronFeatures dead{3, {}, std::vector<float>(3 * 4, 0.0F)};
    QCOMPARE(alignNeurons(dead, dead).size(), 3U);
}

void TestMerge::predictionIsTheError()
{
    const Layer layer = randomLayer(6, 9);
    const LayerEvidence evidence = evidenceOf(layer);
    const std::vector<ExpertGroup> groups{
        {0, {0, 3, 4}, {0.5, 0.2, 0.3}, {1, 0, 0}, {}}, {1, {1, 2}, {0.9, 0.1}, {1, 0}, {}}, {5, {5}, {1}, {1}, {}}};
    double lost = 0, whole = 0;
    for (std::size_t t = 0; t < layer.gates.size(); ++t) {
        std::vector<double> y(kHidden, 0.0), merged(kHidden, 0.0);
        for (std::size_t c = 0; c < kHidden; ++c)
            for (std::size_t e = 0; e < 6; ++e)
                y[c] += layer.gates[t][e] * layer.outputs[t][e][c];
        for (const auto& group : groups)
            for (std::size_t c = 0; c < kHidden; ++c) {
                double gates = 0, output = 0;
                for (std::size_t m = 0; m < group.members.size(); ++m) {
                    gates += layer.gates[t][static_cast<std::size_t>(group.members[m])];
                    output += group.weights[m] * layer.outputs[t][static_cast<std::size_t>(group.members[m])][c];
                }
                merged[c] += gates * output;
            }
        for (std::size_t c = 0; c < kHidden; ++c) {
            lost += (y[c] - merged[c]) * (y[c] - merged[c]);
            whole += y[c] * y[c];
        }
    }
    QVERIFY(std::abs(predictedError(evidence, groups) - lost / whole) < 1e-5 * lost / whole);
    QVERIFY(lost > 0);
    LayerEvidence without = evidence;
    without.bank = 0;
    QVERIFY(predictedError(without, groups) < 0);
}

void TestMerge::everyMethodPartitions_data()
{
    methodRows();
}

void TestMerge::everyMethodPartitions()
{
    QFETCH(int, method);
    const LayerEvidence evidence = evidenceOf(randomLayer(9, 21));
    for (std::size_t keep = 1; keep <= 9; ++keep) {
        LayerMerge merge;
        merge.groups = groupExperts(methodAt(method), evidence, keep);
        QCOMPARE(merge.groups.size(), keep);
        const auto checked = checkMerge(merge, 9, 4, "test");
        QVERIFY2(checked.ok(), checked.ok() ? "" : checked.error().text().c_str());
        for (const auto& group : merge.groups)
            for (const double share : group.weights)
                QVERIFY(share >= 0);
        if (keep == 9) { // one group per expert changes nothing
            for (std::size_t e = 0; e < 9; ++e)
                QCOMPARE(merge.groups[e].members, std::vector<std::int32_t>{static_cast<std::int32_t>(e)});
            QCOMPARE(predictedError(evidence, merge.groups), 0.0);
        }
    }
}

void TestMerge::renamedExpertsGiveRenamedGroups_data()
{
    methodRows();
}

void TestMerge::renamedExpertsGiveRenamedGroups()
{
    QFETCH(int, method);
    const std::vector<std::size_t> old{4, 0, 7, 2, 6, 1, 5, 3};
    const Layer layer = randomLayer(8, 33);
    LayerEvidence evidence = evidenceOf(layer), other = evidenceOf(renamed(layer, old));
    for (std::size_t e = 0; e < old.size(); ++e) { // no two are used alike: ties go by number, which names decide
        evidence.chosen[e] += 0.01 * static_cast<double>(e);
        other.chosen[e] += 0.01 * static_cast<double>(old[e]);
    }
    for (const std::size_t keep : {3U, 5U}) {
        auto sets = setsOf(groupExperts(methodAt(method), other, keep));
        for (auto& members : sets) {
            for (auto& member : members)
                member = static_cast<std::int32_t>(old[static_cast<std::size_t>(member)]);
            std::sort(members.begin(), members.end());
        }
        std::sort(sets.begin(), sets.end());
        QCOMPARE(sets, setsOf(groupExperts(methodAt(method), evidence, keep)));
    }
}

void TestMerge::equalExpertsGoTogether_data()
{
    methodRows(false);
}

void TestMerge::equalExpertsGoTogether()
{
    QFETCH(int, method);
    // Experts 1 and 4, and 2 and 5, are one each
    const LayerEvidence evidence = evidenceOf(randomLayer(6, 8, {0, 1, 2, 3, 1, 2}));
    const auto groups = groupExperts(methodAt(method), evidence, 4);
    QCOMPARE(setsOf(groups), (std::vector<std::vector<std::int32_t>>{{0}, {1, 4}, {2, 5}, {3}}));
    QVERIFY(std::abs(predictedError(evidence, groups)) < 1e-6);
}

void TestMerge::routerGroupsKeepEquallyMany()
{
    const LayerEvidence evidence = evidenceOf(randomLayer(12, 2));
    for (const MergeMethod& method : mergeMethods()) {
        LayerMerge merge;
        merge.groups = groupExperts(method, evidence, 6, 3);
        QVERIFY(checkMerge(merge, 12, 4, "test").ok());
        std::vector<int> kept(3, 0);
        for (const auto& group : merge.groups) {
            ++kept[static_cast<std::size_t>(group.kept / 4)];
            for (const auto member : group.members)
                QCOMPARE(member / 4, group.kept / 4);
        }
        QCOMPARE(kept, (std::vector<int>{2, 2, 2}));
    }
}

void TestMerge::unusedExpertsAndOverflow()
{
    LayerEvidence evidence = evidenceOf(randomLayer(6, 14));
    std::fill(evidence.chosen.begin(), evidence.chosen.end(), 0.0);
    std::fill(evidence.saliency.begin(), evidence.saliency.end(), 0.0);
    std::fill(evidence.bankGates.begin(), evidence.bankGates.end(), 0.0F);
    evidence.cka[1] = evidence.cka[6] = std::numeric_limits<double>::quiet_NaN();
    evidence.outputGram[3] = std::numeric_limits<float>::infinity();
    for (const MergeMethod& method : mergeMethods()) {
        LayerMerge merge;
        merge.groups = groupExperts(method, evidence, 3);
        QVERIFY2(checkMerge(merge, 6, 4, "test").ok(), std::string(method.id).c_str());
        QCOMPARE(predictedError(evidence, merge.groups), 0.0); // nothing was routed, nothing is lost
    }
}

void TestMerge::leastErrorSharesAreBest()
{
    const LayerEvidence evidence = evidenceOf(randomLayer(5, 77));
    auto groups = groupByError(evidence, 4);
    const auto pair = std::find_if(groups.begin(), groups.end(), [](const auto& g) { return g.members.size() == 2; });
    QVERIFY(pair != groups.end());
    const double best = predictedError(evidence, groups);
    double least = 1e300;
    for (int step = 0; step <= 200; ++step) { // shares tried one by one
        pair->weights = {step / 200.0, 1 - step / 200.0};
        least = std::min(least, predictedError(evidence, groups));
    }
    QVERIFY(best <= least * 1.001);
    // And no other pair would have lost less with its best shares
    for (std::int32_t i = 0; i < 5; ++i)
        for (std::int32_t j = i + 1; j < 5; ++j) {
            std::vector<ExpertGroup> other;
            for (std::int32_t e = 0; e < 5; ++e)
                if (e != i && e != j)
                    other.push_back({e, {e}, {1}, {1}, {}});
            other.push_back({i, {i, j}, {0.5, 0.5}, {0.5, 0.5}, {}});
            double lowest = 1e300;
            for (int step = 0; step <= 200; ++step) {
                other.back().weights = {step / 200.0, 1 - step / 200.0};
                lowest = std::min(lowest, predictedError(evidence, other));
            }
            QVERIFY(lowest >= best * 0.999);
        }
}

void TestMerge::reamTakesSixteen()
{
    const LayerEvidence evidence = evidenceOf(randomLayer(20, 4));
    const auto groups = groupReam(evidence, 4);
    const auto best = ranked(evidence.saliency);
    for (const auto& group : groups) {
        const std::size_t size = group.kept == best[0] ? 16 : group.kept == best[1] ? 2 : 1;
        QCOMPARE(group.members.size(), size);
        for (std::size_t m = 0; m < group.members.size(); ++m)
            QCOMPARE(group.rows[m], group.members[m] == group.kept ? 1.0 : 0.0);
    }
}

void TestMerge::fittedRowsChooseLikeTheGroup()
{
    const LayerEvidence evidence = evidenceOf(randomLayer(6, 12));
    const std::vector<std::int32_t> members{1, 2, 5};
    const auto loss = [&](const std::vector<double>& rows) {
        double sum = 0;
        for (std::size_t t = 0; t < static_cast<std::size_t>(kBank); ++t) {
            double z = 0, own = 0, all = 0;
            for (std::size_t e = 0; e < 6; ++e)
                all += std::exp(static_cast<double>(evidence.bankLogits[t * 6 + e]));
            for (std::size_t m = 0; m < members.size(); ++m) {
                const double logit = evidence.bankLogits[t * 6 + static_cast<std::size_t>(members[m])];
                z += rows[m] * logit;
                own += std::exp(logit);
            }
            sum += own / all * (z - std::log(own)) * (z - std::log(own));
        }
        return sum;
    };
    const auto rows = fittedRows(evidence, members);
    const double fitted = loss(rows);
    QVERIFY(fitted < loss({1 / 3.0, 1 / 3.0, 1 / 3.0}));
    for (std::size_t m = 0; m < 3; ++m)
        for (const double step : {-0.2, 0.2}) { // the pull to equal shares moves the minimum a little
            auto other = rows;
            other[m] += step;
            QVERIFY(loss(other) > fitted);
        }
    // Rows that are one: any sum of shares is the same row, and the pull makes them equal
    const LayerEvidence twice = evidenceOf(randomLayer(6, 8, {0, 1, 2, 3, 1, 2}));
    const auto same = fittedRows(twice, {1, 4});
    QVERIFY(std::abs(same[0] - same[1]) < 1e-9);
    LayerEvidence none = evidence;
    none.bank = 0;
    QCOMPARE(fittedRows(none, {0, 1}), (std::vector<double>{0.5, 0.5}));
}

void TestMerge::mappedRouterIsJudgedByItsDefinition_data()
{
    QTest::addColumn<bool>("softmax");
    QTest::newRow("softmax") << true;
    QTest::newRow("sigmoid") << false;
}

void TestMerge::mappedRouterIsJudgedByItsDefinition()
{
    QFETCH(const bool, softmax);
    constexpr std::size_t kExperts = 6, kKept = 3;
    const LayerEvidence evidence = evidenceOf(randomLayer(kExperts, 21));
    const std::vector<std::int32_t> keep{0, 2, 5};
    auto mixing = ExpertMixing::selection(keep, kExperts);
    std::mt19937 random(3);
    std::normal_distribution<float> small(0, 0.05F);
    for (float& value : mixing.router)
        value += small(random);
    RouterRule rule{softmax, 2, {}};
    if (!softmax)
        rule.bias = {0.1F, 9, -0.1F, 9, 9, 0.05F}; // of those that are not kept they do not matter
    QVERIFY(!mapsExactly(mixing, softmax));
    LayerMerge layer = layerOfSums(LayerIndex(3), mixing, keep);
    fitRows(layer, evidence, mixing, rule);
    QVERIFY(layer.fit && checkMerge(layer, kExperts, 4, "f").ok());

    // The two choices of every second token, from the formulas
    const auto choice = [&](const std::vector<double>& scores) {
        std::vector<double> shares(kKept, 0.0);
        double sum = 0;
        for (std::size_t j = 0; j < kKept; ++j) {
            std::size_t better = 0;
            const auto key = [&](std::size_t i) {
                return scores[i] + (softmax ? 0.0 : rule.bias[static_cast<std::size_t>(keep[i])]);
            };
            for (std::size_t other = 0; other < kKept; ++other)
                better += key(other) > key(j) ? 1 : 0;
            shares[j] = better < 2 ? scores[j] : 0;
            sum += shares[j];
        }
        for (double& share : shares)
            share /= sum;
        return shares;
    };
    double same = 0, moved = 0, fitted = 0, named = 0, tokens = 0;
    for (std::size_t t = 1; t < static_cast<std::size_t>(evidence.bank); t += 2, ++tokens) {
        const float* z = evidence.bankLogits.data() + t * kExperts;
        double all = 0;
        for (std::size_t i = 0; i < kExperts; ++i)
            all += std::exp(static_cast<double>(z[i]));
        std::vector<double> mapped(kKept, 0.0), found(kKept, 0.0);
        for (std::size_t j = 0; j < kKept; ++j) {
            for (std::size_t i = 0; i < kExperts; ++i)
                mapped[j] += mixing.routerRow(j)[i] * (softmax ? std::exp(static_cast<double>(z[i])) / all
                                                               : 1 / (1 + std::exp(-static_cast<double>(z[i]))));
            mapped[j] = std::max(0.0, mapped[j]);
            double logit = 0;
            for (std::size_t m = 0; m < layer.groups[j].members.size(); ++m)
                logit += layer.groups[j].rows[m] * z[layer.groups[j].members[m]];
            found[j] = softmax ? std::exp(logit) : 1 / (1 + std::exp(-logit));
        }
        const auto a = choice(mapped), b = choice(found);
        bool equal = true;
        for (std::size_t j = 0; j < kKept; ++j) {
            equal = equal && (a[j] > 0) == (b[j] > 0);
            moved += std::abs(a[j] - b[j]) / 2;
        }
        same += equal ? 1 : 0;
        std::vector<double> own;
        for (const auto id : keep)
            own.push_back(softmax ? std::exp(static_cast<double>(z[id]))
                                  : 1 / (1 + std::exp(-static_cast<double>(z[id]))));
        const auto c = choice(own);
        for (std::size_t j = 0; j < kKept; ++j) {
            fitted += std::abs(a[j] - b[j]);
            named += std::abs(a[j] - c[j]);
        }
    }
    QCOMPARE(static_cast<double>(layer.fit->tokens), tokens);
    QVERIFY(std::abs(layer.fit->sameChoice - same / tokens) < 1e-9);
    QVERIFY(std::abs(layer.fit->movedGate - moved / tokens) < 1e-6);
    QVERIFY(fitted <= named + 1e-9); // else the rows of the named experts would have stayed
    QVERIFY(layer.fit->logitError > 0);
}

void TestMerge::mappingsThatRowsSay()
{
    const LayerEvidence evidence = evidenceOf(randomLayer(6, 5));
    const std::vector<std::int32_t> keep{1, 4};
    auto mixing = ExpertMixing::selection(keep, 6);
    std::swap(mixing.router[1], mixing.router[3]); // place 0 is chosen as expert 3 was
    QVERIFY(mapsExactly(mixing, true) && mapsExactly(mixing, false));
    LayerMerge layer = layerOfSums(LayerIndex(0), mixing, keep);
    QCOMPARE(layer.groups[0].members, (std::vector<std::int32_t>{1, 3}));
    QCOMPARE(layer.groups[0].weights, (std::vector<double>{1, 0}));
    QCOMPARE(layer.groups[0].rows, (std::vector<double>{0, 1}));
    for (float& value : mixing.router)
        value *= 0.75F; // a common factor leaves a softmax as it is, and moves sigmoids
    QVERIFY(mapsExactly(mixing, true) && !mapsExactly(mixing, false));
    mixing.router[3] = 0.5F;
    QVERIFY(!mapsExactly(mixing, true));
    // What rows say exactly is what the fit finds
    mixing.router[3] = 0.75F;
    fitRows(layer, evidence, mixing, {true, 1, {}});
    QCOMPARE(layer.fit->sameChoice, 1.0);
    QVERIFY(layer.fit->movedGate < 1e-9);
    for (const float wrong : {-0.75F, 0.0F}) {
        mixing.router[3] = wrong;
        QVERIFY(!mapsExactly(mixing, true));
        LayerMerge other = layerOfSums(LayerIndex(0), mixing, keep);
        fitRows(other, evidence, mixing, {true, 1, {}}); // nothing ever maps to place 0
        QVERIFY(std::isfinite(other.fit->logitError) && std::isfinite(other.fit->movedGate));
    }
    const MergeMap map{"eep", {layer, layerOfSums(LayerIndex(2), ExpertMixing::selection(keep, 6), keep)}};
    const auto read = mergeMapFromJson(toJson(map), "test");
    QVERIFY(read.ok());
    QVERIFY(*read == map);
    for (const char* text : {"{\"layers\": [{\"layer\": 0, \"groups\": [], \"router\": 1}]}",
                             "{\"layers\": [{\"layer\": 0, \"groups\": [], \"router\": {\"mapping\": \"fitted\"}}]}"})
        QVERIFY(!mergeMapFromJson(base::OrderedJson::parse(text), "f").ok());
    const auto refused = [&](auto&& change) {
        LayerMerge merge = layer;
        change(merge);
        return !checkMerge(merge, 6, 4, "f").ok();
    };
    QVERIFY(!refused([](LayerMerge&) {}));
    QVERIFY(refused([](LayerMerge& m) { m.groups[0].members = {1, 6}; }));
    QVERIFY(refused([](LayerMerge& m) { m.groups[0].members = {-1, 1}; }));
    QVERIFY(refused([](LayerMerge& m) { m.groups[0].members = {1, 1}; }));
    QVERIFY(refused([](LayerMerge& m) { m.groups[0].weights[0] = std::nan(""); }));
}

void TestMerge::constantsByVariance()
{
    Layer layer = randomLayer(5, 6);
    for (auto& token : layer.outputs)
        token[2] = {1, 2, 3, 4, 5, 6, 7}; // a constant already
    const LayerEvidence evidence = evidenceOf(layer);
    const auto result = constantExperts(evidence, 4);
    QCOMPARE(result.replaced, std::vector<std::int32_t>{2});
    for (std::size_t c = 0; c < kHidden; ++c)
        QVERIFY(std::abs(result.constants[c] - static_cast<float>(c + 1)) < 1e-5F);
    // The definition: deviation of each channel over the expert's tokens
    double variance = 0, gates = 0;
    for (std::size_t c = 0; c < kHidden; ++c) {
        std::vector<double> values;
        for (std::size_t t = 0; t < layer.gates.size(); ++t)
            if (layer.gates[t][1] > 0)
                values.push_back(layer.outputs[t][1][c]);
        const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
        for (const double value : values)
            variance += (value - mean) * (value - mean) / static_cast<double>(values.size());
    }
    for (const auto& token : layer.gates)
        gates += token[1] / static_cast<double>(layer.gates.size());
    QVERIFY(std::abs(result.score[1] - std::sqrt(variance) * gates) < 1e-5);
    // What replacing two changes, token by token
    const auto two = constantExperts(evidence, 3).replaced;
    double lost = 0, whole = 0;
    for (std::size_t t = 0; t < layer.gates.size(); ++t)
        for (std::size_t c = 0; c < kHidden; ++c) {
            double y = 0, change = 0;
            for (std::size_t e = 0; e < 5; ++e)
                y += layer.gates[t][e] * layer.outputs[t][e][c];
            for (const auto e : two)
                change += layer.gates[t][static_cast<std::size_t>(e)] *
                          (layer.outputs[t][static_cast<std::size_t>(e)][c] -
                           evidence.routedMean[static_cast<std::size_t>(e) * kHidden + c]);
            lost += change * change;
            whole += y * y;
        }
    QVERIFY(lost > 0);
    QVERIFY(std::abs(constantError(evidence, two) - lost / whole) < 1e-4 * lost / whole);
}

void TestMerge::mapsSurviveJson()
{
    MergeMap map{"ream", {}};
    map.layers.push_back({LayerIndex(1), groupReam(evidenceOf(randomLayer(6, 4)), 4), 0.25});
    for (auto& group : map.layers[0].groups)
        if (group.members.size() > 1)
            group.order = std::vector<std::vector<std::int32_t>>(group.members.size(), {1, 0, 2});
    const auto read = mergeMapFromJson(toJson(map), "test");
    QVERIFY(read.ok());
    QVERIFY(*read == map);
}

void TestMerge::wrongMapsAreRefused()
{
    const LayerMerge good{LayerIndex(0), {{0, {0, 2}, {0.5, 0.5}, {1, 0}, {}}, {1, {1}, {1}, {1}, {}}}, -1};
    QVERIFY(checkMerge(good, 3, 4, "f").ok());
    const auto refused = [&](auto&& change) {
        LayerMerge merge = good;
        change(merge);
        const auto checked = checkMerge(merge, 3, 4, "f");
        return !checked.ok() && checked.error().code == ErrorCode::BadInput;
    };
    QVERIFY(refused([](LayerMerge& m) { m.groups.pop_back(); }));
    QVERIFY(refused([](LayerMerge& m) { m.groups[1].members = {2}; }));
    QVERIFY(refused([](LayerMerge& m) { m.groups[0].weights = {0.5, 0.4}; }));
    QVERIFY(refused([](LayerMerge& m) { m.groups[0].rows = {1}; }));
    QVERIFY(refused([](LayerMerge& m) { m.groups[0].weights[0] = std::nan(""); }));
    QVERIFY(refused([](LayerMerge& m) { m.groups[0].order = {{0, 1, 2, 3}, {0, 0, 2, 3}}; }));
    QVERIFY(refused([](LayerMerge& m) { std::swap(m.groups[0], m.groups[1]); }));
    for (const char* text : {"{}", "[]", "{\"layers\": [{}]}", "{\"layers\": [{\"layer\": 0, \"groups\": [{}]}]}"})
        QVERIFY(!mergeMapFromJson(base::OrderedJson::parse(text), "f").ok());
}

QTEST_APPLESS_MAIN(TestMerge)
#include "tst_merge.moc"
