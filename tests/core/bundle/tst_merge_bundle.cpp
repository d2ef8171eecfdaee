// SPDX-License-Identifier: Apache-2.0
// Merged models on disk: equal experts merge without loss, the order of neurons is nobody's business in any layout,
// every number is the rounded mean, and transformers computes what this engine does from the smaller folder.
#include "core/bundle/merged_tensors.h"
#include "core/engine/merge_job.h"
#include "core/engine/mixture_job.h"
#include "core/method/merge/expert_matrices.h"
#include "core/method/merge/mapped_router.h"
#include "tests/core/bundle/bundle_support.h"

#include <QTemporaryDir>
#include <QTest>
#include <bit>
#include <numeric>

using namespace espalier;
namespace fs = std::filesystem;
using method::ExpertGroup;
using method::MergeMap;

class TestMergeBundle : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    [[nodiscard]] fs::path at(const std::string& name) const { return fs::path(m_dir.path().toStdString()) / name; }

    static std::vector<tokenizer::Window> windowsOf(const model::OpenModel& model)
    {
        std::vector<tokenizer::Window> windows;
        for (auto& text : test::randomTexts(model, std::vector<int>(12, 25), 3))
            windows.push_back({0, std::move(text)});
        return windows;
    }
    static std::vector<method::LayerEvidence> evidenceOf(const test::Machine& machine,
                                                         engine::EvidenceSettings settings)
    {
        std::vector<method::LayerEvidence> all;
        test::must(machine.engine->mergeEvidence(windowsOf(*machine.model), settings,
                                                 [&](method::LayerEvidence&& layer) -> Result<void> {
                                                     all.push_back(std::move(layer));
                                                     return {};
                                                 },
                                                 {}));
        return all;
    }
    static bundle::ExportReport write(const model::OpenModel& model, const MergeMap& map, const fs::path& out,
                                      std::int32_t topK = 0)
    {
        for (const auto& layer : map.layers)
            test::must(method::checkMerge(layer, model.spec.experts, model.spec.expertWidth, "map"));
        bundle::ExportRequest request;
        request.plan = bundle::mergedPlan(model, map);
        for (auto& layer : request.plan.layers)
            layer.topK = topK;
        request.merge = &map;
        request.out = out;
        request.shardBytes = 30'000; // some shards
        request.command = "espalier merge";
        return test::must(bundle::exportBundle(model, request, {}));
    }
    static void mustVerify(const fs::path& folder, const model::OpenModel& source)
    {
        const auto report = test::must(bundle::verifyBundleAgainst(folder, source, {.threads = 1}, {}));
        for (const auto& check : report.checks)
            QVERIFY2(check.ok, qPrintable(QString::fromStdString(check.name + ": " + check.detail)));
    }
    /// A tiny model, and the same with every expert there twice and twice as many chosen: what it computes is the same.
    void writeTwice(const fs::path& once, const fs::path& twice) const
    {
        test::TinyOptions options;
        options.mlpOnlyLayers = {1};
        test::writeTinyCheckpoint(once, options);
        auto config = test::tinyConfig(options);
        config["num_experts"] = 2 * options.experts;
        if (config.contains("num_local_experts"))
            config["num_local_experts"] = 2 * options.experts;
        config["num_experts_per_tok"] = 2 * options.topK;
        std::vector<test::RawTensor> tensors;
        for (auto tensor : test::tinyTensors(options)) {
            if (tensor.name.ends_with("mlp.gate.weight")) {
                const auto data = tensor.data;
                tensor.data.insert(tensor.data.end(), data.begin(), data.end());
                tensor.shape[0] *= 2;
            }
            tensors.push_back(tensor);
            if (const auto place = tensor.name.find(".experts."); place != std::string::npos) {
                const auto begin = place + 9, end = tensor.name.find('.', begin);
                const int expert = std::stoi(tensor.name.substr(begin, end - begin)) + options.experts;
                tensor.name = tensor.name.substr(0, begin) + std::to_string(expert) + tensor.name.substr(end);
                tensors.push_back(std::move(tensor));
            }
        }
        test::writeCheckpoint(twice, config, tensors);
    }
    /// Expert 2 i + 1 takes the place of expert 2 i; `shuffle` puts its neurons in another order on the way.
    static MergeMap substitution(const model::OpenModel& model, bool shuffle)
    {
        std::mt19937 random(5);
        MergeMap map{"by-hand", {}};
        for (const auto& facts : model.summary.moeLayers) {
            method::LayerMerge layer{facts.layer, {}, -1};
            for (std::int32_t e = 0; e < facts.experts; e += 2) {
                if (e + 1 == facts.experts) {
                    layer.groups.push_back({e, {e}, {1}, {1}, {}});
                    continue;
                }
                ExpertGroup group{e, {e, e + 1}, {0, 1}, {0.5, 0.5}, {}};
                if (shuffle) {
                    std::vector<std::int32_t> order(static_cast<std::size_t>(model.spec.expertWidth));
                    std::iota(order.begin(), order.end(), 0);
                    std::shuffle(order.begin(), order.end(), random);
                    group.order = {{}, order};
                }
                layer.groups.push_back(std::move(group));
            }
            map.layers.push_back(std::move(layer));
        }
        return map;
    }

    /// Every kept place a sum of some experts, of any sign; the router takes one expert for each place, not always its
    /// own, or, with `dense`, a few more.
    static plan::Plan mixture(const model::OpenModel& model, std::size_t keep, bool dense)
    {
        std::mt19937 random(9);
        std::normal_distribution<float> small(0, 0.1F);
        plan::Plan plan = plan::Plan::keepAll(model.summary);
        plan.name = "mixture";
        plan.method = "eep";
        plan.predicted = {};
        for (auto& layer : plan.layers) {
            layer.keep.erase(layer.keep.begin(), layer.keep.end() - static_cast<std::ptrdiff_t>(keep));
            auto mixing = method::ExpertMixing::selection(layer.keep, model.spec.experts);
            const auto experts = static_cast<std::size_t>(model.spec.experts);
            for (std::size_t i = experts; i < mixing.merge.size(); ++i) // the first place is a copy
                mixing.merge[i] += i % 3 == 0 ? 0 : small(random);
            std::swap(mixing.router[experts - keep], mixing.router[0]); // and is chosen by expert 0's row
            if (dense)
                for (float& value : mixing.router)
                    value += small(random) / 2;
            layer.mixing = std::make_shared<const method::ExpertMixing>(std::move(mixing));
        }
        return plan;
    }
    static bundle::ExportReport writeMixture(const model::OpenModel& model, const plan::Plan& plan, const MergeMap& map,
                                             const fs::path& out)
    {
        for (const auto& layer : map.layers)
            test::must(method::checkMerge(layer, model.spec.experts, model.spec.expertWidth, "map"));
        bundle::ExportRequest request;
        request.plan = plan;
        request.merge = &map;
        request.out = out;
        request.command = "espalier merge --plan";
        return test::must(bundle::exportBundle(model, request, {}));
    }

private slots:
    void equalExpertsMergeWithoutLoss();
    void alignedCopiesMergeWithoutLoss();
    void numbersAreRoundedMeans();
    void oneGroupPerExpertIsTheModel();
    void evidenceAddsUp();
    void streamedEqualsResident();
    void changedSharesAreFound();
    void whatCannotBeMerged();
    void sumsEqualTheirPreview();
    void fittedRoutersComeNearer();
    void transformersAgrees();
};

void TestMergeBundle::equalExpertsMergeWithoutLoss()
{
    writeTwice(at("once"), at("twice"));
    const auto once = test::openMachine(at("once")), twice = test::openMachine(at("twice"));
    const auto texts = test::randomTexts(*once.model, {1, 30, 60}, 4);
    const auto wanted = test::collectLogits(*once.engine, texts);
    for (const auto& method : method::mergeMethods()) {
        const std::string name(method.id);
        if (name == "m-smoe" || name == "ream")
            continue; // keep the most used or salient, equal or not
        auto needs = method.evidence;
        auto evidence = evidenceOf(twice, {needs, 64});
        MergeMap map{name, {}};
        model::WeightReader reader(*twice.model);
        for (auto& layer : evidence) {
            if (needs.weightCosine)
                layer.weightCosine = test::must(method::weightSurrogates(
                    reader, twice.model->spec, twice.model->spec.layers[layer.layer.index()], {}));
            map.layers.push_back({layer.layer, method::groupExperts(method, layer, 6), -1});
        }
        const auto report = write(*twice.model, map, at(name), 2);
        QVERIFY(report.bytes < twice.model->summary.bytes.total());
        QCOMPARE(report.bytes, report.predictedBytes);
        mustVerify(at(name), *twice.model);
        const auto merged = test::openMachine(at(name));
        QVERIFY(merged.model->summary.bytes == once.model->summary.bytes);
        QCOMPARE(merged.model->spec.router.topK, 2);
        const auto logits = test::collectLogits(*merged.engine, texts);
        for (std::size_t t = 0; t < texts.size(); ++t)
            QVERIFY2(test::largestDifference(logits[t], wanted[t]) <= 1e-6, name.c_str());
    }
}

void TestMergeBundle::alignedCopiesMergeWithoutLoss()
{
    // Expert 1 is expert 0 with its neurons in another order: the plain mean is another expert, the aligned one is not
    test::TinyOptions options;
    options.layers = 1;
    auto tensors = test::tinyTensors(options);
    std::vector<std::size_t> order(static_cast<std::size_t>(options.expertWidth));
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), std::mt19937(2));
    const auto find = [&](const std::string& name) -> test::RawTensor& {
        return *std::find_if(tensors.begin(), tensors.end(), [&](const auto& t) { return t.name.ends_with(name); });
    };
    const std::size_t h = static_cast<std::size_t>(options.hidden), width = order.size();
    for (const char* part : {"gate", "up"})
        for (std::size_t i = 0; i < width; ++i)
            std::copy_n(find(fmt::format("experts.0.{}_proj.weight", part)).data.begin() +
                            static_cast<std::ptrdiff_t>(4 * h * order[i]),
                        4 * h,
                        find(fmt::format("experts.1.{}_proj.weight", part)).data.begin() +
                            static_cast<std::ptrdiff_t>(4 * h * i));
    for (std::size_t r = 0; r < h; ++r)
        for (std::size_t i = 0; i < width; ++i)
            std::copy_n(
                find("experts.0.down_proj.weight").data.begin() +
                    static_cast<std::ptrdiff_t>(4 * (r * width + order[i])),
                4, find("experts.1.down_proj.weight").data.begin() + static_cast<std::ptrdiff_t>(4 * (r * width + i)));
    test::writeCheckpoint(at("copies"), test::tinyConfig(options), tensors);
    const auto machine = test::openMachine(at("copies"));
    model::WeightReader reader(*machine.model);
    const auto features = [&](std::int32_t expert) {
        return method::featuresOf(
            test::must(method::readExpert(reader, machine.model->spec, machine.model->spec.layers[0], expert)));
    };
    ExpertGroup pair{0, {0, 1}, {0.3, 0.7}, {1, 0}, {{}, method::alignNeurons(features(0), features(1))}};
    MergeMap map{"by-hand", {{LayerIndex(0), {pair}, -1}}};
    for (std::int32_t e = 2; e < 6; ++e)
        map.layers[0].groups.push_back({e, {e}, {1}, {1}, {}});
    write(*machine.model, map, at("aligned"));
    map.layers[0].groups[0].order.clear();
    write(*machine.model, map, at("plain"));
    // The aligned merge is what keeping expert 0 gives
    const auto plan = test::planOf(*machine.model, {{0, 2, 3, 4, 5}});
    const auto texts = test::randomTexts(*machine.model, {40}, 6);
    const auto kept = test::collectLogits(*machine.engine, texts, &plan);
    const auto aligned = test::collectLogits(*test::openMachine(at("aligned")).engine, texts);
    const auto plain = test::collectLogits(*test::openMachine(at("plain")).engine, texts);
    QVERIFY(test::largestDifference(aligned[0], kept[0]) <= 1e-5);
    QVERIFY(test::largestDifference(plain[0], kept[0]) > 1e-3);
}

void TestMergeBundle::numbersAreRoundedMeans()
{
    test::TinyOptions options;
    options.dtype = checkpoint::Dtype::BF16;
    test::writeTinyCheckpoint(at("narrow"), options);
    const auto model = test::must(model::openModel(at("narrow")));
    MergeMap map{"by-hand", {}};
    for (const auto& facts : model.summary.moeLayers)
        map.layers.push_back({facts.layer,
                              {{1, {0, 1, 4}, {0.2, 0.5, 0.3}, {0.1, 0.6, 0.3}, {}},
                               {2, {2}, {1}, {1}, {}},
                               {3, {3, 5}, {0.25, 0.75}, {1, 0}, {}}},
                              -1});
    write(model, map, at("narrow merged"));
    const auto before = test::storedTensors(at("narrow")), after = test::storedTensors(at("narrow merged"));
    const auto floats = [](const test::StoredTensor& tensor) {
        return test::toFloats(checkpoint::Dtype::BF16, reinterpret_cast<const std::byte*>(tensor.bytes.data()),
                              tensor.bytes.size() / 2);
    };
    // No neighbour among the bfloat16 numbers is nearer
    const auto isNearest = [](float merged, double exact) {
        const auto bits = std::bit_cast<std::uint32_t>(merged);
        const double own = std::abs(merged - exact);
        const double slack = 1e-12;
        return (bits & 0xFFFFU) == 0 && own <= std::abs(std::bit_cast<float>(bits + 0x10000U) - exact) + slack &&
               own <= std::abs(std::bit_cast<float>(bits - 0x10000U) - exact) + slack;
    };
    int compared = 0;
    for (const char* part : {"gate", "up", "down"}) {
        const auto of = [&](const auto& tensors, int expert) {
            return floats(tensors.at(fmt::format("model.layers.1.mlp.experts.{}.{}_proj.weight", expert, part)));
        };
        const auto a = of(before, 0), b = of(before, 1), c = of(before, 4), merged = of(after, 0);
        for (std::size_t i = 0; i < a.size(); ++i, ++compared)
            QVERIFY(isNearest(merged[i], 0.2 * a[i] + 0.5 * b[i] + 0.3 * c[i]));
        QCOMPARE(of(after, 1), of(before, 2));
    }
    QVERIFY(compared > 500);
    const auto rows = floats(before.at("model.layers.1.mlp.gate.weight"));
    const auto merged = floats(after.at("model.layers.1.mlp.gate.weight"));
    const std::size_t h = 24;
    QCOMPARE(merged.size(), 3 * h);
    for (std::size_t i = 0; i < h; ++i) {
        QVERIFY(isNearest(merged[i], 0.1 * rows[i] + 0.6 * rows[h + i] + 0.3 * rows[4 * h + i]));
        QCOMPARE(merged[h + i], rows[2 * h + i]);
        QCOMPARE(merged[2 * h + i], rows[3 * h + i]);
    }
}

void TestMergeBundle::oneGroupPerExpertIsTheModel()
{
    test::writeTinyCheckpoint(at("whole"), {});
    const auto model = test::must(model::openModel(at("whole")));
    MergeMap map{"by-hand", {}};
    for (const auto& facts : model.summary.moeLayers) {
        auto& layer = map.layers.emplace_back(method::LayerMerge{facts.layer, {}, 0});
        for (std::int32_t e = 0; e < facts.experts; ++e)
            layer.groups.push_back({e, {e}, {1}, {1}, {}});
    }
    write(model, map, at("whole again"));
    QVERIFY(test::storedTensors(at("whole")) == test::storedTensors(at("whole again")));
    mustVerify(at("whole again"), model);
}

void TestMergeBundle::evidenceAddsUp()
{
    // With all experts chosen, what is measured of the routing is what all experts give on all tokens
    test::TinyOptions options;
    options.topK = options.experts;
    test::writeTinyCheckpoint(at("all"), options);
    const auto machine = test::openMachine(at("all"));
    method::MergeNeeds needs{.everyToken = true, .cka = true, .activations = true};
    const auto layers = evidenceOf(machine, {needs, 1000});
    QCOMPARE(layers.size(), 3U);
    for (const auto& layer : layers) {
        QCOMPARE(layer.tokens, 300.0);
        QCOMPARE(layer.bank, 300);
        QCOMPARE(layer.chosen, std::vector<double>(6, 300.0));
        double gates = 0;
        for (std::size_t e = 0; e < 6; ++e) {
            double trace = 0;
            for (std::size_t t = 0; t < 300; ++t)
                trace += layer.outputGram[(t * 6 + e) * 6 + e];
            QVERIFY(std::abs(trace / 300 - layer.squares[e]) < 1e-5 * layer.squares[e]);
            QVERIFY(std::abs(layer.cka[e * 6 + e] - 1) < 1e-9);
            gates += layer.gates[e];
            for (std::size_t c = 0; c < 24; ++c)
                QVERIFY(std::abs(layer.mean[e * 24 + c] - layer.routedMean[e * 24 + c]) < 1e-6);
        }
        QVERIFY(std::abs(gates - 300) < 1e-3);
        QCOMPARE(layer.activations.size(), 6U * 14U * 300U);
        for (std::size_t i = 0; i < 36; ++i)
            QVERIFY(layer.cka[i] >= 0 && layer.cka[i] <= 1 + 1e-9);
    }
}

void TestMergeBundle::streamedEqualsResident()
{
    test::writeTinyCheckpoint(at("tiny"), {});
    const auto resident = test::openMachine(at("tiny")),
               streamed = test::openMachine(at("tiny"), {.window = ByteSize(1)});
    method::MergeNeeds needs{.everyToken = true, .cka = true, .activations = true};
    const auto a = evidenceOf(resident, {needs, 50}), b = evidenceOf(streamed, {needs, 50});
    QVERIFY(streamed.engine->counters().streamed);
    QCOMPARE(a.size(), b.size());
    for (std::size_t l = 0; l < a.size(); ++l) {
        QCOMPARE(a[l].bank, 50);
        QVERIFY(a[l].mean == b[l].mean && a[l].gatedMean == b[l].gatedMean && a[l].cka == b[l].cka);
        QVERIFY(a[l].outputGram == b[l].outputGram && a[l].activations == b[l].activations);
        QVERIFY(a[l].chosen == b[l].chosen && a[l].logitGram == b[l].logitGram && a[l].saliency == b[l].saliency);
    }
}

void TestMergeBundle::changedSharesAreFound()
{
    test::writeTinyCheckpoint(at("source"), {});
    const auto model = test::must(model::openModel(at("source")));
    write(model, substitution(model, true), at("changed"));
    mustVerify(at("changed"), model);
    auto recipe = test::must(base::readJsonFile(at("changed") / "recipe.json"));
    const auto refused = [&](const char* check) {
        test::writeText(at("changed") / "recipe.json", recipe.dump());
        test::writeSumsAnew(at("changed"));
        const auto report = test::must(bundle::verifyBundleAgainst(at("changed"), model, {.threads = 1}, {}));
        QVERIFY(!report.ok());
        QCOMPARE(report.checks.back().name, std::string(check));
    };
    auto& group = recipe["merge"]["layers"][1]["groups"][0];
    group["weights"] = {0.1, 0.9};
    refused("bytes equal the source");
    group["weights"] = {0.1, 0.8};
    refused("groups of the source model");
    recipe["merge"]["layers"][1]["groups"].erase(0);
    refused("recipe");
}

void TestMergeBundle::whatCannotBeMerged()
{
    test::writeTinyCheckpoint(at("limits"), {});
    const auto model = test::must(model::openModel(at("limits")));
    for (const int keep : {0, 1, 7})
        QCOMPARE(engine::checkMergeCount(model, keep).error().code, ErrorCode::Usage);
    QVERIFY(engine::checkMergeCount(model, 2).ok());
    QVERIFY(engine::checkMergeCount(model, 1, 1).ok());
    QCOMPARE(engine::checkMergeCount(model, 4, 3).error().code, ErrorCode::Usage);
    test::TinyOptions dense;
    dense.moe = false;
    test::writeTinyCheckpoint(at("no experts"), dense);
    const auto machine = test::openMachine(at("no experts"));
    QCOMPARE(engine::checkMergeCount(*machine.model, 2).error().code, ErrorCode::BadInput);
    QCOMPARE(machine.engine->mergeEvidence(windowsOf(*machine.model), {}, {}, {}).error().code, ErrorCode::BadInput);
}

void TestMergeBundle::sumsEqualTheirPreview()
{
    test::TinyOptions options;
    options.dtype = checkpoint::Dtype::BF16;
    options.mlpOnlyLayers = {1};
    test::writeTinyCheckpoint(at("sums"), options);
    const auto model = test::must(model::openModel(at("sums")));
    const auto plan = mixture(model, 3, false);
    QVERIFY(engine::layersToFit(model, plan).empty());
    const auto merging = test::must(engine::runMixture(model, plan, {}, {})); // nothing has to be computed
    const auto report = writeMixture(model, plan, merging.map, at("sums written"));
    QCOMPARE(report.bytes, report.predictedBytes);
    QVERIFY(report.bytes < model.summary.bytes.total());
    const auto verified = test::must(bundle::verifyBundleAgainst(at("sums written"), model, {.threads = 1}, {}));
    QVERIFY2(verified.ok(), verified.toJson().dump().c_str());
    QCOMPARE(verified.checks.back().name, std::string("logits equal the mixed base"));
    QVERIFY(*verified.maxAbsLogitDifference <= 1e-5);
    // Every number from the definition
    const auto before = test::storedTensors(at("sums")), after = test::storedTensors(at("sums written"));
    const auto floats = [](const test::StoredTensor& tensor) {
        return test::toFloats(checkpoint::Dtype::BF16, reinterpret_cast<const std::byte*>(tensor.bytes.data()),
                              tensor.bytes.size() / 2);
    };
    for (const char* part : {"gate", "up", "down"})
        for (int row = 0; row < 3; ++row) {
            const auto name = [&](int expert) {
                return fmt::format("model.layers.2.mlp.experts.{}.{}_proj.weight", expert, part);
            };
            const auto merged = floats(after.at(name(row)));
            std::vector<double> sum(merged.size(), 0.0);
            for (int e = 0; e < 6; ++e) {
                const auto source = floats(before.at(name(e)));
                for (std::size_t i = 0; i < sum.size(); ++i)
                    sum[i] += static_cast<double>(plan.layers[1].mixing->mergeRow(
                                  static_cast<std::size_t>(row))[static_cast<std::size_t>(e)]) *
                              source[i];
            }
            for (std::size_t i = 0; i < sum.size(); ++i)
                QVERIFY(std::abs(merged[i] - sum[i]) <= std::abs(sum[i]) / 256 + 1e-12);
        }
    const auto rows = floats(before.at("model.layers.2.mlp.gate.weight"));
    const auto kept = floats(after.at("model.layers.2.mlp.gate.weight"));
    QVERIFY(std::equal(kept.begin(), kept.begin() + 24, rows.begin()));
    QVERIFY(std::equal(kept.begin() + 24, kept.end(), rows.begin() + 4 * 24));
    // A recipe that says something else than its plan is found
    auto recipe = test::must(base::readJsonFile(at("sums written") / "recipe.json"));
    recipe["plan"]["layers"][0]["mixing"]["experts"][1][0] = 0.5;
    test::writeText(at("sums written") / "recipe.json", recipe.dump());
    test::writeSumsAnew(at("sums written"));
    const auto changed = test::must(bundle::verifyBundleAgainst(at("sums written"), model, {.threads = 1}, {}));
    QVERIFY(!changed.ok());
    QCOMPARE(changed.checks.back().name, std::string("groups of the source model"));
}

void TestMergeBundle::fittedRoutersComeNearer()
{
    test::writeTinyCheckpoint(at("mapped"), {});
    const auto machine = test::openMachine(at("mapped"));
    const auto& model = *machine.model;
    const auto plan = mixture(model, 4, true);
    QCOMPARE(engine::layersToFit(model, plan).size(), 3U);
    QCOMPARE(engine::runMixture(model, plan, {}, {}).error().code, ErrorCode::Usage); // texts are needed
    const method::RouterRule rule{true, 2, {}};
    MergeMap fitted{"eep", {}}, named{"eep", {}};
    const auto evidence = evidenceOf(machine, {{}, 300});
    for (std::size_t l = 0; l < 3; ++l) {
        named.layers.push_back(method::layerOfSums(plan.layers[l].layer, *plan.layers[l].mixing, plan.layers[l].keep));
        fitted.layers.push_back(named.layers.back());
        method::fitRows(fitted.layers.back(), evidence[l], *plan.layers[l].mixing, rule);
        const auto& fit = *fitted.layers.back().fit;
        QCOMPARE(fit.tokens, 150);
        QVERIFY(fit.sameChoice > 0.5 && fit.sameChoice <= 1);
        QVERIFY(fit.movedGate > 0 && fit.movedGate < 0.2);
        named.layers.back().fit = fit; // not exact either
    }
    writeMixture(model, plan, fitted, at("mapped fitted"));
    writeMixture(model, plan, named, at("mapped named"));
    const auto verified = test::must(bundle::verifyBundleAgainst(at("mapped fitted"), model, {.threads = 1}, {}));
    QVERIFY2(verified.ok(), verified.toJson().dump().c_str());
    QVERIFY(*verified.maxAbsLogitDifference > 1e-5);
    const auto texts = test::randomTexts(model, {60, 60}, 8);
    const auto wanted = test::collectLogits(*machine.engine, texts, &plan);
    const auto distance = [&](const std::string& name) {
        const auto logits = test::collectLogits(*test::openMachine(at(name)).engine, texts);
        double sum = 0;
        for (std::size_t t = 0; t < texts.size(); ++t)
            for (std::size_t i = 0; i < wanted[t].size(); ++i)
                sum += (logits[t][i] - wanted[t][i]) * (logits[t][i] - wanted[t][i]);
        return sum;
    };
    QVERIFY(distance("mapped fitted") < distance("mapped named"));
    const auto card = test::readText(at("mapped fitted") / "README.md");
    QVERIFY(card.find("of tokens choose the same experts") != std::string::npos);
    // Sums that claim to be exact are not believed
    auto recipe = test::must(base::readJsonFile(at("mapped fitted") / "recipe.json"));
    recipe["merge"]["layers"][0]["router"] = {{"mapping", "exact"}};
    test::writeText(at("mapped fitted") / "recipe.json", recipe.dump());
    test::writeSumsAnew(at("mapped fitted"));
    QVERIFY(!test::must(bundle::verifyBundleAgainst(at("mapped fitted"), model, {.threads = 1}, {})).ok());
}

void TestMergeBundle::transformersAgrees()
{
    ESPALIER_NEED_ORACLE();
    struct Source {
        std::string name, type;
        base::OrderedJson config;
    };
    const base::OrderedJson common{{"vocab_size", 61},
                                   {"hidden_size", 36},
                                   {"intermediate_size", 22},
                                   {"num_hidden_layers", 2},
                                   {"num_attention_heads", 6},
                                   {"num_key_value_heads", 2},
                                   {"max_position_embeddings", 256}};
    std::vector<Source> sources{
        {"qwen3_moe",
         "qwen3_moe",
         {{"num_experts", 7}, {"num_experts_per_tok", 2}, {"moe_intermediate_size", 14}, {"norm_topk_prob", true}}},
        {"gpt_oss", "gpt_oss", {{"num_local_experts", 7}, {"num_experts_per_tok", 3}, {"head_dim", 10}}},
        {"granitemoe", "granitemoe", {{"num_local_experts", 8}, {"num_experts_per_tok", 2}}},
        {"deepseek_v3",
         "deepseek_v3",
         {{"moe_intermediate_size", 14},
          {"num_key_value_heads", 6},
          {"n_routed_experts", 12},
          {"num_experts_per_tok", 3},
          {"n_shared_experts", 1},
          {"first_k_dense_replace", 1},
          {"q_lora_rank", 20},
          {"kv_lora_rank", 18},
          {"qk_nope_head_dim", 10},
          {"qk_rope_head_dim", 6},
          {"v_head_dim", 11},
          {"n_group", 2},
          {"topk_group", 1}}}};
    base::OrderedJson work{{"make", base::OrderedJson::array()}, {"logits", base::OrderedJson::array()}};
    for (const Source& source : sources) {
        base::OrderedJson config = common;
        config.update(source.config);
        work["make"].push_back(
            {{"model_type", source.type}, {"config", config}, {"seed", 5}, {"out", at(source.name).string()}});
    }
    test::writeText(at("make.json"), work.dump());
    auto run = test::runOracle("carve.py", {QString::fromStdString(at("make.json").string())});
    QVERIFY2(run.exitCode == 0, run.errors.right(1500).constData());
    std::map<std::string, std::vector<engine::TokenSequence>> texts;
    work = {{"logits", base::OrderedJson::array()}};
    for (const Source& source : sources) {
        const auto machine = test::openMachine(at(source.name));
        const auto& model = *machine.model;
        const auto sequences = test::randomTexts(model, {1, 40});
        // Neurons in any order: another order of sums, the same function
        write(model, substitution(model, false), at(source.name + " plain"));
        write(model, substitution(model, true), at(source.name + " shuffled"));
        const auto plain = test::collectLogits(*test::openMachine(at(source.name + " plain")).engine, sequences);
        const auto shuffled = test::collectLogits(*test::openMachine(at(source.name + " shuffled")).engine, sequences);
        QVERIFY2(test::largestDifference(plain[1], shuffled[1]) <= 1e-4, source.name.c_str());
        QVERIFY2(test::storedTensors(at(source.name + " plain")) != test::storedTensors(at(source.name + " shuffled")),
                 source.name.c_str());
        // A method's own groups
        MergeMap map{"uncurl", {}};
        const std::size_t keep = static_cast<std::size_t>(model.spec.experts) - 2;
        for (auto& layer : evidenceOf(machine, {{}, 64}))
            map.layers.push_back({layer.layer,
                                  method::groupExperts(**method::findMergeMethod("uncurl"), layer, keep,
                                                       static_cast<std::size_t>(model.spec.router.groups)),
                                  -1});
        write(model, map, at(source.name + " merged"));
        mustVerify(at(source.name + " merged"), model);
        const auto config = test::must(base::readJsonFile(at(source.name + " merged") / "config.json"));
        for (const auto& key : model.spec.expertCountKeys)
            QVERIFY(config[base::OrderedJson::json_pointer(key)] == base::OrderedJson(keep));
        std::vector<const char*> endings{" shuffled", " merged"};
        if (model.spec.router.groups == 1) {
            const auto plan = mixture(model, keep, false);
            writeMixture(model, plan, test::must(engine::runMixture(model, plan, {}, {})).map,
                         at(source.name + " sums"));
            mustVerify(at(source.name + " sums"), model);
            endings.push_back(" sums");
        }
        for (const char* ending : endings) {
            texts[source.name + ending] = sequences;
            work["logits"].push_back({{"model", at(source.name + ending).string()},
                                      {"sequences", sequences},
                                      {"out", at(source.name + ending + ".f32").string()}});
        }
    }
    test::writeText(at("logits.json"), work.dump());
    run = test::runOracle("carve.py", {QString::fromStdString(at("logits.json").string())});
    QVERIFY2(run.exitCode == 0, run.errors.right(1500).constData());
    for (const auto& [name, sequences] : texts) {
        const auto theirs = test::readOracleLogits(at(name + ".f32"), sequences, 61);
        const auto ours = test::collectLogits(*test::openMachine(at(name)).engine, sequences);
        for (std::size_t s = 0; s < sequences.size(); ++s) {
            const double difference = test::largestDifference(ours[s], theirs[s]);
            qInfo("%s: logits differ by %.2g", name.c_str(), difference);
            QVERIFY(difference <= 1e-3);
        }
    }
}

QTEST_GUILESS_MAIN(TestMergeBundle)
#include "tst_merge_bundle.moc"
