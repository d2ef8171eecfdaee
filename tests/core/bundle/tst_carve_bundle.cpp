// SPDX-License-Identifier: Apache-2.0
// Carved models: with all experts on they are the dense model, whatever is cut is in the folder, and transformers
// computes the same from it, with its own class or with the modelling file.
#include "core/bundle/carve_export.h"
#include "tests/core/bundle/bundle_support.h"

#include <QTemporaryDir>
#include <QTest>

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
    test::TinyOptions options;
    test::writeTinyCheckpoint(at("moe"), options);
    const auto moe = test::openMachine(at("moe"));
    const auto refused = moe.engine->carve(windowsOf(*moe.model), settings(1, 1, 4), {});
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, ErrorCode::BadInput);
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
        {"qwen3", "qwen3", {{"head_dim", 12}, {"rope_parameters", {{"rope_type", "default"}, {"rope_theta", 500.0}}}}}};
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
        for (const int router : {0, 1, 2, 3, 4}) {
            if (router > 0 && source.name != "qwen3" && router != 2) // every family, and every router once
                continue;
            auto wanted = settings(2, 2, 8, static_cast<RouterKind>(router));
            if (wanted.router == RouterKind::Paper)
                wanted.clustering = method::Clustering::Markers;
            const std::string name = fmt::format("{} {}", source.name, router);
            const auto report = write(dense, carve(dense, wanted), at(name));
            QCOMPARE(report.format, router == 0 && source.name != "mistral" ? CarveFormat::Stock : CarveFormat::Carved);
            texts[name] = test::randomTexts(*dense.model, {1, 17, 60});
            logits["logits"].push_back(
                {{"model", at(name).string()}, {"sequences", texts[name]}, {"out", at(name + ".f32").string()}});
        }
    }
    test::writeText(at("logits.json"), logits.dump());
    run = test::runOracle("carve.py", {QString::fromStdString(at("logits.json").string())});
    QVERIFY2(run.exitCode == 0, run.errors.right(1500).constData());
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

QTEST_GUILESS_MAIN(TestCarveBundle)
#include "tst_carve_bundle.moc"
