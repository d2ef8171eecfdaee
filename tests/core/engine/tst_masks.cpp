// SPDX-License-Identifier: Apache-2.0
// A masked preview must equal the exported slice: the same logits as a checkpoint that has only the kept experts.
// (Masks against transformers with a masked router are in tst_logits.)
#include "tests/core/engine/engine_support.h"

#include <QTemporaryDir>
#include <QTest>
#include <cstring>

using namespace espalier;
using namespace espalier::test;

class TestMasks : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::filesystem::path place(const char* name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }

    /// The checkpoint with only the plan's experts, renumbered, and their router rows.
    static std::vector<RawTensor> slice(const std::vector<RawTensor>& tensors, const plan::Plan& plan)
    {
        std::vector<RawTensor> out;
        for (const RawTensor& tensor : tensors) {
            const QStringList parts = QString::fromStdString(tensor.name).split('.');
            if (parts.size() < 5 || parts[3] != "mlp" || (parts[4] != "gate" && parts[4] != "experts")) {
                out.push_back(tensor);
                continue;
            }
            const int layer = parts[2].toInt();
            const auto entry = std::find_if(plan.layers.begin(), plan.layers.end(),
                                            [&](const auto& one) { return one.layer.value() == layer; });
            RawTensor changed = tensor;
            if (parts[4] == "gate") {
                const auto row = tensor.data.size() / static_cast<std::size_t>(tensor.shape[0]);
                changed.data.clear();
                for (const int expert : entry->keep) {
                    const auto from = tensor.data.begin() + static_cast<std::ptrdiff_t>(row) * expert;
                    changed.data.insert(changed.data.end(), from, from + static_cast<std::ptrdiff_t>(row));
                }
                changed.shape[0] = static_cast<std::int64_t>(entry->keep.size());
            } else {
                const auto kept = std::find(entry->keep.begin(), entry->keep.end(), parts[5].toInt());
                if (kept == entry->keep.end())
                    continue;
                QStringList renamed = parts;
                renamed[5] = QString::number(kept - entry->keep.begin());
                changed.name = renamed.join('.').toStdString();
            }
            out.push_back(std::move(changed));
        }
        return out;
    }

private Q_SLOTS:
    void equalsTheSlice_data()
    {
        QTest::addColumn<bool>("normalised");
        QTest::addColumn<int>("kept");
        QTest::addColumn<int>("active");
        QTest::newRow("renormalised") << true << 4 << 3;
        QTest::newRow("not renormalised") << false << 4 << 3;
        QTest::newRow("as few as top-k") << true << 3 << 3;
        QTest::newRow("fewer per token") << true << 5 << 2;
        QTest::newRow("fewer per token, not renormalised") << false << 5 << 1;
        QTest::newRow("fewer kept than the model's top-k") << true << 2 << 2;
        QTest::newRow("all kept, fewer per token") << true << 9 << 2;
    }
    void equalsTheSlice()
    {
        QFETCH(const bool, normalised);
        QFETCH(const int, kept);
        TinyOptions options;
        options.experts = 9;
        options.topK = 3;
        options.normTopK = normalised;
        options.mlpOnlyLayers = {1};
        writeTinyCheckpoint(place("whole"), options);
        const Machine whole = openMachine(place("whole"));
        QFETCH(const int, active);
        plan::Plan plan = randomPlan(*whole.model, kept, 5);
        for (auto& layer : plan.layers)
            layer.topK = active == options.topK ? 0 : active;
        TinyOptions sliced = options;
        sliced.topK = active;
        sliced.experts = kept;
        writeCheckpoint(place("slice"), tinyConfig(sliced), slice(tinyTensors(options), plan));
        const Machine small = openMachine(place("slice"));
        const auto texts = randomTexts(*whole.model, {17, 40, 1});
        const Logits masked = collectLogits(*whole.engine, texts, &plan);
        const Logits exported = collectLogits(*small.engine, texts);
        for (std::size_t s = 0; s < texts.size(); ++s)
            QVERIFY(largestDifference(masked[s], exported[s]) < 1e-5);
        QVERIFY(largestDifference(masked[0], collectLogits(*whole.engine, texts)[0]) > 1e-3);
        // The same answers, step by step with the cache, beside the base in one run.
        engine::GenerateRequest request;
        request.prompts = randomTexts(*whole.model, {9, 14});
        request.variants = {nullptr, &plan};
        request.maxTokens = 12;
        const auto answers = must(whole.engine->generate(request, {}));
        request.variants = {nullptr};
        QVERIFY(answers[1] == must(small.engine->generate(request, {}))[0]);
        QVERIFY(answers[0] == must(whole.engine->generate(request, {}))[0]);
    }

    /// Layers may differ; a comparison with the base in one pass sees what each alone shows.
    void expertsPerTokenMayDifferByLayer()
    {
        TinyOptions options;
        options.topK = 3;
        writeTinyCheckpoint(place("differing"), options);
        const Machine machine = openMachine(place("differing"));
        plan::Plan plan = plan::Plan::keepAll(machine.model->summary);
        const auto texts = randomTexts(*machine.model, {30});
        const auto base = collectLogits(*machine.engine, texts);
        std::vector<double> change;
        for (const int k : {2, 1}) {
            plan.layers[1].topK = k;
            change.push_back(largestDifference(collectLogits(*machine.engine, texts, &plan)[0], base[0]));
        }
        QVERIFY(change[0] > 1e-4 && change[1] > 1e-4 && change[0] != change[1]);
        plan.layers[1].topK = 3;
        QVERIFY(collectLogits(*machine.engine, texts, &plan) == base);
    }

    void keepingEverythingChangesNothing()
    {
        writeTinyCheckpoint(place("all"), {});
        const Machine machine = openMachine(place("all"));
        const plan::Plan plan = plan::Plan::keepAll(machine.model->summary);
        const auto texts = randomTexts(*machine.model, {20, 5});
        QVERIFY(collectLogits(*machine.engine, texts, &plan) == collectLogits(*machine.engine, texts));
    }

    void refusesPlansThatDoNotFit_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("reason");
        QTest::newRow("a layer missing") << 0 << "lists 2 layers, the model has 3";
        QTest::newRow("another layer") << 1 << "is layer 7, layer 1 was expected";
        QTest::newRow("fewer than top-k") << 2 << "keeps 1 experts, every token needs 2";
        QTest::newRow("beyond the last expert") << 3 << "outside 0 to 5";
        QTest::newRow("negative") << 4 << "outside 0 to 5";
        QTest::newRow("twice") << 5 << "out of order or twice";
        QTest::newRow("more per token") << 6 << "gives a token 3 experts, the model 2";
    }
    void refusesPlansThatDoNotFit()
    {
        QFETCH(const int, kind);
        QFETCH(const QString, reason);
        writeTinyCheckpoint(place("refusing"), {});
        const Machine machine = openMachine(place("refusing"));
        plan::Plan plan = plan::Plan::keepAll(machine.model->summary);
        if (kind == 0)
            plan.layers.pop_back();
        else if (kind == 1)
            plan.layers[1].layer = LayerIndex(7);
        else if (kind == 6)
            plan.layers[1].topK = 3;
        else
            plan.layers[2].keep = std::vector<std::vector<std::int32_t>>{
                {4}, {0, 1, 6}, {-1, 0, 1}, {0, 2, 2, 3}}[static_cast<std::size_t>(kind - 2)];
        const auto texts = randomTexts(*machine.model, {4});
        const auto result = machine.engine->logits(texts, &plan, [](auto, auto, auto) { return Result<void>(); }, {});
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::BadInput);
        QVERIFY2(result.error().text().find(reason.toStdString()) != std::string::npos, result.error().text().c_str());
    }
};

QTEST_APPLESS_MAIN(TestMasks)
#include "tst_masks.moc"
