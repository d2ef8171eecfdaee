// SPDX-License-Identifier: Apache-2.0
// Comparison of plans with the base against the same figures computed from logits(), and what holds for every pass:
// independence of the batch, cancellation, refusals, counters.
#include "core/stats/inference.h"
#include "tests/core/engine/engine_support.h"

#include <QTemporaryDir>
#include <QTest>
#include <numeric>

using namespace espalier;
using namespace espalier::test;

namespace {

/// log softmax of one row in double.
std::vector<double> logSoftmax(const float* row, std::size_t n)
{
    const double largest = *std::max_element(row, row + n);
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i)
        sum += std::exp(row[i] - largest);
    std::vector<double> out(n);
    for (std::size_t i = 0; i < n; ++i)
        out[i] = row[i] - largest - std::log(sum);
    return out;
}

/// The definitions, in double, from logits of base and plan. `t` = Student quantile for the number of windows.
engine::DomainComparison direct(const std::vector<TokenSequence>& texts, const Logits& base, const Logits& plan,
                                std::size_t vocabulary, double t)
{
    std::vector<float> kl;
    std::vector<double> gain, lossPlan, lossBase, tokens;
    double agree = 0;
    for (std::size_t w = 0; w < texts.size(); ++w) {
        double p = 0, b = 0;
        for (std::size_t i = 0; i + 1 < texts[w].size(); ++i) {
            const float* baseRow = base[w].data() + i * vocabulary;
            const float* planRow = plan[w].data() + i * vocabulary;
            const auto logP = logSoftmax(baseRow, vocabulary);
            const auto logQ = logSoftmax(planRow, vocabulary);
            const auto next = static_cast<std::size_t>(texts[w][i + 1]);
            b -= logP[next];
            p -= logQ[next];
            double divergence = 0;
            for (std::size_t v = 0; v < vocabulary; ++v)
                divergence += std::exp(logP[v]) * (logP[v] - logQ[v]);
            kl.push_back(static_cast<float>(divergence));
            agree += std::max_element(baseRow, baseRow + vocabulary) - baseRow ==
                             std::max_element(planRow, planRow + vocabulary) - planRow
                         ? 1
                         : 0;
        }
        if (texts[w].size() < 2)
            continue;
        gain.push_back(p - b);
        lossPlan.push_back(p);
        lossBase.push_back(b);
        tokens.push_back(static_cast<double>(texts[w].size() - 1));
    }
    const auto sum = [](const std::vector<double>& x) { return std::accumulate(x.begin(), x.end(), 0.0); };
    const double n = sum(tokens);
    const auto windows = static_cast<double>(tokens.size());
    const double rate = sum(gain) / n;
    double squares = 0;
    for (std::size_t w = 0; w < gain.size(); ++w)
        squares += std::pow(gain[w] - rate * tokens[w], 2);
    const double reach = t * std::sqrt(squares * windows / (windows - 1)) / n;
    engine::DomainComparison out;
    out.tokens = static_cast<std::int64_t>(n);
    out.perplexity = std::exp(sum(lossPlan) / n);
    out.perplexityBase = std::exp(sum(lossBase) / n);
    out.klMean = std::accumulate(kl.begin(), kl.end(), 0.0) / n;
    out.klP99 = stats::quantile(kl.data(), kl.size(), 0.99);
    out.top1Agreement = agree / n;
    out.perplexityRatioLow = std::exp(rate - reach);
    out.perplexityRatioHigh = std::exp(rate + reach);
    return out;
}

engine::TextSet textSet(const char* name, const std::vector<TokenSequence>& texts)
{
    engine::TextSet set{name, {}};
    for (const TokenSequence& text : texts)
        set.windows.push_back({static_cast<std::int32_t>(set.windows.size()), text});
    return set;
}

bool close(double a, double b)
{
    return std::abs(a - b) <= 2e-5 * (1 + std::abs(b));
}

} // namespace

class TestCompare : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    Machine m_tiny;

    static void verifyEqual(const engine::DomainComparison& found, const engine::DomainComparison& wanted)
    {
        QCOMPARE(found.tokens, wanted.tokens);
        QVERIFY2(close(found.perplexity, wanted.perplexity), qPrintable(QString::number(found.perplexity)));
        QVERIFY(close(found.perplexityBase, wanted.perplexityBase));
        QVERIFY2(close(found.klMean, wanted.klMean), qPrintable(QString::number(found.klMean - wanted.klMean)));
        QVERIFY(close(found.klP99, wanted.klP99));
        QVERIFY(close(found.top1Agreement, wanted.top1Agreement));
        QVERIFY2(close(found.perplexityRatioLow, wanted.perplexityRatioLow),
                 qPrintable(QString("%1 %2").arg(found.perplexityRatioLow).arg(wanted.perplexityRatioLow)));
        QVERIFY(close(found.perplexityRatioHigh, wanted.perplexityRatioHigh));
    }

private Q_SLOTS:
    void initTestCase()
    {
        TinyOptions options;
        options.layers = 4;
        options.mlpOnlyLayers = {1};
        options.experts = 8;
        const std::filesystem::path folder = m_folder.path().toStdString();
        writeTinyCheckpoint(folder, options);
        m_tiny = openMachine(folder);
    }

    void equalsDirectComputation()
    {
        const auto some = randomTexts(*m_tiny.model, {30, 12, 1, 50, 2}); // four windows predict something
        const auto others = randomTexts(*m_tiny.model, {9, 9, 70}, 8);
        const plan::Plan half = randomPlan(*m_tiny.model, 4, 1);
        plan::Plan late = plan::Plan::keepAll(m_tiny.model->summary); // shares all but the last layer with the base
        late.layers.back() = half.layers.back();
        plan::Plan middle = half; // shares the first layers with `half`
        middle.layers.back().keep = {0, 1, 2};
        const std::vector<engine::PlanPointer> plans{&half, nullptr, &late, &middle, &half};
        const std::vector<engine::TextSet> sets{textSet("some", some), textSet("others", others)};
        const auto result = must(m_tiny.engine->compare(sets, plans, {}));
        QCOMPARE(result.size(), plans.size());
        const auto vocabulary = static_cast<std::size_t>(m_tiny.model->spec.vocabulary);
        for (std::size_t p = 0; p < plans.size(); ++p) {
            QCOMPARE(result[p].size(), sets.size());
            verifyEqual(result[p][0], direct(some, collectLogits(*m_tiny.engine, some),
                                             collectLogits(*m_tiny.engine, some, plans[p]), vocabulary, 3.182446));
            verifyEqual(result[p][1], direct(others, collectLogits(*m_tiny.engine, others),
                                             collectLogits(*m_tiny.engine, others, plans[p]), vocabulary, 4.302653));
        }
        QCOMPARE(result[1][0].klMean, 0.0); // the base against itself, exactly
        QCOMPARE(result[1][0].top1Agreement, 1.0);
        QCOMPARE(result[1][0].perplexityRatioLow, 1.0);
        QVERIFY(result[0][0].klMean > 1e-3 && result[2][0].klMean > 1e-5);
        QCOMPARE(result[4][0].perplexity, result[0][0].perplexity);
    }

    /// What plans that skip take per token, layer and text set, against the choices token by token; streams part in the
    /// first layer for one plan and in the last for the other.
    void activeExpertsAreCounted()
    {
        const std::vector<std::vector<TokenSequence>> texts{randomTexts(*m_tiny.model, {30, 12, 50}),
                                                            randomTexts(*m_tiny.model, {9, 70}, 8)};
        plan::Plan skips = randomPlan(*m_tiny.model, 5, 4), late = plan::Plan::keepAll(m_tiny.model->summary);
        for (auto& layer : skips.layers)
            layer.skip = {0.6};
        late.layers.back().skip = {0.9};
        const std::vector<engine::PlanPointer> plans{&late, nullptr, &skips};
        const std::vector<engine::TextSet> sets{textSet("some", texts[0]), textSet("others", texts[1])};
        const auto result = must(m_tiny.engine->compare(sets, plans, {}));
        for (std::size_t set = 0; set < sets.size(); ++set) {
            QVERIFY(result[1][set].activeExperts.empty());
            for (const std::size_t p : {std::size_t{0}, std::size_t{2}}) {
                const auto trace = must(m_tiny.engine->trace(texts[set], plans[p], {}));
                QCOMPARE(result[p][set].activeExperts.size(), skips.layers.size());
                double sum = 0;
                for (std::size_t l = 0; l < skips.layers.size(); ++l) {
                    double tokens = 0, active = 0;
                    for (const auto& sequence : trace) {
                        tokens += static_cast<double>(sequence[l].gates.size()) / 2;
                        active += static_cast<double>(std::count_if(sequence[l].gates.begin(), sequence[l].gates.end(),
                                                                    [](float g) { return g > 0; }));
                    }
                    QCOMPARE(result[p][set].activeExperts[l], active / tokens);
                    sum += active / tokens;
                }
                QCOMPARE(result[p][set].meanActiveExperts(), sum / static_cast<double>(skips.layers.size()));
            }
            QCOMPARE(result[0][set].activeExperts.front(), 2.0);
            QVERIFY(result[0][set].activeExperts.back() > 1 && result[0][set].activeExperts.back() < 2);
        }
        QVERIFY(result[2][0].activeExperts != result[2][1].activeExperts);
    }

    void manyWindows()
    {
        std::vector<int> lengths;
        for (int i = 0; i < 60; ++i)
            lengths.push_back(3 + i % 11);
        const auto texts = randomTexts(*m_tiny.model, lengths);
        const plan::Plan half = randomPlan(*m_tiny.model, 4, 2);
        const engine::PlanPointer plans[] = {&half};
        const std::vector<engine::TextSet> sets{textSet("texts", texts)};
        verifyEqual(must(m_tiny.engine->compare(sets, plans, {}))[0][0],
                    direct(texts, collectLogits(*m_tiny.engine, texts), collectLogits(*m_tiny.engine, texts, &half),
                           static_cast<std::size_t>(m_tiny.model->spec.vocabulary), 2.000995)); // 59 degrees
    }

    void oneWindowHasNoInterval()
    {
        const auto texts = randomTexts(*m_tiny.model, {20});
        const plan::Plan half = randomPlan(*m_tiny.model, 4, 2);
        const engine::PlanPointer plans[] = {&half};
        const std::vector<engine::TextSet> sets{textSet("one", texts), textSet("none", {})};
        const auto result = must(m_tiny.engine->compare(sets, plans, {}));
        QVERIFY(std::isnan(result[0][0].perplexityRatioLow) && std::isnan(result[0][0].perplexityRatioHigh));
        QVERIFY(result[0][0].perplexity > 1);
        QCOMPARE(result[0][1].tokens, std::int64_t{0});
    }

    void batchDoesNotMatter()
    {
        const Machine demo = openMachine(demoFolder());
        const auto texts = randomTexts(*demo.model, {90, 31, 90, 250, 1, 64, 90});
        const Logits together = collectLogits(*demo.engine, texts);
        for (std::size_t i = 0; i < texts.size(); ++i)
            QVERIFY(largestDifference(collectLogits(*demo.engine, {texts[i]})[0], together[i]) < 2e-4);
        QVERIFY(collectLogits(*demo.engine, texts) == together); // the same again, to the bit
    }

    /// With little memory the texts go through in several passes, which must not show.
    void severalPasses()
    {
        const model::OpenModel demo = must(model::openModel(demoFolder()));
        engine::EngineOptions options{engine::ComputeType::Float32, 1, {}};
        const auto roomy = must(engine::openEngine(demo, options));
        std::unique_ptr<engine::Engine> tight; // with hardly more than it needs to open
        for (std::uint64_t mebibytes = 200; !tight && mebibytes < 1000; mebibytes += 4) {
            options.memory = ByteSize(mebibytes << 20U);
            if (auto opened = engine::openEngine(demo, options))
                tight = *std::move(opened);
        }
        QVERIFY(tight);
        const plan::Plan half = randomPlan(demo, 16, 9);
        const std::vector<engine::PlanPointer> plans{&half};
        const std::vector<engine::TextSet> sets{textSet("first", randomTexts(demo, std::vector<int>(40, 150))),
                                                textSet("second", randomTexts(demo, std::vector<int>(40, 143), 8))};
        const auto wanted = must(roomy->compare(sets, plans, {}))[0];
        const auto found = must(tight->compare(sets, plans, {}))[0];
        verifyEqual(found[0], wanted[0]);
        verifyEqual(found[1], wanted[1]);

        engine::GenerateRequest request;
        request.prompts = randomTexts(demo, std::vector<int>(90, 20));
        request.variants = {&half, nullptr};
        request.maxTokens = 8;
        QCOMPARE(must(tight->generate(request, {})), must(roomy->generate(request, {})));
    }

    void bfloat16IsNear()
    {
        const Machine exact = openMachine(demoFolder());
        const Machine rounded = openMachine(demoFolder(), {engine::ComputeType::BFloat16, 1, {}});
        const auto texts = randomTexts(*exact.model, std::vector<int>(10, 60));
        const Logits a = collectLogits(*exact.engine, texts);
        const Logits b = collectLogits(*rounded.engine, texts);
        double error = 0, size = 0; // transformers in bfloat16 is 2.4 % away on these texts, mostly by other choices
        for (std::size_t s = 0; s < texts.size(); ++s)
            for (std::size_t i = 0; i < a[s].size(); ++i) {
                error += std::pow(a[s][i] - b[s][i], 2);
                size += std::pow(a[s][i], 2);
            }
        QVERIFY2(std::sqrt(error / size) < 0.04, qPrintable(QString::number(std::sqrt(error / size))));
        QVERIFY(error > 0);
    }

    void refusesWrongTokens_data()
    {
        QTest::addColumn<QList<int>>("ids");
        QTest::addColumn<QString>("reason");
        QTest::newRow("beyond the vocabulary") << QList<int>{3, 61} << "token id 61 at position 1";
        QTest::newRow("negative") << QList<int>{-1} << "token id -1";
        QTest::newRow("nothing") << QList<int>{} << "has no tokens";
        QTest::newRow("too long") << QList<int>(257, 1) << "the model has positions for 256";
    }
    void refusesWrongTokens()
    {
        QFETCH(const QList<int>, ids);
        QFETCH(const QString, reason);
        const std::vector<TokenSequence> texts{{1, 2}, TokenSequence(ids.begin(), ids.end())};
        const auto check = [&](const Error& error) {
            QCOMPARE(error.code, ErrorCode::BadInput);
            QVERIFY2(error.text().find("sequence 1 " + std::string()) != std::string::npos &&
                         error.text().find(reason.toStdString()) != std::string::npos,
                     error.text().c_str());
        };
        const auto sink = [](auto, auto, auto) { return Result<void>(); };
        check(m_tiny.engine->logits(texts, nullptr, sink, {}).error());
        const std::vector<engine::TextSet> sets{textSet("wrong", texts)};
        check(m_tiny.engine->compare(sets, std::vector<engine::PlanPointer>{nullptr}, {}).error());
        engine::GenerateRequest request;
        request.prompts = texts;
        request.variants = {nullptr};
        check(m_tiny.engine->generate(request, {}).error());
        stats::DomainStats domain;
        check(m_tiny.engine->profile(sets[0].windows, domain, {}).error());
    }

    void sinkErrorsComeBack()
    {
        const auto texts = randomTexts(*m_tiny.model, {4, 4});
        const auto result = m_tiny.engine->logits(
            texts, nullptr, [](auto, auto, auto) -> Result<void> { return noResources("the disk is full"); }, {});
        QVERIFY(!result && result.error().message == "the disk is full");
    }

    void cancellation()
    {
        const auto texts = randomTexts(*m_tiny.model, std::vector<int>(100, 100));
        const std::vector<engine::TextSet> sets{textSet("texts", texts)};
        const auto stopAt = [](double share, auto&& work) {
            std::stop_source source;
            base::JobContext job;
            job.stop = source.get_token();
            job.progress = [&](const base::ProgressEvent& event) {
                if (event.unit != "bytes" && event.done > share * event.total)
                    source.request_stop();
            };
            return work(job);
        };
        const plan::Plan half = randomPlan(*m_tiny.model, 4, 2);
        const std::vector<engine::PlanPointer> plans{&half};
        for (const double share : {0.0, 0.5, 0.85}) {
            const auto compared =
                stopAt(share, [&](const auto& job) { return m_tiny.engine->compare(sets, plans, job); });
            QVERIFY(!compared && compared.error().code == ErrorCode::Cancelled);
        }
        stats::DomainStats domain;
        domain.name = "texts";
        for (const auto& layer : m_tiny.model->summary.moeLayers)
            domain.layers.emplace_back(layer.layer, stats::Topology{8, 2, 24}, stats::StatSelection::all());
        const auto profiled =
            stopAt(0.5, [&](const auto& job) { return m_tiny.engine->profile(sets[0].windows, domain, job); });
        QVERIFY(!profiled && profiled.error().code == ErrorCode::Cancelled);
        for (const stats::LayerStats& layer : domain.layers) {
            QCOMPARE(layer.tokens(), 0.0);
            QVERIFY(layer.pool().logits.empty());
            for (const stats::StatInfo& info : stats::statInfos())
                for (const double value : layer[info.stat])
                    QCOMPARE(value, 0.0);
        }
        must(m_tiny.engine->profile(sets[0].windows, domain, {})); // and the engine still works
        QCOMPARE(domain.layers[0].tokens(), 10000.0);
        QCOMPARE(domain.tokens, std::int64_t{10000});
    }

    void progressGrowsToTheEnd()
    {
        const auto texts = randomTexts(*m_tiny.model, std::vector<int>(90, 100));
        const std::vector<engine::TextSet> sets{textSet("texts", texts)};
        std::vector<base::ProgressEvent> events;
        base::JobContext job;
        job.progress = [&](const base::ProgressEvent& event) { events.push_back(event); };
        must(m_tiny.engine->compare(sets, std::vector<engine::PlanPointer>{nullptr}, job));
        QVERIFY(events.size() > 5);
        double before = 0;
        for (const auto& event : events) {
            QCOMPARE(event.unit, std::string("tokens"));
            QCOMPARE(event.total, 9000.0);
            QVERIFY(event.done >= before);
            before = event.done;
        }
        QVERIFY(std::abs(before - 9000) < 1e-6);
    }

    void weightsAreReadOnce()
    {
        const Machine demo = openMachine(demoFolder());
        QCOMPARE(demo.engine->counters().weightBytesRead, std::uint64_t{0});
        const auto texts = randomTexts(*demo.model, {20, 20});
        for (int i = 0; i < 2; ++i) {
            const double flops = demo.engine->counters().flops;
            collectLogits(*demo.engine, texts);
            const engine::PassCounters counters = demo.engine->counters();
            QCOMPARE(counters.weightBytesRead, demo.model->checkpoint.tensorBytes());
            QCOMPARE(counters.weightBytesTotal, demo.model->checkpoint.tensorBytes());
            // Two per active parameter and token; attention between positions and norms aside
            const double expected = 2.0 * 40 * static_cast<double>(demo.model->summary.activeParameters);
            QVERIFY(std::abs(counters.flops - flops - expected) < 0.1 * expected);
        }
        QVERIFY(demo.engine->counters().seconds > 0);
    }
};

QTEST_APPLESS_MAIN(TestCompare)
#include "tst_compare.moc"
