// SPDX-License-Identifier: Apache-2.0
// Logits against transformers in float32, on the bundled model and on small random ones that differ from it in
// everything a config can say. One run of the oracle serves all cases.
#include "tests/core/engine/engine_support.h"

#include <QTemporaryDir>
#include <QTest>

using namespace espalier;
using namespace espalier::test;

namespace {

struct Case {
    const char* name;
    TinyOptions options;
    std::vector<int> lengths = {1, 7, 19, 7, 33};
    bool masked = false;                                  // a plan that keeps topK + 1 experts
    base::OrderedJson more = base::OrderedJson::object(); // keys of config.json beyond the options
};

std::vector<Case> makeCases()
{
    std::vector<Case> cases;
    const auto add = [&](const char* name, auto change) {
        Case one{name, {}};
        change(one);
        one.options.seed = static_cast<std::uint32_t>(11 + cases.size());
        cases.push_back(one);
    };
    add("moe", [](Case&) {});
    add("moe not renormalised", [](Case& c) { c.options.normTopK = false; });
    add("top 1", [](Case& c) { c.options.topK = 1; });
    add("top 3 of 3", [](Case& c) { c.options.experts = c.options.topK = 3; });
    add("one head for all", [](Case& c) {
        c.options.heads = 5;
        c.options.kvHeads = 1;
        c.options.headDim = 6;
    });
    add("a key head each", [](Case& c) { c.options.heads = c.options.kvHeads = 3; });
    add("dense layers by list", [](Case& c) { c.options.mlpOnlyLayers = {0, 2}; });
    add("dense layers by step", [](Case& c) {
        c.options.layers = 4;
        c.options.decoderSparseStep = 2;
    });
    add("tied", [](Case& c) { c.options.tied = true; });
    add("tied bfloat16", [](Case& c) {
        c.options.tied = true;
        c.options.dtype = checkpoint::Dtype::BF16;
    });
    add("bfloat16 in shards", [](Case& c) {
        c.options.dtype = checkpoint::Dtype::BF16;
        c.options.shards = 3;
    });
    add("attention bias", [](Case& c) { c.options.attentionBias = true; });
    add("odd widths", [](Case& c) {
        c.options.hidden = 37;
        c.options.expertWidth = 13;
        c.options.vocabulary = 101;
        c.options.experts = 9;
        c.options.topK = 4;
        c.options.ropeTheta = 1e6;
    });
    add("long texts", [](Case& c) { c.lengths = {256, 200, 255}; });
    add("sliding window", [](Case& c) { c.more = {{"use_sliding_window", true}, {"sliding_window", 8}}; });
    add("positions divided", [](Case& c) { c.more = {{"rope_scaling", {{"rope_type", "linear"}, {"factor", 3.0}}}}; });
    add("large norm epsilon", [](Case& c) { c.more = {{"rms_norm_eps", 0.3}}; });
    add("dense", [](Case& c) { c.options.moe = false; });
    add("dense tied bfloat16", [](Case& c) {
        c.options.moe = false;
        c.options.tied = true;
        c.options.dtype = checkpoint::Dtype::BF16;
    });
    add("masked", [](Case& c) { c.masked = true; });
    add("masked not renormalised", [](Case& c) {
        c.masked = true;
        c.options.normTopK = false;
    });
    add("masked with dense layers", [](Case& c) {
        c.masked = true;
        c.options.mlpOnlyLayers = {1};
    });
    return cases;
}

} // namespace

class TestLogits : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::vector<Case> m_cases = makeCases();
    bool m_oracle = false;

    std::filesystem::path place(const std::string& name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    std::filesystem::path modelOf(std::size_t i) const { return place("model-" + std::to_string(i)); }
    std::filesystem::path outputOf(std::size_t i) const { return place("logits-" + std::to_string(i)); }
    static std::optional<plan::Plan> planOf(const Case& one, const model::OpenModel& model)
    {
        if (!one.masked)
            return std::nullopt;
        return randomPlan(model, one.options.topK + 1, one.options.seed);
    }
    std::vector<TokenSequence> demoTexts(const model::OpenModel& model) const
    {
        return randomTexts(model, {40, 3, 128, 40, 301});
    }

private Q_SLOTS:
    void initTestCase()
    {
        ESPALIER_NEED_ORACLE();
        base::OrderedJson cases = base::OrderedJson::array();
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            base::OrderedJson config = tinyConfig(m_cases[i].options);
            config.update(m_cases[i].more);
            writeCheckpoint(modelOf(i), config, tinyTensors(m_cases[i].options), m_cases[i].options.shards);
            const model::OpenModel model = must(model::openModel(modelOf(i)));
            const auto plan = planOf(m_cases[i], model);
            cases.push_back(
                oracleCase(modelOf(i), randomTexts(model, m_cases[i].lengths), plan ? &*plan : nullptr, outputOf(i)));
        }
        const model::OpenModel demo = must(model::openModel(demoFolder()));
        const plan::Plan half = randomPlan(demo, 16, 3);
        cases.push_back(oracleCase(demoFolder(), demoTexts(demo), nullptr, place("demo")));
        cases.push_back(oracleCase(demoFolder(), demoTexts(demo), &half, place("demo-half")));
        writeText(place("cases.json"), cases.dump());
        const OracleRun run = runOracle("logits.py", {QString::fromStdString(place("cases.json").string())});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
    }

    void equalTransformers_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i)
            QTest::newRow(m_cases[i].name) << static_cast<int>(i);
    }
    void equalTransformers()
    {
        QFETCH(const int, index);
        const auto i = static_cast<std::size_t>(index);
        const Machine machine = openMachine(modelOf(i));
        const auto texts = randomTexts(*machine.model, m_cases[i].lengths);
        const auto plan = planOf(m_cases[i], *machine.model);
        const Logits ours = collectLogits(*machine.engine, texts, plan ? &*plan : nullptr);
        const Logits theirs = readOracleLogits(outputOf(i), texts, m_cases[i].options.vocabulary);
        for (std::size_t s = 0; s < texts.size(); ++s) {
            const double difference = largestDifference(ours[s], theirs[s]);
            QVERIFY2(difference < 1e-4, qPrintable(QString("text %1 differs by %2").arg(s).arg(difference)));
        }
    }

    void bundledModelEqualsTransformers_data()
    {
        QTest::addColumn<bool>("masked");
        QTest::newRow("whole") << false;
        QTest::newRow("half of the experts") << true;
    }
    void bundledModelEqualsTransformers()
    {
        QFETCH(const bool, masked);
        const Machine machine = openMachine(demoFolder(), {engine::ComputeType::Float32, 2, {}});
        const auto texts = demoTexts(*machine.model);
        const plan::Plan half = randomPlan(*machine.model, 16, 3);
        const Logits ours = collectLogits(*machine.engine, texts, masked ? &half : nullptr);
        const Logits theirs = readOracleLogits(place(masked ? "demo-half" : "demo"), texts, 2048);
        for (std::size_t s = 0; s < texts.size(); ++s)
            QVERIFY2(largestDifference(ours[s], theirs[s]) < 1e-3,
                     qPrintable(QString::number(largestDifference(ours[s], theirs[s]))));
    }
};

QTEST_APPLESS_MAIN(TestLogits)
#include "tst_logits.moc"
