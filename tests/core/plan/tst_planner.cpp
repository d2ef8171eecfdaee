// SPDX-License-Identifier: Apache-2.0
// Targets, order and ties, nesting, locks, router groups, budgets, mass kept and determinism of the planner.
#include "tests/core/plan/plan_support.h"

using namespace espalier;
using namespace espalier::plan;
using namespace espalier::test;

class TestPlanner : public QObject {
    Q_OBJECT
    static constexpr int kLayers = 5, kExperts = 16, kTopK = 2;
    model::ModelSummary m_model = madeUpModel(kLayers, kExperts, kTopK);
    std::shared_ptr<const stats::Statistics> m_statistics = madeUpStatistics(kLayers, kExperts, kTopK);

    Planner planner() const { return Planner(m_model, m_statistics); }

private slots:
    void keepsTheBest()
    {
        auto p = planner();
        for (const auto& method : method::scoreMethods()) {
            if (method.fromElsewhere)
                continue;
            const auto request = requestFor(std::string(method.id), 5);
            const auto plan = p.make(request);
            QVERIFY_RESULT(plan);
            const auto scores = p.scores(request.score);
            QVERIFY_RESULT(scores);
            QCOMPARE(plan->layers.size(), std::size_t{kLayers});
            for (std::size_t l = 0; l < plan->layers.size(); ++l) {
                const auto& layer = plan->layers[l];
                const auto& experts = (*scores)->layers[l].experts;
                QCOMPARE(layer.layer, m_model.moeLayers[l].layer);
                QCOMPARE(layer.keep.size(), std::size_t{5});
                QVERIFY(std::is_sorted(layer.keep.begin(), layer.keep.end()));
                QCOMPARE(setOf(layer.order).size(), std::size_t{kExperts});
                // By definition: nobody outside has a larger score, and among equals the smaller id stays.
                for (std::int32_t out = 0; out < kExperts; ++out)
                    if (!setOf(layer.keep).contains(out))
                        for (const auto in : layer.keep) {
                            const double a = experts[static_cast<std::size_t>(in)].score;
                            const double b = experts[static_cast<std::size_t>(out)].score;
                            QVERIFY(a > b || (a == b && in < out));
                        }
            }
            QVERIFY(plan->uniform());
            QCOMPARE(plan->keptTotal(), std::int64_t{5} * kLayers);
            QCOMPARE(plan->method, std::string(method.id));
            const bool fromTexts = method.fromWeights == nullptr;
            QCOMPARE(plan->domains,
                     fromTexts ? (std::vector<std::string>{"alpha", "beta"}) : std::vector<std::string>{});
        }
    }

    /// One count for stock engines: what the allocator kept stays, the rest is filled with the next best.
    void oneCountFillsWithTheNextBest()
    {
        auto p = planner();
        for (const char* allocator : {"global", "coverage", "knapsack"}) {
            auto request = requestFor("reap-sum", 6);
            request.allocator = allocator;
            const auto free = p.make(request);
            request.oneCount = true;
            const auto filled = p.make(request);
            QVERIFY_RESULT(free);
            QVERIFY_RESULT(filled);
            QVERIFY(!free->uniform() && filled->uniform());
            QVERIFY(nested(*free, *filled));
            std::size_t largest = 0;
            for (const auto& layer : free->layers)
                largest = std::max(largest, layer.keep.size());
            for (const auto& layer : filled->layers) {
                QCOMPARE(layer.keep.size(), largest);
                const std::set<std::int32_t> best(layer.order.begin(),
                                                  layer.order.begin() + static_cast<std::ptrdiff_t>(largest));
                QVERIFY(best == setOf(layer.keep));
            }
            QVERIFY(filled->settings["one_count"] == true && !free->settings.contains("one_count"));
        }
    }

    /// PreMoe's 4/64: fewer experts per token also allow fewer in a layer.
    void fewerExpertsPerToken()
    {
        auto p = planner();
        auto request = requestFor("reap-sum", 1);
        QVERIFY(!p.make(request).ok());
        request.topK = 1;
        const auto plan = p.make(request);
        QVERIFY_RESULT(plan);
        for (const auto& layer : plan->layers) {
            QCOMPARE(layer.keep.size(), std::size_t{1});
            QCOMPARE(layer.topK, 1);
        }
        QVERIFY(plan->settings["top_k"] == 1);
        request.topK = kTopK;
        QVERIFY(!p.make(request).ok());
        request.target.keepPerLayer = 4;
        QCOMPARE(p.make(request)->layers[0].topK, 0);
        request.topK = kTopK + 1;
        QVERIFY(!p.make(request).ok() && p.make(request).error().code == ErrorCode::Usage);
    }

    /// NAEE's thresholds from the study, for as many experts as a token takes.
    void skipping()
    {
        constexpr int kActive = 4;
        const auto model = madeUpModel(kLayers, kExperts, kActive);
        const auto unmeasured = madeUpStatistics(kLayers, kExperts, kActive);
        auto request = requestFor("reap-sum", 6);
        request.skip = 0.5;
        const auto lacking = Planner(model, unmeasured).make(request); // made-up statistics hold no ratios
        QVERIFY(!lacking && lacking.error().code == ErrorCode::BadInput);
        auto measured = std::make_shared<stats::Statistics>(*unmeasured);
        const auto bin = [](const stats::LayerStats& layer, std::size_t j) {
            return static_cast<std::size_t>(layer.layer().value()) + 10 * (kActive - j);
        };
        for (auto& domain : measured->domains)
            for (auto& layer : domain.layers) {
                std::vector<double> counts(256 * (kActive - 1), 0.0);
                for (std::size_t j = 0; j + 1 < kActive; ++j)
                    counts[256 * j + bin(layer, j)] = 8;
                QVERIFY(layer.set(stats::Stat::RatioHistogram, counts).ok());
            }
        Planner has(model, measured);
        const auto plan = has.make(request);
        QVERIFY_RESULT(plan);
        QVERIFY(plan->settings["skip"] == 0.5);
        for (std::size_t l = 0; l < plan->layers.size(); ++l) {
            QCOMPARE(plan->layers[l].skip.size(), std::size_t{kActive - 1});
            for (std::size_t j = 0; j + 1 < kActive; ++j)
                QCOMPARE(plan->layers[l].skip[j],
                         (static_cast<double>(bin(measured->domains[0].layers[l], j)) + 0.5) / 256);
        }
        request.topK = kActive - 1;
        const auto fewer = has.make(request);
        QVERIFY_RESULT(fewer);
        for (std::size_t l = 0; l < fewer->layers.size(); ++l)
            QVERIFY(fewer->layers[l].skip ==
                    std::vector<double>(plan->layers[l].skip.begin(), plan->layers[l].skip.end() - 1));
        request.topK = 1;
        const auto single = has.make(request);
        QVERIFY(!single && single.error().code == ErrorCode::Usage);
        QVERIFY(single.error().message.find("every token takes one expert") != std::string::npos);
        request.topK.reset();
        for (const double share : {-0.1, 1.1, std::nan("")}) {
            request.skip = share;
            QVERIFY(!has.make(request) && has.make(request).error().code == ErrorCode::Usage);
        }
    }

    void protectorsWithNumbers()
    {
        auto p = planner();
        auto request = requestFor("frequency", 3);
        request.allocator = "global";
        request.protectors = {"min-k:5"};
        request.target.keepPerLayer = 6;
        const auto floor = p.make(request);
        QVERIFY_RESULT(floor);
        for (const auto& layer : floor->layers)
            QVERIFY(layer.keep.size() >= 5);
        // No domain loses more than the floor allows in any layer, even under scores that know nothing.
        request = requestFor("random", 4);
        request.protectors = {"domain-floor:0.7"};
        const auto kept = p.make(request);
        QVERIFY_RESULT(kept);
        for (const auto& [domain, mass] : kept->predicted.massKeptWorst)
            QVERIFY2(mass >= 0.7 - 1e-12, domain.c_str());
        request.protectors.clear();
        const auto without = p.make(request);
        QVERIFY_RESULT(without);
        QVERIFY(without->predicted.massKeptWorst.at("alpha") < 0.7);
        request.protectors = {"domain-floor:7"};
        QVERIFY(!p.make(request).ok());
    }

    /// A layer whose experts add more to the residual stream keeps more of them.
    void knapsackWeighsLayers()
    {
        auto statistics = std::make_shared<stats::Statistics>(*m_statistics);
        for (auto& domain : statistics->domains)
            for (std::size_t l = 0; l < domain.layers.size(); ++l)
                *domain.layers[l].edit(stats::Stat::LayerRatio).begin() =
                    domain.layers[l].tokens() * (l == 2 ? 3.0 : 0.2);
        Planner weighted(m_model, statistics);
        auto request = requestFor("reap-sum", 6);
        request.allocator = "knapsack";
        const auto heavy = weighted.make(request);
        const auto plain = planner().make(request);
        QVERIFY_RESULT(heavy);
        QVERIFY_RESULT(plain);
        QVERIFY(heavy->layers[2].keep.size() > plain->layers[2].keep.size());
        QCOMPARE(heavy->keptTotal(), plain->keptTotal());
    }

    void tiesGoToTheSmallerId()
    {
        auto statistics = std::make_shared<stats::Statistics>(*m_statistics);
        for (auto& domain : statistics->domains)
            for (auto& layer : domain.layers)
                for (double& n : layer.edit(stats::Stat::Count))
                    n = 3;
        Planner p(m_model, statistics);
        const auto plan = p.make(requestFor("frequency", 4));
        QVERIFY_RESULT(plan);
        for (const auto& layer : plan->layers)
            QCOMPARE(layer.keep, (std::vector<std::int32_t>{0, 1, 2, 3}));
    }

    void ratiosRoundAsDocumented_data()
    {
        QTest::addColumn<double>("ratio");
        QTest::addColumn<int>("kept"); // E - floor(E R), at least top-k
        QTest::newRow("none") << 0.0 << 16;
        QTest::newRow("half") << 0.5 << 8;
        QTest::newRow("below one expert") << 0.06 << 16;
        QTest::newRow("one expert") << 0.0625 << 15;
        QTest::newRow("between") << 0.3 << 12;
        QTest::newRow("whole in exact arithmetic") << 0.6875 << 5;
        QTest::newRow("below top-k") << 0.99 << 2;
    }
    void ratiosRoundAsDocumented()
    {
        QFETCH(double, ratio);
        QFETCH(int, kept);
        auto request = requestFor("frequency", 0);
        request.target = {};
        request.target.ratio = ratio;
        const auto plan = planner().make(request);
        QVERIFY_RESULT(plan);
        for (const auto& layer : plan->layers)
            QCOMPARE(layer.keep.size(), static_cast<std::size_t>(kept));
    }

    void wholeRatiosOfTenAreWhole()
    {
        // 0.7 * 10 is 7 in exact arithmetic but floating point may say 6.999…
        const auto model = madeUpModel(2, 10, 2);
        Planner p(model, madeUpStatistics(2, 10, 2));
        for (int removed = 0; removed <= 8; ++removed) {
            auto request = requestFor("frequency", 0);
            request.target = {};
            request.target.ratio = removed / 10.0;
            const auto plan = p.make(request);
            QVERIFY_RESULT(plan);
            QCOMPARE(plan->layers[0].keep.size(), static_cast<std::size_t>(10 - removed));
        }
    }

    void impossibleRequestsAreUsageErrors_data()
    {
        QTest::addColumn<int>("which");
        const char* names[] = {"no target",
                               "two targets",
                               "ratio one",
                               "ratio negative",
                               "ratio not finite",
                               "keep below top-k",
                               "keep above experts",
                               "allocator",
                               "protector",
                               "lock off the layers",
                               "lock off the experts",
                               "counts missing",
                               "count below",
                               "count above",
                               "method",
                               "domain",
                               "context",
                               "sequences"};
        for (int i = 0; i < static_cast<int>(std::size(names)); ++i)
            QTest::newRow(names[i]) << i;
    }
    void impossibleRequestsAreUsageErrors()
    {
        QFETCH(int, which);
        auto request = requestFor("frequency", 4);
        const auto ratio = [&](double r) {
            request.target = {};
            request.target.ratio = r;
        };
        const auto counts = [&](std::vector<std::int32_t> c) {
            request.target = {};
            request.target.perLayer = std::move(c);
        };
        switch (which) {
        case 0:
            request.target = {};
            break;
        case 1:
            request.target.ratio = 0.5;
            break;
        case 2:
            ratio(1.0);
            break;
        case 3:
            ratio(-0.1);
            break;
        case 4:
            ratio(std::nan(""));
            break;
        case 5:
            request.target.keepPerLayer = kTopK - 1;
            break;
        case 6:
            request.target.keepPerLayer = kExperts + 1;
            break;
        case 7:
            request.allocator = "nonsense";
            break;
        case 8:
            request.protectors = {"nonsense"};
            break;
        case 9:
            request.locks = {{LayerIndex(0), ExpertIndex(1), true}};
            break; // dense
        case 10:
            request.locks = {{LayerIndex(1), ExpertIndex(kExperts), true}};
            break;
        case 11:
            counts({4, 4});
            break;
        case 12:
            counts({4, 4, 4, 1, 4});
            break;
        case 13:
            counts({4, 4, 4, 17, 4});
            break;
        case 14:
            request.score.method = "nonsense";
            break;
        case 15:
            request.score.domains = {{"gamma", 1}};
            break;
        case 16:
            request.deployment.context = 0;
            break;
        case 17:
            request.deployment.sequences = std::int64_t{1} << 40;
            break;
        default:
            QFAIL("no such case");
        }
        const auto plan = planner().make(request);
        QVERIFY(!plan);
        QCOMPARE(static_cast<int>(plan.error().code), static_cast<int>(ErrorCode::Usage));
        QVERIFY(!plan.error().message.empty());
    }

    void statisticsOfAnotherModelAreRefused()
    {
        Planner other(madeUpModel(kLayers, kExperts, kTopK, 2), m_statistics); // other layer numbers
        QCOMPARE(static_cast<int>(other.make(requestFor("frequency", 4)).error().code), 3);
        Planner fewer(madeUpModel(kLayers - 1, kExperts, kTopK), m_statistics);
        QCOMPARE(static_cast<int>(fewer.make(requestFor("frequency", 4)).error().code), 3);
        Planner dense(madeUpModel(0, kExperts, kTopK), m_statistics);
        QCOMPARE(static_cast<int>(dense.make(requestFor("frequency", 4)).error().code), 3);
    }

    void smallerPlansKeepASubset_data()
    {
        QTest::addColumn<QString>("allocator");
        QTest::addColumn<QString>("method");
        for (const QString allocator : {"uniform", "global", "coverage"})
            for (const QString method : {"frequency", "reap", "random"})
                QTest::newRow(qPrintable(allocator + ", " + method)) << allocator << method;
    }
    void smallerPlansKeepASubset()
    {
        QFETCH(QString, allocator);
        QFETCH(QString, method);
        auto p = planner();
        auto request = requestFor(method.toStdString(), kExperts);
        request.allocator = allocator.toStdString();
        request.locks = {{LayerIndex(1), ExpertIndex(kExperts - 1), true}, {LayerIndex(3), ExpertIndex(0), false}};
        auto larger = p.make(request);
        QVERIFY_RESULT(larger);
        for (int keep = kExperts - 1; keep >= kTopK; --keep) {
            request.target.keepPerLayer = keep;
            auto smaller = p.make(request);
            QVERIFY_RESULT(smaller);
            QVERIFY(nested(*smaller, *larger));
            QVERIFY(smaller->keptTotal() <= larger->keptTotal());
            larger = std::move(smaller);
        }
    }

    void sameRequestSamePlan()
    {
        auto first = planner(), second = planner();
        for (const char* allocator : {"uniform", "global", "coverage"}) {
            auto request = requestFor("random", 6);
            request.allocator = allocator;
            request.score.seed = 42;
            const auto a = first.make(request), b = second.make(request), again = first.make(request);
            QVERIFY_RESULT(a);
            QCOMPARE(a->toJson().dump(), b->toJson().dump());
            QCOMPARE(a->toJson().dump(), again->toJson().dump());
        }
        auto other = requestFor("random", 6);
        other.score.seed = 43;
        auto base = other;
        base.score.seed = 42;
        QVERIFY(first.make(other)->layers != first.make(base)->layers);
    }

    void locksAndProtectorsHold()
    {
        for (const char* allocator : {"uniform", "global", "coverage"}) {
            auto p = planner();
            auto request = requestFor("frequency", 4);
            request.allocator = allocator;
            const auto free = p.make(request);
            QVERIFY_RESULT(free);
            const auto worst = free->layers[2].order.back();
            const auto best = free->layers[3].order.front();
            request.locks = {{m_model.moeLayers[2].layer, ExpertIndex(worst), true},
                             {m_model.moeLayers[3].layer, ExpertIndex(best), false}};
            const auto locked = p.make(request);
            QVERIFY_RESULT(locked);
            QVERIFY(setOf(locked->layers[2].keep).contains(worst));
            QVERIFY(!setOf(locked->layers[3].keep).contains(best));
            QCOMPARE(locked->keptTotal(), free->keptTotal());
            QCOMPARE(locked->locks, request.locks);
        }
    }

    void manyLocksRaiseTheCommonCount()
    {
        auto p = planner();
        auto request = requestFor("frequency", 3);
        for (std::int32_t e = 0; e < 7; ++e)
            request.locks.push_back({LayerIndex(2), ExpertIndex(e), true});
        const auto plan = p.make(request);
        QVERIFY_RESULT(plan);
        QVERIFY(plan->uniform());
        QCOMPARE(plan->layers[0].keep.size(), std::size_t{7});
        QCOMPARE(plan->layers[1].keep, (std::vector<std::int32_t>{0, 1, 2, 3, 4, 5, 6}));
        // Another layer that can give only five makes a common count impossible; counts that differ are not.
        for (std::int32_t e = 0; e < 11; ++e)
            request.locks.push_back({LayerIndex(4), ExpertIndex(e), false});
        const auto refused = p.make(request);
        QVERIFY(!refused);
        QCOMPARE(static_cast<int>(refused.error().code), 2);
        QVERIFY(refused.error().message.find("layer 2") != std::string::npos);
        QVERIFY(refused.error().message.find("layer 4") != std::string::npos);
        request.allocator = "global";
        QVERIFY_RESULT(p.make(request));
    }

    void locksThatLeaveTooFewAreRefused()
    {
        auto request = requestFor("frequency", 3);
        for (std::int32_t e = 0; e < kExperts - 1; ++e)
            request.locks.push_back({LayerIndex(2), ExpertIndex(e), false});
        const auto refused = planner().make(request);
        QVERIFY(!refused);
        QCOMPARE(static_cast<int>(refused.error().code), 2);
    }

    void countsByHandRespectLocks()
    {
        auto p = planner();
        auto request = requestFor("frequency", 0);
        request.target = {};
        request.target.perLayer = std::vector<std::int32_t>{2, 16, 7, 3, 5};
        const auto plan = p.make(request);
        QVERIFY_RESULT(plan);
        for (std::size_t l = 0; l < 5; ++l)
            QCOMPARE(static_cast<std::int32_t>(plan->layers[l].keep.size()), (*request.target.perLayer)[l]);
        // Three locked experts do not fit into two places, and a dropped one cannot be among sixteen.
        auto tight = request;
        for (std::int32_t e = 0; e < 3; ++e)
            tight.locks.push_back({LayerIndex(1), ExpertIndex(e), true});
        QCOMPARE(static_cast<int>(p.make(tight).error().code), 2);
        auto full = request;
        full.locks = {{LayerIndex(2), ExpertIndex(9), false}};
        QCOMPARE(static_cast<int>(p.make(full).error().code), 2);
    }

    void superExpertsStay()
    {
        auto statistics = std::make_shared<stats::Statistics>(*m_statistics);
        const auto request = requestFor("frequency", 3);
        const auto worst = Planner(m_model, statistics).make(request)->layers[1].order.back();
        statistics->domains[1].layers[1].edit(stats::Stat::MaxAbs)[static_cast<std::size_t>(worst)] = 1e4;
        Planner p(m_model, statistics);
        QVERIFY(!setOf(p.make(request)->layers[1].keep).contains(worst));
        auto safe = request;
        safe.protectors = {"min-k", "super-experts"};
        const auto plan = p.make(safe);
        QVERIFY_RESULT(plan);
        QVERIFY(setOf(plan->layers[1].keep).contains(worst));
        QCOMPARE(plan->protectors, safe.protectors);
        // What the user drops stays dropped.
        safe.locks = {{m_model.moeLayers[1].layer, ExpertIndex(worst), false}};
        QVERIFY(!setOf(p.make(safe)->layers[1].keep).contains(worst));
    }

    void budgetGivesTheLargestCountThatFits()
    {
        auto p = planner();
        const Deployment deployment{128, 3, 2};
        // Memory at every count, from plans of that count.
        std::vector<std::uint64_t> need(kExperts + 1, 0);
        for (int keep = kTopK; keep <= kExperts; ++keep) {
            auto request = requestFor("frequency", keep);
            request.deployment = deployment;
            need[static_cast<std::size_t>(keep)] = p.make(request)->predicted.memory.total();
        }
        for (int keep = kTopK; keep <= kExperts; ++keep)
            for (const std::int64_t more : {0, 1, 39}) {
                auto request = requestFor("frequency", 0);
                request.target = {};
                request.deployment = deployment;
                request.target.budget = need[static_cast<std::size_t>(keep)] + static_cast<std::uint64_t>(more);
                const auto plan = p.make(request);
                QVERIFY_RESULT(plan);
                QCOMPARE(plan->layers[0].keep.size(), static_cast<std::size_t>(keep));
                QVERIFY(plan->predicted.memory.total() <= *request.target.budget);
            }
        auto request = requestFor("frequency", 0);
        request.target = {};
        request.deployment = deployment;
        request.target.budget = need[kTopK] - 1;
        const auto tooSmall = p.make(request);
        QVERIFY(!tooSmall);
        QCOMPARE(static_cast<int>(tooSmall.error().code), 4);
        QVERIFY(tooSmall.error().message.find("needs") != std::string::npos);
        QVERIFY(!tooSmall.error().remedy.empty());
        request.target.budget = ~std::uint64_t{0};
        QCOMPARE(p.make(request)->keptTotal(), std::int64_t{kLayers} * kExperts);
        // A smaller budget of the same request keeps a subset, for every allocator.
        for (const char* allocator : {"uniform", "global", "coverage"}) {
            request.allocator = allocator;
            request.target.budget = need[9];
            const auto large = p.make(request);
            request.target.budget = need[6] + 5;
            const auto small = p.make(request);
            QVERIFY_RESULT(small);
            QVERIFY(small->predicted.memory.total() <= *request.target.budget);
            QVERIFY(nested(*small, *large));
        }
    }

    void locksBeyondTheBudgetAreRefused()
    {
        auto p = planner();
        auto request = requestFor("frequency", 4);
        const auto need = p.make(request)->predicted.memory.total();
        request.target = {};
        request.target.budget = need;
        for (std::int32_t e = 0; e < 5; ++e)
            request.locks.push_back({LayerIndex(1), ExpertIndex(e), true});
        const auto refused = p.make(request);
        QVERIFY(!refused);
        QCOMPARE(static_cast<int>(refused.error().code), 4);
    }

    void massKeptEqualsADirectSum()
    {
        auto p = planner();
        for (const char* allocator : {"uniform", "coverage"}) {
            auto request = requestFor("reap", 5);
            request.allocator = allocator;
            const auto plan = p.make(request);
            QVERIFY_RESULT(plan);
            for (const auto& domain : m_statistics->domains) {
                double sum = 0, worst = 2;
                for (std::size_t l = 0; l < domain.layers.size(); ++l) {
                    const auto gate = domain.layers[l][stats::Stat::Gate];
                    double kept = 0, all = 0;
                    for (std::size_t e = 0; e < gate.size(); ++e) {
                        all += gate[e];
                        if (setOf(plan->layers[l].keep).contains(static_cast<std::int32_t>(e)))
                            kept += gate[e];
                    }
                    sum += kept / all;
                    worst = std::min(worst, kept / all);
                }
                QVERIFY(std::abs(plan->predicted.massKept.at(domain.name) - sum / kLayers) < 1e-12);
                QVERIFY(std::abs(plan->predicted.massKeptWorst.at(domain.name) - worst) < 1e-12);
            }
        }
        const auto all = p.make(requestFor("frequency", kExperts));
        QVERIFY(std::abs(all->predicted.massKept.at("alpha") - 1) < 1e-12);
    }

    void weightsOfDomainsSteer()
    {
        auto p = planner();
        auto alpha = requestFor("frequency", 4), weighted = alpha;
        alpha.score.domains = {{"alpha", 1}};
        weighted.score.domains = {{"alpha", 1}, {"beta", 0}};
        QCOMPARE(p.make(weighted)->layers, p.make(alpha)->layers);
        QVERIFY(p.make(alpha)->predicted.massKept.at("alpha") >=
                p.make(requestFor("frequency", 4))->predicted.massKept.at("alpha"));
        QCOMPARE(p.make(alpha)->predicted.massKept.size(), std::size_t{2}); // what the others lose is told, too
    }

    void groupedRoutersKeepEquallyMany()
    {
        auto model = m_model;
        model.routerGroups = 4; // experts 0–3, 4–7, 8–11, 12–15
        model.routerGroupsUsed = 2;
        QCOMPARE(legalCount(model, 1), 8);  // two per group at least
        QCOMPARE(legalCount(model, 9), 12); // rounded up
        QCOMPARE(legalCount(model, 16), 16);
        QCOMPARE(legalCount(model, 99), 16);
        Planner p(model, m_statistics);
        for (const char* allocator : {"uniform", "global", "coverage"}) {
            std::optional<Plan> larger;
            for (int keep = kExperts; keep >= kTopK; --keep) {
                auto request = requestFor("reap-sum", keep);
                request.allocator = allocator;
                request.locks = {{LayerIndex(2), ExpertIndex(5), true}, {LayerIndex(3), ExpertIndex(6), false}};
                const auto plan = p.make(request);
                QVERIFY_RESULT(plan);
                const auto scores = p.scores(request.score);
                for (std::size_t l = 0; l < plan->layers.size(); ++l) {
                    const auto& layer = plan->layers[l];
                    std::array<int, 4> perGroup{};
                    for (const auto id : layer.keep)
                        ++perGroup[static_cast<std::size_t>(id / 4)];
                    for (const int n : perGroup)
                        QCOMPARE(n, static_cast<int>(layer.keep.size()) / 4);
                    if (model.moeLayers[l].layer.value() == 2 || model.moeLayers[l].layer.value() == 3)
                        continue; // has a lock
                    // The best of every group, by definition.
                    for (const auto in : layer.keep)
                        for (std::int32_t out = in / 4 * 4; out < in / 4 * 4 + 4; ++out)
                            if (!setOf(layer.keep).contains(out))
                                QVERIFY((*scores)->layers[l].experts[static_cast<std::size_t>(in)].score >=
                                        (*scores)->layers[l].experts[static_cast<std::size_t>(out)].score);
                }
                QVERIFY(setOf(plan->layers[1].keep).contains(5));
                QVERIFY(!setOf(plan->layers[2].keep).contains(6));
                if (larger)
                    QVERIFY(nested(*plan, *larger));
                larger = *plan;
            }
        }
        auto byHand = requestFor("frequency", 0);
        byHand.target = {};
        byHand.target.perLayer = std::vector<std::int32_t>{8, 8, 10, 8, 8};
        const auto refused = p.make(byHand);
        QVERIFY(!refused);
        QCOMPARE(static_cast<int>(refused.error().code), 2);
        QVERIFY(refused.error().remedy.find("8 or 12") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestPlanner)
#include "tst_planner.moc"
