// SPDX-License-Identifier: Apache-2.0
// Balanced assignment against brute force, and what a split of neurons must keep.
#include "core/method/carve/balanced_assignment.h"
#include "core/method/carve/neuron_split.h"

#include <QTest>
#include <algorithm>
#include <random>

using namespace espalier;
using namespace espalier::method;

class TestCarve : public QObject {
    Q_OBJECT
private slots:
    void assignmentEqualsBruteForce();
    void assignmentBreaksTies();
    void assignmentRefuses();
    void splitKeepsEveryNeuron_data();
    void splitKeepsEveryNeuron();
    void splitFindsPlantedGroups();
    void shapesThatDoNotDivide();
};

namespace {

/// The least cost over all ways to give every cluster as many points, tried one by one.
double leastCost(const std::vector<float>& costs, std::size_t points, std::size_t clusters)
{
    std::vector<std::size_t> ways;
    for (std::size_t i = 0; i < points; ++i)
        ways.push_back(i * clusters / points);
    double least = 1e300;
    do {
        double cost = 0;
        for (std::size_t i = 0; i < points; ++i)
            cost += costs[i * clusters + ways[i]];
        least = std::min(least, cost);
    } while (std::next_permutation(ways.begin(), ways.end()));
    return least;
}

} // namespace

void TestCarve::assignmentEqualsBruteForce()
{
    std::mt19937 random(7);
    for (int round = 0; round < 60; ++round) {
        const std::size_t clusters = 2 + random() % 3;
        const std::size_t points = clusters * (clusters == 4 ? 2 : 1 + random() % 3);
        std::vector<float> costs(points * clusters);
        for (float& cost : costs) // integers every other time: ties
            cost = round % 2 == 0 ? static_cast<float>(random() % 5) : static_cast<float>(random()) / 4e9F - 0.5F;
        const auto found =
            assignBalanced(costs, static_cast<std::int64_t>(points), static_cast<std::int64_t>(clusters));
        QVERIFY(found.ok());
        for (std::size_t c = 0; c < clusters; ++c)
            QCOMPARE(std::count(found->clusterOf.begin(), found->clusterOf.end(), static_cast<std::int32_t>(c)),
                     static_cast<std::ptrdiff_t>(points / clusters));
        QVERIFY2(std::abs(found->cost - leastCost(costs, points, clusters)) < 1e-6, qPrintable(QString::number(round)));
    }
}

void TestCarve::assignmentBreaksTies()
{
    const std::vector<float> same(12 * 3, 1.0F);
    const auto found = assignBalanced(same, 12, 3);
    QVERIFY(found.ok());
    QCOMPARE(found->clusterOf, (std::vector<std::int32_t>{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2}));
}

void TestCarve::assignmentRefuses()
{
    const std::vector<float> costs(10, 0.0F);
    QVERIFY(assignBalanced(costs, 5, 2).error().code == ErrorCode::Usage);
    std::vector<float> odd(8, 0.0F);
    odd[3] = std::numeric_limits<float>::quiet_NaN();
    QVERIFY(assignBalanced(odd, 4, 2).error().code == ErrorCode::BadInput);
}

void TestCarve::splitKeepsEveryNeuron_data()
{
    QTest::addColumn<int>("clustering");
    QTest::addColumn<int>("shared");
    QTest::addColumn<int>("active");
    for (const int clustering : {0, 1, 2})
        for (const int shared : {0, 1, 4})
            for (const int active : {0, 2})
                if (shared + active > 0)
                    QTest::addRow("%d S%dA%d", clustering, shared, active) << clustering << shared << active;
}

void TestCarve::splitKeepsEveryNeuron()
{
    QFETCH(int, clustering);
    QFETCH(int, shared);
    QFETCH(int, active);
    constexpr int kWidth = 48, kSamples = 33;
    std::mt19937 random(3);
    std::vector<float> features(kWidth * kSamples);
    for (float& value : features)
        value = clustering == 1 ? static_cast<float>(random() % 2) : static_cast<float>(random()) / 4e9F;
    std::vector<double> importance(kWidth);
    for (double& value : importance)
        value = static_cast<double>(random() % 20);
    const SplitRequest request{{kWidth, shared, active, 8}, static_cast<Clustering>(clustering), 8, 5};
    const auto split = splitNeurons(request, features, kSamples, importance);
    QVERIFY(split.ok());
    QVERIFY(isPermutation(split->order, kWidth));
    const auto width = static_cast<std::ptrdiff_t>(request.shape.sharedWidth());
    double least = 1e300, most = 0;
    for (std::ptrdiff_t i = 0; i < kWidth; ++i) {
        const double value = importance[static_cast<std::size_t>(split->order[static_cast<std::size_t>(i)])];
        (i < width ? least : most) = i < width ? std::min(least, value) : std::max(most, value);
    }
    QVERIFY(width == 0 || least >= most); // no neuron outside is more important than a shared one
    QVERIFY(*split == *splitNeurons(request, features, kSamples, importance));
}

void TestCarve::splitFindsPlantedGroups()
{
    constexpr int kGroups = 4, kEach = 6, kSamples = 64;
    std::mt19937 random(11);
    std::vector<float> features(kGroups * kEach * kSamples);
    for (int neuron = 0; neuron < kGroups * kEach; ++neuron)
        for (int t = 0; t < kSamples; ++t) // a group is active on its own quarter of the tokens
            features[static_cast<std::size_t>(neuron * kSamples + t)] =
                (t % kGroups == neuron % kGroups ? 1.0F : 0.0F) + static_cast<float>(random() % 100) / 1000;
    std::vector<double> importance(kGroups * kEach, 1.0);
    const auto split = splitNeurons({{kGroups * kEach, 0, 1, kGroups}, Clustering::Contribution, 8, 1}, features,
                                    kSamples, importance);
    QVERIFY(split.ok());
    for (std::size_t i = 0; i < split->order.size(); ++i)
        QCOMPARE(split->order[i] % kGroups, split->order[i / kEach * kEach] % kGroups);
}

void TestCarve::shapesThatDoNotDivide()
{
    const auto refused = CarveShape{768, 3, 3, 7}.check();
    QVERIFY(!refused.ok());
    QVERIFY(refused.error().code == ErrorCode::Usage);
    QVERIFY(refused.error().remedy.find("8, 12, 16") != std::string::npos);
    QVERIFY(!(CarveShape{768, 5, 4, 8}.check().ok()));
    QVERIFY(!(CarveShape{768, 0, 0, 8}.check().ok()));
    QVERIFY(!(CarveShape{768, 7, 1, 8}.check().ok()));
    QVERIFY((CarveShape{768, 8, 0, 8}.check().ok()));
    QVERIFY((CarveShape{768, 3, 5, 8}.check().ok()));
}

QTEST_GUILESS_MAIN(TestCarve)
#include "tst_carve.moc"
