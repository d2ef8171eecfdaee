// SPDX-License-Identifier: Apache-2.0
// Quantised checkpoints: logits equal those transformers computes with the plain values they stand for, experts stay
// narrow in memory, and a cut moves every companion with its expert.
#include "core/bundle/tensor_slices.h"
#include "tests/core/engine/engine_support.h"
#include "tests/support/manual_table.h"

#include <QTemporaryDir>
#include <QTest>
#include <fmt/format.h>
#include <set>

using namespace espalier;
using namespace espalier::test;

namespace {

struct Case {
    const char* name;
    const char* kind;
    TinyOptions options;
    std::vector<int> block{16, 16};
    int group = 8;
    base::OrderedJson make = {}; ///< by transformers, instead of the options
};

/// gpt-oss in small: fused experts whose rows are gate and up in turn.
base::OrderedJson gptOss()
{
    return {{"model_type", "gpt_oss"},  {"hidden_size", 64},        {"intermediate_size", 32}, {"num_hidden_layers", 2},
            {"num_attention_heads", 4}, {"num_key_value_heads", 2}, {"head_dim", 16},          {"num_local_experts", 5},
            {"num_experts_per_tok", 2}, {"vocab_size", 61},         {"sliding_window", 8},     {"pad_token_id", 0},
            {"eos_token_id", 0}};
}

std::vector<Case> makeCases()
{
    TinyOptions even;
    even.hidden = 32;
    even.headDim = 8;
    even.expertWidth = 24;
    even.denseWidth = 40;
    even.mlpOnlyLayers = {1};
    TinyOptions odd = even;
    odd.hidden = 141;
    odd.headDim = 34;
    odd.expertWidth = 130;
    odd.denseWidth = 129;
    TinyOptions small;
    return {{"fp8, small blocks", "fp8", small},
            {"fp8, 128 x 128 with edges", "fp8", odd, {128, 128}},
            {"fp8, a scale for each output", "fp8-channel", even},
            {"compressed-tensors int4", "packed", even},
            {"GPTQ", "gptq", even},
            {"AWQ", "awq", even},
            {"MXFP4", "mxfp4", small, {16, 16}, 8, gptOss()}};
}

} // namespace

class TestQuantised : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::vector<Case> m_cases = makeCases();
    std::set<std::size_t> m_logits, m_cuts; // cases that passed

    std::filesystem::path place(const std::string& name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    std::filesystem::path source(std::size_t i) const { return place(fmt::format("source-{}", i)); }
    std::filesystem::path stored(std::size_t i) const { return place(fmt::format("stored-{}", i)); }

private Q_SLOTS:
    void initTestCase()
    {
        ESPALIER_NEED_ORACLE();
        base::OrderedJson models = base::OrderedJson::array(), cases = base::OrderedJson::array();
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            m_cases[i].options.seed = static_cast<std::uint32_t>(31 + i);
            if (m_cases[i].make.is_null())
                writeTinyCheckpoint(source(i), m_cases[i].options);
            models.push_back({{"model", source(i).string()},
                              {"kind", m_cases[i].kind},
                              {"block", m_cases[i].block},
                              {"group", m_cases[i].group},
                              {"out", stored(i).string()},
                              {"plain", place(fmt::format("plain-{}", i)).string()}});
            if (!m_cases[i].make.is_null())
                models.back()["make"] = m_cases[i].make;
        }
        const auto ask = [&](const char* script, const char* list, const base::OrderedJson& document) {
            writeText(place(list), document.dump());
            const OracleRun run = runOracle(script, {QString::fromStdString(place(list).string())});
            return run.exitCode == 0 ? QByteArray() : run.errors;
        };
        QByteArray failed = ask("quantised_model.py", "models.json", models);
        QVERIFY2(failed.isEmpty(), failed.constData());
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            const auto texts = randomTexts(must(model::openModel(stored(i))), {1, 7, 40});
            cases.push_back(
                oracleCase(place(fmt::format("plain-{}", i)), texts, nullptr, place(fmt::format("logits-{}", i))));
        }
        failed = ask("logits.py", "cases.json", cases);
        QVERIFY2(failed.isEmpty(), failed.constData());
    }

    void equalTheirPlainTwins_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_cases.size(); ++i)
            QTest::newRow(m_cases[i].name) << static_cast<int>(i);
    }
    void equalTheirPlainTwins()
    {
        QFETCH(const int, index);
        const auto i = static_cast<std::size_t>(index);
        const Machine machine = openMachine(stored(i));
        const model::OpenModel& model = *machine.model;
        QVERIFY2(model.summary.warnings.empty(),
                 model.summary.warnings.empty() ? "" : model.summary.warnings[0].c_str());
        const auto original = must(model::openModel(source(i)));
        QCOMPARE(model.summary.parameters, original.summary.parameters);
        QVERIFY(model.summary.bytes.routedExperts < original.summary.bytes.routedExperts / 2);
        const auto texts = randomTexts(model, {1, 7, 40});
        const Logits ours = collectLogits(*machine.engine, texts, nullptr);
        const Logits theirs =
            readOracleLogits(place(fmt::format("logits-{}", i)), texts, m_cases[i].options.vocabulary);
        for (std::size_t s = 0; s < texts.size(); ++s) {
            const double difference = largestDifference(ours[s], theirs[s]);
            QVERIFY2(difference < 1e-3, qPrintable(QString("text %1 differs by %2").arg(s).arg(difference)));
        }
        const Machine device = openMachine(stored(i), onEmulatedDevice({})); // which expands some forms itself
        const Logits there = collectLogits(*device.engine, texts, nullptr);
        for (std::size_t s = 0; s < texts.size(); ++s) {
            const double difference = largestDifference(there[s], ours[s]);
            QVERIFY2(difference < 1e-3,
                     qPrintable(QString("on a device text %1 differs by %2").arg(s).arg(difference)));
        }
        m_logits.insert(i);
    }

    /// The cut's tensors are the kept experts' tensors with all that stands beside them, byte for byte.
    void companionsMoveWithTheirExperts_data() { equalTheirPlainTwins_data(); }
    void companionsMoveWithTheirExperts()
    {
        QFETCH(const int, index);
        const auto model = must(model::openModel(stored(static_cast<std::size_t>(index))));
        const plan::Plan plan = randomPlan(model, 3, 5);
        const auto slices = must(bundle::sliceTensors(model, plan));
        if (model.spec.layers[0].moe && model.spec.layers[0].experts.empty()) { // fused: the kept slabs of each tensor
            QCOMPARE(slices.size(), model.checkpoint.tensors().size());
            for (const auto& slice : slices) {
                const auto& from = model.checkpoint.tensors()[slice.source];
                const bool cut =
                    from.name.find(".experts.") != std::string::npos || from.name.find(".router.") != std::string::npos;
                QCOMPARE(slice.out.bytes, cut ? from.bytes / 5 * 3 : from.bytes);
                QCOMPARE(slice.runs.empty(), false);
            }
            m_cuts.insert(static_cast<std::size_t>(index));
            return;
        }
        std::size_t expected = 0;
        for (const auto& tensor : model.checkpoint.tensors())
            expected += tensor.name.find(".experts.") == std::string::npos ? 1U : 0U;
        const std::size_t perExpert = (model.checkpoint.tensors().size() - expected) /
                                      (model.summary.moeLayers.size() * static_cast<std::size_t>(model.spec.experts));
        expected += perExpert * model.summary.moeLayers.size() * 3;
        QCOMPARE(slices.size(), expected);
        for (const auto& slice : slices) {
            const auto& from = model.checkpoint.tensors()[slice.source];
            const auto& use = model.spec.uses[slice.source];
            if (use.expert < 0)
                continue;
            const auto& layer = *std::find_if(plan.layers.begin(), plan.layers.end(),
                                              [&](const auto& one) { return one.layer.value() == use.layer; });
            const auto rank = std::find(layer.keep.begin(), layer.keep.end(), use.expert) - layer.keep.begin();
            QVERIFY(rank < 3);
            std::string name = from.name;
            name.replace(name.find(".experts.") + 9, std::to_string(use.expert).size(), std::to_string(rank));
            QCOMPARE(slice.out.name, name);
            QCOMPARE(slice.out.bytes, from.bytes);
        }
        m_cuts.insert(static_cast<std::size_t>(index));
    }

    /// Last: the table in formats.md says what was checked just now.
    void manualSaysTheSame()
    {
        if (m_logits.size() + m_cuts.size() < m_cases.size())
            QSKIP("only a run of everything can be compared with the manual");
        for (std::size_t i = 0; i < m_cases.size(); ++i) {
            const std::string start = fmt::format("| {} |", m_cases[i].name);
            const auto model = must(model::openModel(stored(i)));
            const std::string wrong =
                manualRowDiffers("formats.md", start,
                                 fmt::format("{} `{}` | {} | {} |", start, model.summary.family,
                                             m_logits.contains(i) ? "yes" : "–", m_cuts.contains(i) ? "yes" : "–"));
            QVERIFY2(wrong.empty(), wrong.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(TestQuantised)
#include "tst_quantised.moc"
