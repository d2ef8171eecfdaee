// SPDX-License-Identifier: Apache-2.0
// Carved models: with all experts on they are the dense model, whatever is cut is in the folder, and transformers
// computes the same from it, with its own class or with the modelling file.
#include "core/bundle/carve_export.h"
#include "core/method/carve/neuron_split.h"
#include "core/model/weight_reader.h"
#include "tests/core/bundle/bundle_support.h"

#include <QTemporaryDir>
#include <QTest>
#include <numeric>

using namespace espalier;
namespace fs = std::filesystem;
using bundle::CarveFormat;
using engine::RouterKind;

class TestCarveBundle : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;

    [[nodiscard]] fs::path at(const std::string& name) const { return fs::path(m_dir.path().toStdString()) / name; }

    static std::vector<tokenizer::Window> windowsOf(const model::OpenModel& model)
    {
        std::vector<tokenizer::Window> windows;
        for (auto& text : test::randomTexts(model, std::vector<int>(24, 25), 3))
            windows.push_back({0, std::move(text)});
        return windows;
    }
    static engine::Carving carve(const test::Machine& dense, const engine::CarveSettings& settings)
    {
        engine::Carving carving;
        carving.settings = settings;
        carving.settings.shape.width = dense.model->spec.layers.front().denseWidth;
        carving.layers = test::must(dense.engine->carve(windowsOf(*dense.model), settings, {}));
        carving.tokens = {{"random", 600}};
        return carving;
    }
    static bundle::CarveExportReport write(const test::Machine& dense, const engine::Carving& carving,
                                           const fs::path& out, std::optional<CarveFormat> format = {})
    {
        bundle::CarveExportRequest request;
        request.out = out;
        request.format = format;
        request.shardBytes = 20'000; // some shards
        request.command = "espalier carve";
        return test::must(bundle::exportCarved(*dense.model, carving, request, {}));
    }
    /// A dense tiny model of this test's folder.
    fs::path tiny(const std::string& name, int width = 24, checkpoint::Dtype dtype = checkpoint::Dtype::F32) const
    {
        test::TinyOptions options;
        options.moe = false;
        options.denseWidth = width;
        options.dtype = dtype;
        const fs::path folder = at(name);
        if (!fs::exists(folder))
            test::writeTinyCheckpoint(folder, options);
        return folder;
    }
    static engine::CarveSettings settings(int shared, int active, int experts, RouterKind router = RouterKind::Linear)
    {
        engine::CarveSettings settings;
        settings.shape = {0, shared, active, experts};
        settings.router = router;
        settings.rank = 3;
        settings.neurons = 2;
        return settings;
    }

    /// A tiny model with experts of 24 neurons, the second of its three layers without.
    fs::path tinyMoe(const std::string& name, checkpoint::Dtype dtype = checkpoint::Dtype::F32) const
    {
        test::TinyOptions options;
        options.expertWidth = 24;
        options.dtype = dtype;
        options.mlpOnlyLayers = {1};
        const fs::path folder = at(name);
        if (!fs::exists(folder))
            test::writeTinyCheckpoint(folder, options);
        return folder;
    }
    static engine::Carving carveExperts(const test::Machine& machine, int shared, int active, int experts)
    {
        engine::Carving carving;
        carving.settings = settings(shared, active, experts);
        carving.settings.shape.width = machine.model->spec.expertWidth;
        carving.layers = test::must(machine.engine->carve(windowsOf(*machine.model), carving.settings, {}));
        carving.tokens = {{"random", 600}};
        return carving;
    }

private slots:
    void allExpertsAreTheDenseModel_data();
    void allExpertsAreTheDenseModel();
    void movedWeightsAreFound();
    void saysTheSameAfterWriting();
    void fullRankIsTheOracle();
    void everyExpertKeepsEverything();
    void publishedRepresentativeIsNearest();
    void streamedEqualsResident();
    void sizesThatDoNotDivide();
    void whatCannotBeCarved();
    void transformersAgrees();
    void blocksOfExpertsAreTheModel_data();
    void blocksOfExpertsAreTheModel();
    void reportsOfExpertsAddUp();
    void carvedExpertsAreModelsLikeOthers();
    void movedNeuronsOfExpertsAreFound();
};

void TestCarveBundle::allExpertsAreTheDenseModel_data()
{
    QTest::addColumn<int>("shared");
    QTest::addColumn<int>("active");
    QTest::addColumn<int>("router");
    QTest::addColumn<bool>("narrow");
    for (const auto& [shared, active] : {std::pair{2, 2}, {0, 3}, {1, 1}, {3, 0}})
        for (const int router : {0, 1, 2, 3, 4})
            for (const bool narrow : {false, true})
                if ((active > 0 || router == 0) && (router < 2 || !narrow))
                    QTest::addRow("S%dA%d router %d%s", shared, active, router, narrow ? " bfloat16" : "")
                        << shared << active << router << narrow;
}

void TestCarveBundle::allExpertsAreTheDenseModel()
{
    QFETCH(int, shared);
    QFETCH(int, active);
    QFETCH(int, router);
    QFETCH(bool, narrow);
    const auto source = narrow ? tiny("narrow", 24, checkpoint::Dtype::BF16) : tiny("dense");
    const auto dense = test::openMachine(source);
    engine::CarveSettings wanted = settings(shared, active, 8, static_cast<RouterKind>(router));
    if (wanted.router == RouterKind::Paper)
        wanted.clustering = method::Clustering::Markers;
    const auto carving = carve(dense, wanted);
    const fs::path out = at(QTest::currentDataTag());
    const auto report = write(dense, carving, out);
    const bool stock = router == 0 && shared > 0 && active > 0;
    QCOMPARE(report.format, active == 0 ? CarveFormat::Dense : stock ? CarveFormat::Stock : CarveFormat::Carved);
    QCOMPARE(report.files.empty(), false);
    const auto verified = test::must(bundle::verifyBundleAgainst(out, *dense.model, {.threads = 1}, {}));
    for (const auto& check : verified.checks)
        QVERIFY2(check.ok, qPrintable(QString::fromStdString(check.name + ": " + check.detail)));
    QCOMPARE(verified.maxAbsLogitDifference.has_value(), active > 0);
    if (stock) { // the same carving with gates of exactly 1
        const fs::path own = at(std::string(QTest::currentDataTag()) + " own");
        write(dense, carving, own, CarveFormat::Carved);
        QVERIFY(test::must(bundle::verifyBundleAgainst(own, *dense.model, {.threads = 1}, {})).ok());
        const auto texts = test::randomTexts(*dense.model, {40, 3}, 9);
        const auto exact = test::collectLogits(*test::openMachine(own).engine, texts);
        const auto near = test::collectLogits(*test::openMachine(out).engine, texts);
        const auto whole = test::collectLogits(*dense.engine, texts);
        // Gates differ by a few percent at most, what is cut away by far more
        QVERIFY(test::largestDifference(exact[0], near[0]) < 0.2 * test::largestDifference(exact[0], whole[0]));
    }
}

void TestCarveBundle::movedWeightsAreFound()
{
    const auto dense = test::openMachine(tiny("dense"));
    const fs::path out = at("moved");
    write(dense, carve(dense, settings(2, 2, 8)), out);
    auto recipe = test::must(base::readJsonFile(out / "recipe.json"));
    auto& order = recipe["carve"]["layers"][1]["order"];
    std::swap(order[0], order[20]); // a shared neuron and a routed one
    test::writeText(out / "recipe.json", recipe.dump());
    test::writeSumsAnew(out);
    const auto swapped = test::must(bundle::verifyBundleAgainst(out, *dense.model, {.threads = 1}, {}));
    QVERIFY(!swapped.ok());
    QCOMPARE(swapped.checks.back().name, std::string("weights are the dense model's"));
    order[0] = order[1]; // a neuron twice
    test::writeText(out / "recipe.json", recipe.dump());
    test::writeSumsAnew(out);
    const auto twice = test::must(bundle::verifyBundle(out, {}));
    QVERIFY(!twice.ok());
    QCOMPARE(twice.checks.back().name, std::string("recipe"));
}

void TestCarveBundle::saysTheSameAfterWriting()
{
    const auto dense = test::openMachine(tiny("dense"));
    const auto carving = carve(dense, settings(1, 2, 6, RouterKind::Energy));
    write(dense, carving, at("first"));
    write(dense, carving, at("second"));
    const auto first = test::openMachine(at("first")), second = test::openMachine(at("second"));
    const auto texts = test::randomTexts(*dense.model, {30}, 4);
    const auto logits = test::collectLogits(*first.engine, texts);
    QVERIFY(logits == test::collectLogits(*second.engine, texts));
    // Written once more by the exporter, which knows nothing of carving
    test::mustExport(*first.model, plan::Plan::keepAll(first.model->summary), at("third"));
    QVERIFY(logits == test::collectLogits(*test::openMachine(at("third")).engine, texts));
    // Cut like any other model: the slice is the masked model
    const auto plan = test::cutOf(*first.model, 3, 2);
    test::mustExport(*first.model, plan, at("cut"));
    const auto cut = test::collectLogits(*test::openMachine(at("cut")).engine, texts);
    QVERIFY(test::largestDifference(cut[0], test::collectLogits(*first.engine, texts, &plan)[0]) <= 1e-5);
}

void TestCarveBundle::fullRankIsTheOracle()
{
    const auto dense = test::openMachine(tiny("dense"));
    auto wanted = settings(1, 2, 6, RouterKind::LowRank);
    wanted.rank = 4;
    // |W_down h|² and the sum of |column|² h² agree when columns are orthogonal only: near, far above chance
    for (const auto& layer : carve(dense, wanted).layers) {
        QVERIFY2(layer.chosen.agreement > layer.lot.agreement + 0.25,
                 qPrintable(QString::number(layer.chosen.agreement)));
        QCOMPARE(layer.oracle.agreement, 1.0);
        QVERIFY(layer.oracle.energyKept >= layer.lot.energyKept);
    }
}

void TestCarveBundle::everyExpertKeepsEverything()
{
    const auto dense = test::openMachine(tiny("dense"));
    for (const auto& layer : carve(dense, settings(2, 4, 6)).layers) {
        QCOMPARE(layer.chosen.energyKept, 1.0);
        QCOMPARE(layer.staticKept, 1.0);
        QCOMPARE(layer.load, std::vector<double>(4, 1.0));
    }
}

void TestCarveBundle::publishedRepresentativeIsNearest()
{
    // CMoE's representative is the member nearest to the mean of its cluster's markers: with few markers the member
    // that is marked least (seen in the public code). The other router must choose better than it.
    const auto dense = test::openMachine(tiny("dense", 48));
    auto paper = settings(2, 2, 8, RouterKind::Paper);
    paper.clustering = method::Clustering::Markers;
    paper.markers = 4;
    const auto published = carve(dense, paper), better = carve(dense, settings(2, 2, 8, RouterKind::Representative));
    double a = 0, b = 0;
    for (std::size_t l = 0; l < published.layers.size(); ++l) {
        a += published.layers[l].chosen.agreement;
        b += better.layers[l].chosen.agreement;
    }
    qInfo("agreement with the true energies: published %.3f, by correlation %.3f", a, b);
    QVERIFY(b > a);
}

void TestCarveBundle::streamedEqualsResident()
{
    const auto folder = tiny("dense");
    const auto resident = test::openMachine(folder), streamed = test::openMachine(folder, {.window = ByteSize(1)});
    const auto a = carve(resident, settings(2, 2, 8)), b = carve(streamed, settings(2, 2, 8));
    QVERIFY(streamed.engine->counters().streamed);
    for (std::size_t l = 0; l < a.layers.size(); ++l) {
        QCOMPARE(a.layers[l].split.order, b.layers[l].split.order);
        QVERIFY(a.layers[l].router.weight == b.layers[l].router.weight);
    }
}

void TestCarveBundle::sizesThatDoNotDivide()
{
    const auto dense = test::openMachine(tiny("dense"));
    const auto refused = dense.engine->carve(windowsOf(*dense.model), settings(2, 2, 7), {});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::Usage);
    QVERIFY(refused.error().remedy.find("6, 8, 12") != std::string::npos);
}

void TestCarveBundle::whatCannotBeCarved()
{
    const auto machine = test::openMachine(tinyMoe("moe"));
    write(machine, carveExperts(machine, 1, 1, 4), at("once"));
    const auto once = test::openMachine(at("once")); // and once more
    const auto refused = once.engine->carve(windowsOf(*once.model), settings(1, 1, 2), {});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::BadInput);
    QVERIFY(refused.error().message.find("carved already") != std::string::npos);
    QVERIFY(!bundle::checkExpertsCarvable(*once.model).ok());
    const auto uneven = machine.engine->carve(windowsOf(*machine.model), settings(1, 1, 7), {});
    QCOMPARE(uneven.error().code, ErrorCode::Usage);
    bundle::CarveExportRequest request;
    request.out = at("none");
    request.format = CarveFormat::Stock;
    QCOMPARE(bundle::exportCarved(*machine.model, carveExperts(machine, 1, 1, 4), request, {}).error().code,
             ErrorCode::Usage);
}

void TestCarveBundle::transformersAgrees()
{
    ESPALIER_NEED_ORACLE();
    const base::OrderedJson common{{"vocab_size", 61},
                                   {"hidden_size", 36},
                                   {"intermediate_size", 48},
                                   {"num_hidden_layers", 3},
                                   {"num_attention_heads", 6},
                                   {"num_key_value_heads", 2},
                                   {"max_position_embeddings", 256}};
    struct Source {
        std::string name, type;
        base::OrderedJson more;
    };
    const std::vector<Source> sources{
        {"llama", "llama", {{"tie_word_embeddings", true}}},
        {"mistral", "mistral", {{"sliding_window", 20}, {"head_dim", 8}}},
        {"qwen2", "qwen2", base::OrderedJson::object()},
        {"qwen3", "qwen3", {{"head_dim", 12}, {"rope_parameters", {{"rope_type", "default"}, {"rope_theta", 500.0}}}}},
        // Those with experts get routers inside them
        {"qwen3_moe", "qwen3_moe", {{"num_experts", 6}, {"num_experts_per_tok", 2}, {"moe_intermediate_size", 24}}},
        {"mixtral", "mixtral", {{"num_local_experts", 6}}},
        {"granitemoe", "granitemoe", {{"num_local_experts", 6}, {"num_experts_per_tok", 2}}},
        {"glm4_moe",
         "glm4_moe",
         {{"head_dim", 8},
          {"n_routed_experts", 6},
          {"num_experts_per_tok", 2},
          {"moe_intermediate_size", 24},
          {"first_k_dense_replace", 1}}}};
    base::OrderedJson work{{"make", base::OrderedJson::array()}};
    for (const Source& source : sources) {
        base::OrderedJson config = common;
        config.update(source.more);
        work["make"].push_back({{"model_type", source.type},
                                {"config", config},
                                {"seed", 5},
                                {"out", at("made-" + source.name).string()}});
    }
    test::writeText(at("make.json"), work.dump());
    auto run = test::runOracle("carve.py", {QString::fromStdString(at("make.json").string())});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    base::OrderedJson logits{{"logits", base::OrderedJson::array()}};
    std::map<std::string, std::vector<engine::TokenSequence>> texts;
    for (const Source& source : sources) {
        const auto dense = test::openMachine(at("made-" + source.name));
        const auto compare = [&](const std::string& name) {
            texts[name] = test::randomTexts(*dense.model, {1, 17, 60});
            logits["logits"].push_back(
                {{"model", at(name).string()}, {"sequences", texts[name]}, {"out", at(name + ".f32").string()}});
        };
        if (dense.model->spec.isMoe()) {
            const std::string name = source.name + " blocks";
            write(dense, carveExperts(dense, 1, 2, 6), at(name));
            const auto verified = test::must(bundle::verifyBundleAgainst(at(name), *dense.model, {.threads = 1}, {}));
            QVERIFY2(verified.ok(), verified.toJson().dump().c_str());
            compare(name);
            continue;
        }
        for (const int router : {0, 1, 2, 3, 4}) {
            if (router > 0 && source.name != "qwen3" && router != 2) // every family, and every router once
                continue;
            auto wanted = settings(2, 2, 8, static_cast<RouterKind>(router));
            if (wanted.router == RouterKind::Paper)
                wanted.clustering = method::Clustering::Markers;
            const std::string name = fmt::format("{} {}", source.name, router);
            const auto report = write(dense, carve(dense, wanted), at(name));
            QCOMPARE(report.format, router == 0 && source.name != "mistral" ? CarveFormat::Stock : CarveFormat::Carved);
            compare(name);
        }
    }
    test::writeText(at("logits.json"), logits.dump());
    run = test::runOracle("carve.py", {QString::fromStdString(at("logits.json").string())});
    QVERIFY2(run.exitCode == 0, run.errors.right(1500).constData());
    QVERIFY2(run.output.contains("SubExpertsQwen3MoeForCausalLM"), run.output.constData());
    for (const auto& [name, sequences] : texts) {
        const auto theirs = test::readOracleLogits(at(name + ".f32"), sequences, 61);
        const auto ours = test::collectLogits(*test::openMachine(at(name)).engine, sequences);
        double difference = 0;
        for (std::size_t s = 0; s < sequences.size(); ++s)
            difference = std::max(difference, test::largestDifference(ours[s], theirs[s]));
        qInfo("%s: logits differ by %.2g", name.c_str(), difference);
        QVERIFY(difference <= 1e-3);
    }
}

void TestCarveBundle::blocksOfExpertsAreTheModel_data()
{
    QTest::addColumn<int>("shared");
    QTest::addColumn<int>("active");
    QTest::addColumn<bool>("narrow");
    for (const auto& [shared, active] : {std::pair{2, 2}, {0, 3}, {1, 7}})
        for (const bool narrow : {false, true})
            QTest::addRow("blocks S%dA%d%s", shared, active, narrow ? " bfloat16" : "") << shared << active << narrow;
}

void TestCarveBundle::blocksOfExpertsAreTheModel()
{
    QFETCH(int, shared);
    QFETCH(int, active);
    QFETCH(bool, narrow);
    const auto source = test::openMachine(narrow ? tinyMoe("narrow moe", checkpoint::Dtype::BF16) : tinyMoe("moe"));
    const auto carving = carveExperts(source, shared, active, 8);
    QCOMPARE(carving.layers.size(), 2U * 6U);
    std::int64_t tokens = 0;
    for (const auto& one : carving.layers) {
        QVERIFY(method::isPermutation(one.split.order, 24));
        tokens += one.tokens;
    }
    QCOMPARE(tokens, 2 * 2 * 600); // two layers, two experts per token
    const auto layers = engine::byLayer(carving.layers);
    QCOMPARE(layers.size(), 2U);
    QCOMPARE(layers[0].tokens, 1200);
    const fs::path out = at(QTest::currentDataTag());
    const auto report = write(source, carving, out);
    QCOMPARE(report.format, CarveFormat::SubExperts);
    const auto verified = test::must(bundle::verifyBundleAgainst(out, *source.model, {.threads = 1}, {}));
    QVERIFY2(verified.ok(), verified.toJson().dump().c_str());
    QCOMPARE(verified.checks.back().name, std::string("all blocks are the source model"));
    const auto texts = test::randomTexts(*source.model, {40, 3}, 9);
    const auto carved = test::collectLogits(*test::openMachine(out).engine, texts);
    const auto before = test::collectLogits(*source.engine, texts);
    const double changed = test::largestDifference(carved[0], before[0]);
    // An engine that knows nothing of routers inside experts computes the source
    auto whole = test::must(model::openModel(out));
    for (auto& layer : whole.spec.layers)
        layer.subRouter = {};
    const auto plain = test::must(engine::openEngine(whole, {.threads = 1}));
    QVERIFY(test::largestDifference(test::collectLogits(*plain, texts)[0], before[0]) <= 1e-4);
    QVERIFY(active + shared == 8 ? changed <= 1e-4 : changed > 1e-3);
    if (active + shared == 8)
        for (const auto& one : carving.layers)
            QVERIFY(std::abs(one.chosen.energyKept - 1) < 1e-9);
    // Every number is the source's, moved
    const auto stored = test::storedTensors(source.model->checkpoint.folder()), moved = test::storedTensors(out);
    const std::size_t element = narrow ? 2 : 4, hidden = 24;
    for (const auto& one : carving.layers)
        for (const char* part : {"gate", "up"}) {
            const auto name =
                fmt::format("model.layers.{}.mlp.experts.{}.{}_proj.weight", one.layer.value(), one.expert, part);
            for (std::size_t i = 0; i < 24; ++i)
                QVERIFY(moved.at(name).bytes.substr(i * hidden * element, hidden * element) ==
                        stored.at(name).bytes.substr(static_cast<std::size_t>(one.split.order[i]) * hidden * element,
                                                     hidden * element));
        }
}

void TestCarveBundle::reportsOfExpertsAddUp()
{
    test::TinyOptions options;
    options.layers = 1;
    options.topK = 1;
    options.expertWidth = 24;
    test::writeTinyCheckpoint(at("one"), options);
    const auto source = test::openMachine(at("one"));
    const auto carving = carveExperts(source, 1, 2, 6);
    write(source, carving, at("one carved"));
    const auto carvedModel = test::must(model::openModel(at("one carved")));
    model::WeightReader read(carvedModel);
    const auto weight = test::must(read.read("model.layers.0.sub_router.weight", 2));
    QCOMPARE(weight.size(), 5U * 24U);
    for (const auto& one : carving.layers)
        if (one.expert == 2) {
            QVERIFY(weight == one.router.weight);
            QVERIFY(one.chosen.energyKept > one.lot.energyKept - 0.05);
            QVERIFY(one.oracle.energyKept >= one.chosen.energyKept - 1e-9);
            QVERIFY(one.load.size() == 5U);
            // Two of five blocks per token
            QVERIFY(std::abs(std::accumulate(one.load.begin(), one.load.end(), 0.0) - 2) < 1e-6);
        }
}

void TestCarveBundle::carvedExpertsAreModelsLikeOthers()
{
    const auto source = test::openMachine(tinyMoe("moe"));
    const auto carving = carveExperts(source, 1, 2, 6);
    write(source, carving, at("own"));
    const auto own = test::openMachine(at("own"));
    const auto texts = test::randomTexts(*source.model, {30}, 4);
    const auto logits = test::collectLogits(*own.engine, texts);
    // Written again, streamed, with experts read as they are chosen: the same to the bit
    write(source, carving, at("own again"));
    QVERIFY(logits == test::collectLogits(*test::openMachine(at("own again")).engine, texts));
    QVERIFY(logits == test::collectLogits(*test::openMachine(at("own"), {.window = ByteSize(1)}).engine, texts));
    QVERIFY(logits ==
            test::collectLogits(*test::openMachine(at("own"), {.expertCache = ByteSize(1 << 20)}).engine, texts));
    test::mustExport(*own.model, plan::Plan::keepAll(own.model->summary), at("own exported"));
    QVERIFY(logits == test::collectLogits(*test::openMachine(at("own exported")).engine, texts));
    // Cut: routers inside the experts go with them, and the slice is the masked model
    const auto plan = test::cutOf(*own.model, 3, 2);
    const auto report = test::mustExport(*own.model, plan, at("own cut"));
    QCOMPARE(report.bytes, report.predictedBytes);
    const auto cut = test::collectLogits(*test::openMachine(at("own cut")).engine, texts);
    QVERIFY(test::largestDifference(cut[0], test::collectLogits(*own.engine, texts, &plan)[0]) <= 1e-5);
    // A streamed source is carved like a resident one
    const auto streamed = test::openMachine(tinyMoe("moe"), {.window = ByteSize(1)});
    const auto other = carveExperts(streamed, 1, 2, 6);
    QVERIFY(streamed.engine->counters().streamed);
    for (std::size_t i = 0; i < carving.layers.size(); ++i) {
        QCOMPARE(other.layers[i].split.order, carving.layers[i].split.order);
        QVERIFY(other.layers[i].router.weight == carving.layers[i].router.weight);
    }
}

void TestCarveBundle::movedNeuronsOfExpertsAreFound()
{
    const auto source = test::openMachine(tinyMoe("moe"));
    const fs::path out = at("moved neurons");
    write(source, carveExperts(source, 2, 2, 8), out);
    auto recipe = test::must(base::readJsonFile(out / "recipe.json"));
    const auto refused = [&](const char* check) {
        test::writeText(out / "recipe.json", recipe.dump());
        test::writeSumsAnew(out);
        const auto report = test::must(bundle::verifyBundleAgainst(out, *source.model, {.threads = 1}, {}));
        QVERIFY(!report.ok());
        QCOMPARE(report.checks.back().name, std::string(check));
    };
    auto& order = recipe["carve"]["layers"][1]["orders"][3];
    std::swap(order[0], order[20]);
    refused("weights are the source model's");
    order[0] = order[1];
    refused("recipe");
    recipe["carve"]["active"] = 3;
    refused("recipe");
    auto config = test::must(base::readJsonFile(out / "config.json"));
    for (const auto& sizes : {base::OrderedJson{{"shared", 2}, {"active", 2}, {"experts", 7}},
                              base::OrderedJson{{"shared", 2}, {"active", 7}, {"experts", 8}},
                              base::OrderedJson{{"shared", 1}, {"active", 2}, {"experts", 8}}, base::OrderedJson(3)}) {
        config["espalier_sub_experts"] = sizes;
        test::writeText(out / "config.json", config.dump());
        QCOMPARE(model::openModel(out).error().code, ErrorCode::BadInput);
    }
}

QTEST_GUILESS_MAIN(TestCarveBundle)
#include "tst_carve_bundle.moc"
