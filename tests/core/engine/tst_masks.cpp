// SPDX-License-Identifier: Apache-2.0
// A masked preview must equal the exported slice: the same logits as a checkpoint that has only the kept experts.
// (Masks against transformers with a masked router are in tst_logits.)
#include "tests/core/engine/engine_support.h"

#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <map>
#include <numeric>

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

    /// NAEE's rule from its definition, in double, on the weights that the whole model gave; one layer, so that a
    /// token's inputs are the same.
    void skippingEqualsItsDefinition_data()
    {
        QTest::addColumn<bool>("normalised");
        QTest::addColumn<int>("active");
        QTest::newRow("renormalised") << true << 4;
        QTest::newRow("not renormalised") << false << 4;
        QTest::newRow("and fewer per token") << true << 3;
        QTest::newRow("not renormalised, two of the model's four") << false << 2;
    }
    void skippingEqualsItsDefinition()
    {
        QFETCH(const bool, normalised);
        QFETCH(const int, active);
        TinyOptions options;
        options.layers = 1;
        options.experts = 9;
        options.topK = 4;
        options.normTopK = normalised;
        options.weightScale = 0.4;
        writeTinyCheckpoint(place("skipping"), options);
        const Machine machine = openMachine(place("skipping"), {engine::ComputeType::Float32, 1, {}});
        const auto texts = randomTexts(*machine.model, {60, 90, 1});
        plan::Plan plan = plan::Plan::keepAll(machine.model->summary);
        plan.layers[0].topK = active == options.topK ? 0 : active;
        for (const double share : {0.7, 0.5, 0.3})
            if (std::cmp_less(plan.layers[0].skip.size(), active - 1))
                plan.layers[0].skip.push_back(share);
        const auto base = must(machine.engine->trace(texts, nullptr, {}));
        const auto found = must(machine.engine->trace(texts, &plan, {}));
        std::map<int, int> seen;
        for (std::size_t s = 0; s < texts.size(); ++s) {
            QVERIFY(found[s][0].ids == base[s][0].ids); // the choice is the model's
            for (std::size_t at = 0; at < base[s][0].gates.size(); at += 4) {
                const std::vector<double> gate(base[s][0].gates.begin() + static_cast<std::ptrdiff_t>(at),
                                               base[s][0].gates.begin() + static_cast<std::ptrdiff_t>(at) + 4);
                int count = 1; // this router chooses by weight, largest first
                while (count < active && gate[static_cast<std::size_t>(count)] >=
                                             plan.layers[0].skip[static_cast<std::size_t>(count) - 1] * gate[0])
                    ++count;
                ++seen[count];
                const double kept = std::accumulate(gate.begin(), gate.begin() + count, 0.0);
                for (int j = 0; j < 4; ++j) {
                    const double wanted =
                        j >= count ? 0 : gate[static_cast<std::size_t>(j)] / (normalised ? kept : 1.0);
                    const double is = found[s][0].gates[at + static_cast<std::size_t>(j)];
                    QVERIFY2(
                        std::abs(is - wanted) <= 1e-6 * wanted,
                        qPrintable(QString("token %1, choice %2: %3, not %4").arg(at / 4).arg(j).arg(is).arg(wanted)));
                }
            }
        }
        QCOMPARE(seen.size(), static_cast<std::size_t>(active)); // every number of experts happens
    }

    /// Threshold 0 is the model, one that no weight reaches is top-1, to the bit; answers follow the same rule step by
    /// step.
    void skippingNothingAndAllButTheFirst()
    {
        TinyOptions options;
        options.topK = 3;
        options.weightScale = 0.4;
        writeTinyCheckpoint(place("ends"), options);
        const Machine machine = openMachine(place("ends"));
        const auto texts = randomTexts(*machine.model, {30, 12});
        plan::Plan first = randomPlan(*machine.model, 5, 3), skips = first;
        for (auto& layer : first.layers)
            layer.topK = 1;
        const auto skipBelow = [&](std::vector<double> thresholds) {
            for (auto& layer : skips.layers)
                layer.skip = thresholds;
        };
        plan::Plan masked = skips;
        skipBelow({0, 0});
        QVERIFY(skips.skips());
        QVERIFY(collectLogits(*machine.engine, texts, &skips) == collectLogits(*machine.engine, texts, &masked));
        skipBelow({2, 0});
        QVERIFY(collectLogits(*machine.engine, texts, &skips) == collectLogits(*machine.engine, texts, &first));
        skipBelow({0.6, 0.4});
        const Logits some = collectLogits(*machine.engine, texts, &skips);
        QVERIFY(largestDifference(some[0], collectLogits(*machine.engine, texts, &masked)[0]) > 1e-3);
        QVERIFY(largestDifference(some[0], collectLogits(*machine.engine, texts, &first)[0]) > 1e-3);

        engine::GenerateRequest request;
        request.prompts = texts;
        request.variants = {&masked, &skips};
        request.maxTokens = 6;
        const auto answers = must(machine.engine->generate(request, {}))[1];
        for (std::size_t s = 0; s < texts.size(); ++s) {
            TokenSequence whole = texts[s];
            whole.insert(whole.end(), answers[s].begin(), answers[s].end());
            const auto logits = collectLogits(*machine.engine, {whole}, &skips)[0];
            const auto vocabulary = static_cast<std::ptrdiff_t>(options.vocabulary);
            for (std::size_t t = texts[s].size(); t < whole.size(); ++t) {
                const auto row = logits.begin() + static_cast<std::ptrdiff_t>(t - 1) * vocabulary;
                QCOMPARE(static_cast<engine::TokenId>(std::max_element(row, row + vocabulary) - row), whole[t]);
            }
        }
        skips.layers[1].skip = {0.5};
        const auto refused = machine.engine->logits(texts, &skips, [](auto, auto, auto) { return Result<void>(); }, {});
        QVERIFY(!refused &&
                refused.error().text().find("1 thresholds for leaving out experts, it needs 2") != std::string::npos);
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
