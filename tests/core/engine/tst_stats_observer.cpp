// SPDX-License-Identifier: Apache-2.0
// What the sums of a pass must not depend on: number of threads, how the windows are split into calls, what else is
// collected. Identities that hold between the arrays whatever the model.
#include "tests/core/engine/engine_support.h"
#include "tests/core/engine/stats_support.h"

#include <QTest>
#include <cmath>
#include <fmt/format.h>

using namespace espalier;
using stats::Stat;

class TestStatsObserver : public QObject {
    Q_OBJECT

    std::unique_ptr<model::OpenModel> m_model;
    std::vector<tokenizer::Window> m_windows;

    [[nodiscard]] stats::DomainStats empty(const char* statistics) const
    {
        return test::emptyDomain(m_model->summary, test::must(stats::StatSelection::parse(statistics)));
    }

    stats::DomainStats measure(int threads, std::size_t windowsPerCall, const char* statistics = "all,bank",
                               engine::ComputeType compute = engine::ComputeType::Float32) const
    {
        engine::EngineOptions options;
        options.compute = compute;
        options.threads = threads;
        const auto engine = test::must(engine::openEngine(*m_model, options));
        auto domain = empty(statistics);
        const std::span<const tokenizer::Window> all(m_windows);
        for (std::size_t first = 0; first < all.size(); first += windowsPerCall)
            test::must(engine->profile(all.subspan(first, std::min(windowsPerCall, all.size() - first)), domain, {}));
        return domain;
    }

    static double total(std::span<const double> values)
    {
        double sum = 0;
        for (const double value : values)
            sum += value;
        return sum;
    }

    static void compare(const stats::DomainStats& a, const stats::DomainStats& b, double tolerance)
    {
        for (std::size_t l = 0; l < a.layers.size(); ++l) {
            QCOMPARE(a.layers[l].tokens(), b.layers[l].tokens());
            QVERIFY(a.layers[l].pool().ids == b.layers[l].pool().ids);
            for (const auto& info : stats::statInfos()) {
                const double error = test::relativeDifference(a.layers[l][info.stat], b.layers[l][info.stat]);
                QVERIFY2(error <= tolerance, fmt::format("layer {}: {} differs by {}", l, info.id, error).c_str());
            }
        }
    }

private slots:
    void initTestCase()
    {
        m_model = std::make_unique<model::OpenModel>(test::must(model::openModel(test::demoFolder())));
        for (auto& ids : test::randomTexts(*m_model, {200, 3, 77, 128, 1, 90, 55}))
            m_windows.push_back({0, std::move(ids)});
    }

    void repeatedToTheBit() { compare(measure(2, 100), measure(2, 100), 0); }
    void anyNumberOfThreads() { compare(measure(1, 100), measure(2, 100), 2e-5); }
    void anySplit() { compare(measure(1, 2), measure(1, 100), 2e-5); }

    void whatIsNotAskedForChangesNothing()
    {
        const auto all = measure(1, 100);
        for (const char* group :
             {"S0", "S0a", "S0b", "S0c", "S1", "S2", "S3", "S4", "pool", "S9", "S10", "S11", "S12"}) {
            const auto part = measure(1, 100, group);
            for (std::size_t l = 0; l < part.layers.size(); ++l) {
                for (const auto& info : stats::statInfos()) {
                    const bool bank = info.group == "bank" && test::must(stats::StatSelection::parse(group)).hasBank();
                    const bool wanted = info.group == group || info.group == "S0" || bank;
                    QCOMPARE(part.layers[l].has(info.stat), wanted);
                    QVERIFY2(!wanted ||
                                 test::relativeDifference(part.layers[l][info.stat], all.layers[l][info.stat]) == 0,
                             info.id.data());
                }
                QCOMPARE(part.layers[l].pool().ids.empty(), std::string_view(group) != "pool");
            }
        }
    }

    void identities()
    {
        for (const auto compute : {engine::ComputeType::Float32, engine::ComputeType::BFloat16}) {
            // One expert's weight is rounded to bfloat16, so their sum over a token may miss 1 by its precision.
            const double exact = compute == engine::ComputeType::Float32 ? 1e-6 : 4e-3;
            const auto domain = measure(1, 100, "all", compute);
            for (const auto& layer : domain.layers) {
                const double tokens = layer.tokens();
                const auto& t = layer.topology();
                QCOMPARE(tokens, 554.0);
                QCOMPARE(total(layer[Stat::Count]), tokens * t.topK);
                QCOMPARE(total(layer[Stat::Top1]), tokens);
                QVERIFY(std::fabs(total(layer[Stat::Gate]) / tokens - 1) < exact); // this router normalises
                QVERIFY(std::fabs(total(layer[Stat::ProbAll]) / tokens - 1) < 1e-5);
                QVERIFY(layer[Stat::LayerTurn][0] > 0 && layer[Stat::LayerTurn][0] < 2 * tokens);
                QVERIFY(layer[Stat::LayerRatio][0] > 0);
                const auto pairs = layer[Stat::Coactivation], gram = layer[Stat::LogitGram];
                for (int i = 0; i < t.experts; ++i) {
                    const auto e = static_cast<std::size_t>(i), n = static_cast<std::size_t>(t.experts);
                    QCOMPARE(pairs[e * n + e], layer[Stat::Count][e]);
                    for (std::size_t other = 0; other < e; ++other) {
                        QCOMPARE(pairs[e * n + other], pairs[other * n + e]);
                        QCOMPARE(gram[e * n + other], gram[other * n + e]);
                    }
                    // Cauchy and Schwarz: what a standard error is taken from is never negative.
                    const double count = layer[Stat::Count][e], slack = 1 + 1e-12;
                    QVERIFY(std::pow(layer[Stat::GateNorm][e], 2) <= count * layer[Stat::GateNorm2][e] * slack);
                    QVERIFY(std::pow(layer[Stat::Norm2][e], 2) <= count * layer[Stat::Norm4][e] * slack);
                    QCOMPARE(layer[Stat::MaxAbs][e] > 0, count > 0);
                }
                for (std::size_t row = 0; row < static_cast<std::size_t>(t.topK) - 1; ++row) {
                    QCOMPARE(total(layer[Stat::RatioHistogram].subspan(row * 256, 256)), tokens);
                    QCOMPARE(total(layer[Stat::CumulativeHistogram].subspan(row * 256, 256)), tokens);
                }
                QCOMPARE(total(layer[Stat::EntropyHistogram]), tokens);
                QCOMPARE(layer.pool().ids.size(), static_cast<std::size_t>(tokens) * 4);
            }
        }
    }

    void cancelledPassAddsNothing()
    {
        const auto engine = test::must(engine::openEngine(*m_model, {}));
        auto domain = empty("all");
        std::stop_source source;
        source.request_stop();
        base::JobContext job;
        job.stop = source.get_token();
        const auto result = engine->profile(m_windows, domain, job);
        QVERIFY(!result.ok());
        QVERIFY(result.error().code == ErrorCode::Cancelled);
        compare(domain, empty("all"), 0);
    }
};

QTEST_APPLESS_MAIN(TestStatsObserver)
#include "tst_stats_observer.moc"
