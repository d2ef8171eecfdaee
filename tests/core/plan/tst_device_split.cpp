// SPDX-License-Identifier: Apache-2.0
// Layers over devices in order: nothing is lost or counted twice, and the split is the best of all that there are.
#include "core/plan/device_split.h"
#include "tests/core/plan/plan_support.h"
#include "tests/support/tiny_checkpoint.h"

#include <QTemporaryDir>
#include <algorithm>
#include <functional>
#include <numeric>
#include <random>

using namespace espalier;
using namespace espalier::plan;
using namespace espalier::test;

namespace {

model::ModelSummary tinySummary(bool tied)
{
    TinyOptions options;
    options.layers = 5;
    options.tied = tied;
    options.mlpOnlyLayers = {1};
    const QTemporaryDir folder;
    writeTinyCheckpoint(folder.path().toStdString(), options);
    auto opened = model::openModel(folder.path().toStdString());
    if (!opened)
        qFatal("%s", opened.error().text().c_str());
    return opened->summary;
}

std::vector<PlanLayer> randomCut(const model::ModelSummary& model, std::uint32_t seed)
{
    std::mt19937 random(seed);
    auto layers = Plan::keepAll(model).layers;
    for (auto& layer : layers)
        std::erase_if(layer.keep, [&](std::int32_t id) { return id > 1 && random() % 2 == 0; });
    return layers;
}

/// The fullest device of a split into these numbers of layers, from what one device per layer would hold.
double fullest(const model::ModelSummary& model, const std::vector<PlanLayer>& layers, const Deployment& deployment,
               const std::vector<Device>& devices, const std::vector<std::int32_t>& counts)
{
    const auto logits = logitsBytes(model, deployment);
    const auto activations = workspaceBytes(model, deployment) - logits;
    double most = 0;
    std::int32_t next = 0;
    for (std::size_t d = 0; d < devices.size(); ++d) {
        std::uint64_t need = counts[d] > 0 ? activations : 0;
        if (d == 0)
            need += model.stages.embedding;
        if (d + 1 == devices.size())
            need += (model.stages.head > 0 ? model.stages.head : model.stages.embedding) + model.stages.other + logits;
        for (; next < std::accumulate(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(d) + 1, 0); ++next) {
            const auto& facts = model.stages.layers[static_cast<std::size_t>(next)];
            need += facts.attention + facts.sharedExperts + facts.router + facts.other +
                    kvCacheBytes(facts.cache, model.slidingWindow, deployment);
            for (const auto& layer : layers)
                if (layer.layer.value() == next) {
                    const auto& moe = model.moeLayers[static_cast<std::size_t>(model.moePosition(layer.layer))];
                    need -= (static_cast<std::size_t>(moe.experts) - layer.keep.size()) * moe.routerBytesPerExpert;
                    for (const auto id : layer.keep)
                        need += moe.expertBytes[static_cast<std::size_t>(id)];
                }
        }
        most = std::max(most, static_cast<double>(need) / static_cast<double>(devices[d].bytes));
    }
    return most;
}

double bestOfAll(const model::ModelSummary& model, const std::vector<PlanLayer>& layers, const Deployment& deployment,
                 const std::vector<Device>& devices)
{
    double best = 1e300;
    std::vector<std::int32_t> counts(devices.size());
    const std::function<void(std::size_t, std::int32_t)> choose = [&](std::size_t d, std::int32_t left) {
        if (d + 1 == devices.size()) {
            counts[d] = left;
            best = std::min(best, fullest(model, layers, deployment, devices, counts));
            return;
        }
        for (counts[d] = 0; counts[d] <= left; ++counts[d])
            choose(d + 1, left - counts[d]);
    };
    choose(0, model.layers);
    return best;
}

} // namespace

class TestDeviceSplit : public QObject {
    Q_OBJECT
private slots:
    void partsAddUp_data()
    {
        QTest::addColumn<bool>("tied");
        QTest::addColumn<bool>("known");
        QTest::newRow("head of its own") << false << true;
        QTest::newRow("tied") << true << true;
        QTest::newRow("study without stages") << false << false;
    }
    void partsAddUp()
    {
        QFETCH(const bool, tied);
        QFETCH(const bool, known);
        auto model = tinySummary(tied);
        if (!known)
            model.stages = {};
        const Deployment deployment{128, 2, 2};
        for (std::uint32_t round = 0; round < 8; ++round) {
            const auto layers = randomCut(model, round);
            const auto whole = predictBytes(model, layers);
            for (std::size_t count = 1; count <= 4; ++count) {
                const std::vector<Device> devices(count, Device{"d", 90'000 + 7'000 * round});
                const auto split = splitOverDevices(model, layers, deployment, devices);
                QCOMPARE(split.assumed, !known);
                QCOMPARE(split.loads.size(), count);
                model::BytesByPart sum;
                std::uint64_t cache = 0, workspace = 0;
                std::int32_t next = 0;
                for (const auto& load : split.loads) {
                    QCOMPARE(load.firstLayer, next);
                    next += load.layers;
                    sum.routedExperts += load.bytes.routedExperts;
                    sum.sharedExperts += load.bytes.sharedExperts;
                    sum.router += load.bytes.router;
                    sum.attention += load.bytes.attention;
                    sum.embedding += load.bytes.embedding;
                    sum.other += load.bytes.other;
                    QCOMPARE(load.memory.weights, load.bytes.total());
                    cache += load.memory.kvCache;
                    workspace = std::max(workspace, load.memory.workspace);
                }
                QCOMPARE(next, model.layers);
                QCOMPARE(split.copied, known && tied && count > 1 ? model.bytes.embedding : 0);
                sum.embedding -= split.copied;
                QCOMPARE(sum.toJson().dump(), whole.toJson().dump());
                QCOMPARE(cache, kvCacheBytes(model, deployment));
                if (count == 1) // as without a list
                    QCOMPARE(split.loads.front().memory.total(), predictMemory(model, whole, deployment).total());
                else
                    QVERIFY(workspace <= workspaceBytes(model, deployment));
            }
        }
    }

    void noOtherSplitIsEmptier()
    {
        for (const bool tied : {false, true}) {
            const auto model = tinySummary(tied);
            const Deployment deployment{64, 1, 2};
            const auto whole = predictMemory(model, model.bytes, deployment).total();
            std::mt19937 random(3);
            for (std::uint32_t round = 0; round < 30; ++round) {
                const auto layers = randomCut(model, round);
                std::vector<Device> devices(2 + random() % 3);
                for (auto& device : devices)
                    device.bytes = whole / devices.size() / 2 + random() % whole;
                const auto split = splitOverDevices(model, layers, deployment, devices);
                double most = 0;
                for (std::size_t d = 0; d < devices.size(); ++d)
                    most = std::max(most, static_cast<double>(split.loads[d].memory.total()) /
                                              static_cast<double>(devices[d].bytes));
                const double best = bestOfAll(model, layers, deployment, devices);
                QVERIFY2(std::abs(most - best) <= 1e-9 * best, qPrintable(QString::number(most / best, 'g', 12)));
                QCOMPARE(split.fits(), best <= 1);
                if (split.tooFull) {
                    QVERIFY(split.loads[*split.tooFull].memory.total() > devices[*split.tooFull].bytes);
                    for (std::size_t d = 0; d < *split.tooFull; ++d)
                        QVERIFY(split.loads[d].memory.total() <= devices[d].bytes);
                }
            }
        }
    }

    void largestCount()
    {
        const auto model = tinySummary(false);
        const Deployment deployment{64, 1, 2};
        const auto needAt = [&](std::int32_t count) {
            auto layers = Plan::keepAll(model).layers;
            for (auto& layer : layers)
                layer.keep.resize(static_cast<std::size_t>(count));
            return layers;
        };
        const auto whole = predictMemory(model, model.bytes, deployment).total();
        int inside = 0;
        for (std::uint64_t part = 20; part <= 100; part += 5) {
            const std::vector<Device> devices{{"a", whole * part / 200}, {"b", whole * part / 150}};
            const auto count = largestCountThatFits(model, devices, deployment);
            if (!count) {
                QVERIFY(!splitOverDevices(model, needAt(legalCount(model, 1)), deployment, devices).fits());
                continue;
            }
            QVERIFY(splitOverDevices(model, needAt(*count), deployment, devices).fits());
            if (*count < model.experts) {
                ++inside;
                QVERIFY(!splitOverDevices(model, needAt(*count + 1), deployment, devices).fits());
            }
        }
        QVERIFY(inside > 0);
    }

    void listsOfDevices()
    {
        const auto bytes = [](std::string_view text) {
            std::vector<std::uint64_t> out;
            if (const auto read = parseDevices(text))
                for (const auto& device : *read)
                    out.push_back(device.bytes);
            return out;
        };
        using Bytes = std::vector<std::uint64_t>;
        QCOMPARE(bytes("24GB,16GiB"), (Bytes{24'000'000'000, 17'179'869'184}));
        QCOMPARE(bytes("2x24GB"), (Bytes{24'000'000'000, 24'000'000'000}));
        QCOMPARE(bytes("1000"), Bytes{1000});
        for (const char* wrong : {"", "24GB,", "many", "0x24GB", "x24GB", "2.5x24GB", "-1x24GB", "0", "65x1GB",
                                  "60x1GB,5x1GB", "18446744073709551615x1GB"}) {
            const auto read = parseDevices(wrong);
            QVERIFY2(!read.ok() && read.error().code == ErrorCode::Usage, wrong);
        }
    }

    void namesLayersForTheEngine()
    {
        const auto model = tinySummary(false);
        const auto whole = model.bytes.total();
        const auto split = splitOverDevices(model, Plan::keepAll(model).layers, {64, 1, 2},
                                            std::vector<Device>{{"a", whole}, {"b", whole}});
        int sum = 0;
        for (const auto& part : QString::fromStdString(split.layerList()).split(QLatin1Char(',')))
            sum += part.toInt();
        QCOMPARE(sum, model.layers);
    }
};

QTEST_GUILESS_MAIN(TestDeviceSplit)
#include "tst_device_split.moc"
