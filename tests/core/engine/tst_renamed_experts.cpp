// SPDX-License-Identifier: Apache-2.0
// Methods that measure in the engine do not look at an expert's number: a checkpoint with renamed experts gives the
// renamed losses, choices and plans. And an expert whose outputs overflow breaks no number and is not dropped for it.
#include "core/engine/profile_job.h"
#include "core/engine/reconstruct_job.h"
#include "core/engine/search_job.h"
#include "core/plan/planner.h"
#include "tests/core/engine/engine_support.h"
#include "tests/core/engine/planted_model.h"

#include <QTemporaryDir>

using namespace espalier;
using namespace espalier::test;

namespace {

/// New name of every expert.
const std::vector<std::int32_t> kRenamed{5, 2, 7, 0, 3, 6, 1, 4};

TinyOptions randomExperts()
{
    TinyOptions options;
    options.vocabulary = 2048; // of the tokenizer
    options.layers = 2;
    options.experts = 8;
    options.topK = 3;
    options.weightScale = 0.4;
    return options;
}

/// The same model: expert e is called kRenamed[e], in all layers.
std::vector<RawTensor> renamed(std::vector<RawTensor> tensors)
{
    for (RawTensor& tensor : tensors) {
        const auto experts = tensor.name.find(".mlp.experts.");
        if (experts != std::string::npos) {
            char& number = tensor.name[experts + std::strlen(".mlp.experts.")];
            number = static_cast<char>('0' + kRenamed[static_cast<std::size_t>(number - '0')]);
        } else if (tensor.name.ends_with(".mlp.gate.weight")) {
            const auto row = tensor.data.size() / kRenamed.size();
            const auto old = tensor.data;
            for (std::size_t e = 0; e < kRenamed.size(); ++e)
                std::memcpy(tensor.data.data() + static_cast<std::size_t>(kRenamed[e]) * row, old.data() + e * row,
                            row);
        }
    }
    return tensors;
}

std::vector<std::int32_t> renamed(const std::vector<std::int32_t>& keep)
{
    std::vector<std::int32_t> names;
    for (const auto expert : keep)
        names.push_back(kRenamed[static_cast<std::size_t>(expert)]);
    std::sort(names.begin(), names.end());
    return names;
}

bool near(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance * std::max(std::abs(a), std::abs(b));
}

} // namespace

class TestRenamedExperts : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    [[nodiscard]] fs::path at(const std::string& name) const { return fs::path(m_folder.path().toStdString()) / name; }
    /// A model with the demo's tokenizer.
    [[nodiscard]] model::OpenModel modelOf(const std::string& name, const TinyOptions& options,
                                           const std::vector<RawTensor>& tensors) const
    {
        writeCheckpoint(at(name), tinyConfig(options), tensors);
        fs::copy_file(fs::path(ESPALIER_SOURCE_DIR) / "resources/demo/model/tokenizer.json",
                      at(name) / "tokenizer.json", fs::copy_options::overwrite_existing);
        return must(model::openModel(at(name)));
    }
    [[nodiscard]] engine::ValidateRequest texts() const
    {
        engine::ValidateRequest data;
        data.texts = {{"words", at("words.jsonl")}};
        data.context = 32;
        data.maxTokens = TokenCount(1000);
        data.engine.compute = engine::ComputeType::Float32;
        data.engine.threads = 1;
        return data;
    }
    [[nodiscard]] engine::LayerSearchReport naee(const model::OpenModel& model, bool progressive,
                                                 std::int64_t enumerated) const
    {
        engine::LayerSearchRequest request;
        request.method = engine::LayerMethod::Naee;
        request.name = "naee";
        request.keep = 4;
        request.tokens = 64;
        request.progressive = progressive;
        request.mostEnumerated = enumerated;
        request.data = texts();
        fs::remove(at("search.espalier"));
        auto study = must(study::Study::openOrCreate(at("search.espalier"), model.summary));
        return must(engine::runLayerSearch(model, study, request, {}));
    }
    [[nodiscard]] stats::Statistics profiled(const model::OpenModel& model) const
    {
        engine::ProfileRequest request;
        request.data = texts().texts;
        request.context = 32;
        request.engine = texts().engine;
        request.statistics = must(stats::StatSelection::parse("all,bank"));
        fs::remove(at("profiled.espalier"));
        must(engine::runProfile(model, at("profiled.espalier"), request, {}));
        return must(must(study::Study::open(at("profiled.espalier"), study::OpenMode::ReadOnly)).loadStatistics());
    }
    static method::ScoreTable leaveOneOut(const stats::Statistics& statistics)
    {
        method::ScoreRequest request;
        request.method = "leave-one-out";
        return must(method::computeScores(statistics, request));
    }

private slots:
    void initTestCase() { writeTexts(at("words.jsonl"), 5, 12); }

    void leaveOneOutIsRenamed()
    {
        const auto options = randomExperts();
        const auto table = leaveOneOut(profiled(modelOf("a", options, tinyTensors(options))));
        const auto other = leaveOneOut(profiled(modelOf("b", options, renamed(tinyTensors(options)))));
        QCOMPARE(table.layers.size(), std::size_t{2});
        for (std::size_t l = 0; l < 2; ++l)
            for (std::size_t e = 0; e < kRenamed.size(); ++e) {
                const auto& a = table.layers[l].experts[e];
                const auto& b = other.layers[l].experts[static_cast<std::size_t>(kRenamed[e])];
                QVERIFY(a.score > 0);
                QVERIFY2(near(a.score, b.score, 1e-4), qPrintable(QString("%1 %2").arg(a.score).arg(b.score)));
                QVERIFY(near(a.standardError, b.standardError, 1e-4));
            }
    }

    void naeeIsRenamed_data()
    {
        QTest::addColumn<bool>("progressive");
        QTest::addColumn<int>("enumerated");
        QTest::newRow("exact") << false << 1000;
        QTest::newRow("greedy") << false << 0;
        QTest::newRow("progressive") << true << 1000;
    }
    void naeeIsRenamed()
    {
        QFETCH(const bool, progressive);
        QFETCH(const int, enumerated);
        const auto options = randomExperts();
        const auto a = naee(modelOf("a", options, tinyTensors(options)), progressive, enumerated);
        const auto b = naee(modelOf("b", options, renamed(tinyTensors(options))), progressive, enumerated);
        for (std::size_t l = 0; l < 2; ++l) {
            QVERIFY(renamed(a.plan.layers[l].keep) == b.plan.layers[l].keep);
            QVERIFY(a.layers[l].losses[0] > 0);
            QVERIFY(near(a.layers[l].losses[0], b.layers[l].losses[0], 1e-4));
            QVERIFY(near(a.layers[l].energy, b.layers[l].energy, 1e-4));
        }
    }

    /// The draws go by number, so not every step is renamed; what is found is.
    void eepIsRenamed()
    {
        const PlantedModel planted;
        const auto model = modelOf("planted", planted.options, renamed(planted.tensors()));
        engine::SearchRequest request;
        request.name = "found";
        request.keep = 3;
        request.pruning = 24;
        request.children = 14;
        request.initial = 40;
        request.seed = 1;
        request.measures = {engine::Measure::Acceptance, engine::Measure::Kl};
        request.data = texts();
        auto study = must(study::Study::openOrCreate(at("eep.espalier"), model.summary));
        const auto report = must(engine::runSearch(model, study, request, {}));
        for (std::size_t l = 0; l < planted.right.size(); ++l)
            QVERIFY(report.found.plan->layers[l].keep == renamed(planted.right[l]));
    }

    /// Squares that float32 cannot hold change no choice: losses grow with the square of the outputs, as smaller ones
    /// do.
    void squaresThatOverflow()
    {
        const auto small = huge(1e12), large = huge(1e25);
        for (const bool progressive : {false, true})
            for (const int enumerated : {1000, 0}) {
                const auto a = naee(small, progressive, enumerated), b = naee(large, progressive, enumerated);
                for (std::size_t l = 0; l < 2; ++l)
                    QVERIFY(a.plan.layers[l].keep == b.plan.layers[l].keep);
                QVERIFY(near(a.layers[kLayer].losses[0] * 1e26, b.layers[kLayer].losses[0], 1e-4));
                QVERIFY(near(a.layers[kLayer].energy * 1e26, b.layers[kLayer].energy, 1e-4));
            }
        const auto a = leaveOneOut(profiled(small)), b = leaveOneOut(profiled(large));
        for (std::size_t e = 0; e < kRenamed.size(); ++e)
            QVERIFY(near(a.layers[kLayer].experts[e].score * 1e26, b.layers[kLayer].experts[e].score, 1e-4));
        scoresAreNumbers(profiled(large));
    }

    void outputsThatOverflow()
    {
        const auto model = huge(3e38);
        const auto statistics = profiled(model);
        const auto norms = statistics.domains[0].layers[kLayer][stats::Stat::Norm];
        QVERIFY(std::isinf(norms[kHuge]));
        scoresAreNumbers(statistics);
        const auto loss = leaveOneOut(statistics);
        QVERIFY(loss.layers[kLayer].experts[kHuge].score > 1e80);
        for (const bool progressive : {false, true})
            for (const int enumerated : {1000, 0})
                for (const auto& finding : naee(model, progressive, enumerated).layers) {
                    QVERIFY(std::isfinite(finding.losses[0]) && std::isfinite(finding.energy));
                    QCOMPARE(finding.keep.size(), std::size_t{4});
                }
    }

private:
    static constexpr std::size_t kLayer = 1, kHuge = 3; ///< the last layer, so that no other sees it

    /// A model with an expert whose down projection is `size` everywhere.
    [[nodiscard]] model::OpenModel huge(double size) const
    {
        const auto options = randomExperts();
        auto tensors = tinyTensors(options);
        for (RawTensor& tensor : tensors) {
            if (!tensor.name.starts_with(fmt::format("model.layers.{}.mlp.experts.{}.down", kLayer, kHuge)))
                continue;
            std::vector<float> values(tensor.data.size() / sizeof(float));
            std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
            for (float& value : values)
                value = static_cast<float>(value < 0 ? -size : size);
            std::memcpy(tensor.data.data(), values.data(), tensor.data.size());
        }
        return modelOf(fmt::format("huge-{}", size), options, tensors);
    }
    /// Every score is a number, and the expert that gives the most is not dropped for it.
    static void scoresAreNumbers(const stats::Statistics& statistics)
    {
        for (const char* method : {"leave-one-out", "reap", "reap-sum", "reap-shrunk", "easy-ep", "unified"}) {
            method::ScoreRequest request;
            request.method = method;
            const auto table = must(method::computeScores(statistics, request));
            double largest = 0; // of the last layer
            for (const auto& scores : table.layers) {
                largest = 0;
                for (const auto& expert : scores.experts) {
                    QVERIFY2(std::isfinite(expert.score), method);
                    largest = std::max(largest, expert.score);
                }
            }
            // What the router takes instead of an expert that is left out may be the huge one: others lose as much.
            if (request.method != "leave-one-out")
                QVERIFY2(table.layers[kLayer].experts[kHuge].score == largest, method);
        }
    }
};

QTEST_GUILESS_MAIN(TestRenamedExperts)
#include "tst_renamed_experts.moc"
