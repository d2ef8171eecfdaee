// SPDX-License-Identifier: Apache-2.0
// The plans of a comparison: every combination once, baselines beside them, each the plan that the planner makes alone.
#include "core/plan/comparison.h"
#include "tests/core/plan/plan_support.h"

using namespace espalier;
using namespace espalier::plan;
using namespace espalier::test;

class TestComparison : public QObject {
    Q_OBJECT
    Planner m_planner{madeUpModel(4, 12, 2), madeUpStatistics(4, 12, 2)};

    static Target keep(int count)
    {
        Target target;
        target.keepPerLayer = count;
        return target;
    }
    static Target ratio(double removed)
    {
        Target target;
        target.ratio = removed;
        return target;
    }

private slots:
    void everyCombinationOnce()
    {
        ComparisonRequest request;
        request.methods = {"reap", "frequency"};
        request.allocators = {"global", "coverage"};
        request.targets = {ratio(0.5), keep(4)};
        request.randomSeeds = 3;
        request.common.score.domains = {{"beta", 1}};
        const auto plans = comparisonPlans(m_planner, request);
        QVERIFY_RESULT(plans);
        QCOMPARE(plans->size(), std::size_t{2 * (2 * 3 + 3)});
        std::set<std::string> names;
        int random = 0, uniform = 0;
        for (const auto& entry : *plans) {
            names.insert(entry.plan.name);
            random += entry.baseline == Baseline::Random ? 1 : 0;
            uniform += entry.baseline == Baseline::Uniform ? 1 : 0;
            QCOMPARE(entry.plan.keptTotal(), std::int64_t{entry.target == 0 ? 24 : 16});
            auto alone = request.common;
            alone.score.method = entry.plan.method;
            alone.allocator = entry.plan.allocator;
            alone.target = request.targets[entry.target];
            if (entry.baseline == Baseline::Random)
                continue;
            const auto wanted = m_planner.make(alone);
            QVERIFY_RESULT(wanted);
            QVERIFY(wanted->layers == entry.plan.layers);
        }
        QCOMPARE(names.size(), plans->size());
        QVERIFY(names.contains("reap, global, remove 50 %") && names.contains("random 3, keep 4"));
        QCOMPARE(random, 6);
        QCOMPARE(uniform, 4);
        QVERIFY((*plans)[6].plan.layers != (*plans)[7].plan.layers); // random plans differ by seed
    }

    void uniformThatWasAskedForIsNoBaseline()
    {
        ComparisonRequest request;
        request.methods = {"reap"};
        request.allocators = {"global", "uniform"};
        request.targets = {keep(4)};
        request.randomSeeds = 0;
        const auto plans = comparisonPlans(m_planner, request);
        QVERIFY_RESULT(plans);
        QCOMPARE(plans->size(), std::size_t{2});
        for (const auto& entry : *plans)
            QVERIFY(entry.baseline == Baseline::None);
    }

    void setsOfDomains()
    {
        ComparisonRequest request;
        request.methods = {"reap", "frequency"};
        request.targets = {keep(4)};
        request.randomSeeds = 2;
        request.domainSets = {{}, {"beta"}, {"alpha", "beta"}};
        const auto plans = comparisonPlans(m_planner, request);
        QVERIFY_RESULT(plans);
        QCOMPARE(plans->size(), std::size_t{2 * 3 + 2}); // random plans do not depend on domains
        QCOMPARE((*plans)[1].plan.name, std::string("reap by beta, keep 4"));
        QCOMPARE((*plans)[0].scoredBy, std::string("all domains"));
        QCOMPARE((*plans)[2].scoredBy, std::string("alpha+beta"));
        QVERIFY((*plans)[6].scoredBy.empty());
        PlanRequest alone;
        alone.score.method = "reap";
        alone.score.domains = {{"beta", 1}};
        alone.target = keep(4);
        const auto wanted = m_planner.make(alone);
        QVERIFY_RESULT(wanted);
        QVERIFY(wanted->layers == (*plans)[1].plan.layers);
        request.domainSets.push_back({"beta"});
        const auto twice = comparisonPlans(m_planner, request);
        QVERIFY(!twice.ok() && twice.error().code == ErrorCode::Usage);
    }

    void refusals()
    {
        ComparisonRequest request;
        QVERIFY(!comparisonPlans(m_planner, request).ok());
        request.methods = {"reap", "reap"};
        request.targets = {keep(4)};
        QVERIFY(comparisonPlans(m_planner, request).error().text().find("twice") != std::string::npos);
        request.methods = {"reap", "magic"};
        QVERIFY(comparisonPlans(m_planner, request).error().text().find("magic") != std::string::npos);
        request.methods = {"reap"};
        request.targets = {keep(4), keep(1)};
        const auto refused = comparisonPlans(m_planner, request);
        QVERIFY(!refused.ok() && refused.error().code == ErrorCode::Usage);
        QVERIFY(refused.error().text().find("keep 1") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestComparison)
#include "tst_comparison.moc"
