// SPDX-License-Identifier: GPL-3.0-or-later
// The document behind the planner page: every edit undone and redone, drags merged, budget and count bound together,
// hand edits and locks, plans stored and brought back.
#include "tests/views/planner_fixture.h"
#include "views/models/device_list_model.h"
#include "views/plan/plan_editor.h"
#include "views/plan/plan_loading.h"
#include "views/plan/plan_texts.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace espalier;
using views::PlanEditor;

namespace {

struct Fixture {
    std::shared_ptr<const model::ModelSummary> model = test::plannerModel();
    std::shared_ptr<const stats::Statistics> statistics = test::plannerStatistics(*model);
    PlanEditor editor;
    Fixture() { editor.setData(model, statistics); }

    /// An expert of the row that is kept (or dropped) now.
    [[nodiscard]] int find(int row, bool keep, int nth = 0) const
    {
        for (int e = 0; e < model->experts; ++e)
            if (editor.kept(row, e) == keep && nth-- == 0)
                return e;
        return -1;
    }
    [[nodiscard]] std::vector<std::size_t> counts() const
    {
        std::vector<std::size_t> result;
        for (const auto& layer : editor.plan().layers)
            result.push_back(layer.keep.size());
        return result;
    }
};

using Counts = std::vector<std::size_t>;

} // namespace

class TestPlanEditor : public QObject {
    Q_OBJECT
private slots:
    void beginsWithHalfOfTheExperts()
    {
        Fixture f;
        QVERIFY(f.editor.ready());
        QVERIFY(f.editor.problem().isEmpty());
        QCOMPARE(f.counts(), (Counts{4, 4, 4}));
        QCOMPARE(f.editor.state().request.score.domains.size(), 2U);
        QVERIFY(!f.editor.overBudget());
        QCOMPARE(f.editor.fitsUpTo().value_or(-1), 4);
        QVERIFY(!f.editor.modified());
    }

    void withoutStatisticsNothingCrashes()
    {
        PlanEditor editor;
        editor.setBudget(1);
        editor.setKeepPerLayer(3);
        QVERIFY(!editor.toggle(0, 0));
        editor.makeUniform();
        const auto model = test::plannerModel();
        editor.setData(model, std::make_shared<const stats::Statistics>());
        QVERIFY(!editor.ready());
        editor.setMethod("reap");
        QCOMPARE(editor.undoStack()->count(), 0);
    }

    void devicesInOrder()
    {
        Fixture f;
        const std::uint64_t half = f.editor.state().budget;
        views::DeviceListModel list(&f.editor);
        const QAbstractItemModelTester tester(&list, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(list.rowCount(), 0);
        list.add(); // two of the present budget
        QCOMPARE(list.rowCount(), 2);
        QCOMPARE(f.editor.state().budget, 2 * half);
        QVERIFY(f.editor.split() && f.editor.split()->fits() && !f.editor.overBudget());
        QCOMPARE(f.counts(), (Counts{8, 8, 8})); // everything fits now
        const auto memory = [&](int row) { return list.index(row, views::DeviceListModel::Memory); };
        QVERIFY(list.setData(memory(1), QStringLiteral("1 B")));
        QVERIFY(f.editor.overBudget());
        QCOMPARE(f.editor.split()->tooFull.value_or(9), std::size_t(1)); // the logits alone are more
        QCOMPARE(f.editor.split()->loads[1].layers, 0);
        QVERIFY(!list.setData(memory(1), QStringLiteral("nonsense")));
        QVERIFY(!list.setData(memory(1), QStringLiteral("0")));
        QVERIFY(list.setData(list.index(0, views::DeviceListModel::Name), QStringLiteral("A100")));
        QCOMPARE(views::deviceName(f.editor.state(), 0), QStringLiteral("A100"));
        QCOMPARE(f.editor.undoStack()->count(), 3);
        for (int i = 0; i < 3; ++i)
            QVERIFY(f.editor.undoStack()->text(i) != QLatin1String("Edit"));

        // The study and the journal keep them.
        const auto kept = views::PlanState::fromJson(f.editor.state().toJson());
        QVERIFY(kept.ok());
        QVERIFY(*kept == f.editor.state());
        views::PlanEditor other;
        other.setData(test::plannerModel(), test::plannerStatistics(*test::plannerModel()));
        other.load(f.editor.planToSave());
        QVERIFY(other.state().devices == f.editor.state().devices);

        list.removeAt(1);
        QCOMPARE(list.rowCount(), 0);
        QCOMPARE(f.editor.state().budget, half);
        QVERIFY(!f.editor.split());
        f.editor.undoStack()->undo();
        QCOMPARE(list.rowCount(), 2);
        f.editor.setBudget(half); // one budget is one device
        QVERIFY(f.editor.state().devices.empty() && !f.editor.split());
    }

    void sizesAsTheyAreTyped()
    {
        QCOMPARE(views::readSize(QStringLiteral("24 GB")).value_or(0), std::uint64_t(24'000'000'000));
        QCOMPARE(views::readSize(QStringLiteral("24")).value_or(0), std::uint64_t(24) << 30);
        QCOMPARE(views::readSize(QStringLiteral("1,5 GiB")).value_or(0), std::uint64_t(3) << 29);
        QVERIFY(!views::readSize(QStringLiteral("many")) && !views::readSize({}) &&
                !views::readSize(QStringLiteral("-1 GB")));
    }

    void everyEditIsUndoneAndRedone_data()
    {
        QTest::addColumn<int>("edit");
        for (int i = 0; i < 18; ++i)
            QTest::addRow("edit %d", i) << i;
    }
    void everyEditIsUndoneAndRedone()
    {
        QFETCH(int, edit);
        Fixture f;
        const auto before = f.editor.state();
        const auto planBefore = f.editor.plan();
        switch (edit) {
        case 0:
            f.editor.setBudget(before.budget + 3 * 800 * 2);
            break;
        case 1:
            f.editor.setKeepPerLayer(6);
            break;
        case 2:
            f.editor.setLayerCount(1, 7);
            break;
        case 3:
            f.editor.setMethod("reap");
            break;
        case 4:
            f.editor.setAllocator("global");
            break;
        case 5:
            f.editor.setProtector("super-experts", true);
            break;
        case 6:
            f.editor.setUseLocks(false);
            break;
        case 7:
            f.editor.setDeployment({512, 2, 1});
            break;
        case 8:
            f.editor.setDomainWeight("beta", 0);
            break;
        case 9:
            QVERIFY(f.editor.toggle(0, f.find(0, true)));
            break;
        case 10:
            f.editor.toggleLock(2, f.find(2, false));
            break;
        case 11:
            f.editor.setProtectorNumber("domain-floor", 0.9);
            break;
        case 12:
            f.editor.setTopK(1);
            break;
        case 13:
            f.editor.setOneCount(true);
            break;
        case 14:
            f.editor.setExponents({1, 1, 0});
            break;
        case 15:
            f.editor.setDevices({{"first", before.budget}, {"", before.budget / 2}});
            QVERIFY(f.editor.split());
            break;
        case 16:
            f.editor.setSkip(0.5);
            break;
        default:
            f.editor.rename("other");
            break;
        }
        QCOMPARE(f.editor.undoStack()->count(), 1);
        QVERIFY(f.editor.undoStack()->undoText() != QLatin1String("Edit"));
        QVERIFY(!f.editor.undoStack()->undoText().isEmpty());
        QVERIFY(f.editor.modified());
        const auto after = f.editor.state();
        const auto planAfter = f.editor.plan();
        QVERIFY(!(before == after));
        f.editor.undoStack()->undo();
        QVERIFY(f.editor.state() == before);
        QVERIFY(f.editor.plan().layers == planBefore.layers);
        QVERIFY(f.editor.plan().predicted == planBefore.predicted);
        QVERIFY(!f.editor.modified());
        f.editor.undoStack()->redo();
        QVERIFY(f.editor.state() == after);
        QVERIFY(f.editor.plan().layers == planAfter.layers);
        QVERIFY(f.editor.plan().predicted == planAfter.predicted);
    }

    /// What the fields ask for is what the planner makes of the same request; it comes back from the study, and from a
    /// plan that another program's command line made.
    void everyFieldReachesThePlan()
    {
        Fixture f;
        f.editor.setMethod("unified");
        f.editor.setExponents({1, 2, 2});
        f.editor.setAllocator("global");
        f.editor.setOneCount(true);
        f.editor.setTopK(1);
        f.editor.setProtectorNumber("min-k", 3);
        f.editor.setProtectorNumber("domain-floor", 0.5);
        f.editor.setProtectorNumber("domain-floor", 0.7); // takes the place of the other
        QVERIFY2(f.editor.problem().isEmpty(), qPrintable(f.editor.problem()));
        plan::PlanRequest request;
        request.name = f.editor.state().request.name;
        request.score = f.editor.state().request.score;
        request.score.method = "unified";
        request.score.exponents = {1, 2, 2};
        request.target = f.editor.state().request.target;
        request.allocator = "global";
        request.oneCount = true;
        request.topK = 1;
        request.protectors = {"min-k:3", "domain-floor:0.7"};
        plan::Planner planner(*f.model, f.statistics);
        const auto wanted = planner.make(request);
        QVERIFY(wanted.ok());
        QVERIFY(f.editor.plan().layers == wanted->layers);
        QVERIFY(f.editor.plan().uniform());
        QCOMPARE(f.editor.plan().activeExperts(*f.model), 1);
        QCOMPARE(f.editor.protectorNumber("domain-floor").value_or(0), 0.7);

        const auto json = f.editor.state().toJson();
        const auto again = views::PlanState::fromJson(json);
        QVERIFY(again.ok() && *again == f.editor.state());
        PlanEditor other;
        other.setData(f.model, f.statistics);
        other.load(*wanted);
        QVERIFY(other.plan().layers == wanted->layers);
        QVERIFY(other.state().request.topK == 1 && other.state().request.oneCount);
        QCOMPARE(other.state().request.score.exponents[2], 2.0);
        // Skipping made elsewhere is not lost; a token with one expert has none to skip
        auto skips = *wanted;
        skips.settings["skip"] = 0.25;
        for (auto& layer : skips.layers)
            layer.topK = 0;
        other.load(skips);
        QVERIFY(other.state().request.skip == 0.25);
        QVERIFY(*views::PlanState::fromJson(other.state().toJson()) == other.state());
        other.setTopK(1);
        QVERIFY(!other.state().request.skip);
        // The model's own number is no wish, and min-k stays when its number goes
        f.editor.setTopK(f.model->topK);
        f.editor.setProtectorNumber("min-k", std::nullopt);
        QVERIFY(!f.editor.state().request.topK);
        QVERIFY(!f.editor.protectorNumber("super-experts"));
        const auto& left = f.editor.state().request.protectors;
        QVERIFY(std::find(left.begin(), left.end(), "min-k") != left.end());
        // Studies of earlier versions do not have the new keys
        auto old = json;
        for (const char* key : {"exponents", "top_k", "one_count"})
            old.erase(key);
        QVERIFY(views::PlanState::fromJson(old).ok());
    }

    void skippingIsWhatTheStudySays()
    {
        Fixture f;
        QVERIFY2(f.editor.cannotSkip().contains("alpha"), qPrintable(f.editor.cannotSkip()));
        f.editor.setSkip(0.5);
        QVERIFY(f.editor.problem().contains("ratio-histogram"));
        auto measured = std::make_shared<stats::Statistics>(*f.statistics);
        test::addEvenRatios(measured->domains.at(0));
        f.editor.setData(f.model, measured);
        QVERIFY2(f.editor.cannotSkip().contains("beta"), qPrintable(f.editor.cannotSkip()));
        f.editor.setDomainWeight("beta", 0); // what it lacks is not asked for
        QCOMPARE(f.editor.cannotSkip(), QString());
        f.editor.setSkip(0.25);
        QCOMPARE(f.editor.problem(), QString());
        QCOMPARE(f.editor.undoStack()->undoText(), QStringLiteral("Skip experts of small weight: 25\u00a0%"));
        for (const auto& layer : f.editor.plan().layers)
            QCOMPARE(layer.skip, std::vector<double>(1, 0.25));
        QVERIFY(*views::PlanState::fromJson(f.editor.state().toJson()) == f.editor.state());
        f.editor.setTopK(1);
        QVERIFY(!f.editor.cannotSkip().isEmpty() && !f.editor.state().request.skip);
        f.editor.undoStack()->undo();
        f.editor.setSkip(0);
        QVERIFY(!f.editor.state().request.skip && !f.editor.plan().skips());
        QCOMPARE(f.editor.undoStack()->undoText(), QStringLiteral("Skip no experts"));
    }

    void aDragIsOneStepAndAReturnIsNone()
    {
        Fixture f;
        f.editor.beginGesture();
        for (const int count : {5, 6, 7})
            f.editor.setKeepPerLayer(count);
        f.editor.endGesture();
        QCOMPARE(f.editor.undoStack()->count(), 1);
        QCOMPARE(f.editor.undoStack()->undoText(), QStringLiteral("Keep 4 to 7 per layer"));
        f.editor.beginGesture();
        f.editor.setKeepPerLayer(6);
        f.editor.setKeepPerLayer(5);
        f.editor.endGesture();
        QCOMPARE(f.editor.undoStack()->count(), 2);
        f.editor.beginGesture();
        f.editor.setKeepPerLayer(8);
        f.editor.setKeepPerLayer(5);
        f.editor.endGesture();
        QCOMPARE(f.editor.undoStack()->count(), 2);
        f.editor.undoStack()->undo();
        QCOMPARE(f.counts(), (Counts{7, 7, 7}));
        f.editor.undoStack()->undo();
        QCOMPARE(f.counts(), (Counts{4, 4, 4}));
    }

    void weightsOfDifferentDomainsDoNotMerge()
    {
        Fixture f;
        f.editor.beginGesture();
        f.editor.setDomainWeight("alpha", 0.5);
        f.editor.setDomainWeight("alpha", 0.4);
        f.editor.setDomainWeight("beta", 0.5);
        f.editor.endGesture();
        QCOMPARE(f.editor.undoStack()->count(), 2);
        f.editor.undoStack()->undo();
        QCOMPARE(f.editor.state().request.score.domains[0].weight, 0.4);
        QCOMPARE(f.editor.state().request.score.domains[1].weight, 1.0);
    }

    void budgetMovesTheCountAndTheCountLeavesTheBudget()
    {
        Fixture f;
        const auto at4 = f.editor.plan().predicted.memory.total();
        // One more expert per layer costs (768 + 32) bytes in each of three layers.
        f.editor.setBudget(at4 + 3 * 800);
        QCOMPARE(f.counts(), (Counts{5, 5, 5}));
        f.editor.setBudget(at4 + 3 * 800 - 1);
        QCOMPARE(f.counts(), (Counts{4, 4, 4}));
        QVERIFY(!f.editor.overBudget());
        const auto line = f.editor.state().budget;
        f.editor.setKeepPerLayer(8);
        QCOMPARE(f.editor.state().budget, line);
        QVERIFY(f.editor.overBudget());
        QCOMPARE(f.editor.plan().predicted.memory.total(), f.editor.wholeMemory());
        QCOMPARE(f.editor.fitsUpTo().value_or(-1), 4);
        f.editor.setBudget(10);
        QVERIFY(!f.editor.fitsUpTo());
        QCOMPARE(f.counts(), (Counts{2, 2, 2}));
        QVERIFY(f.editor.overBudget());
    }

    void countsStayLegal()
    {
        Fixture f;
        f.editor.setKeepPerLayer(1);
        QCOMPARE(f.counts(), (Counts{2, 2, 2}));
        f.editor.setKeepPerLayer(99);
        QCOMPARE(f.counts(), (Counts{8, 8, 8}));
        f.editor.setLayerCount(1, 0);
        QCOMPARE(f.counts(), (Counts{8, 2, 8}));
        f.editor.setLayerCount(7, 3);
        QCOMPARE(f.counts(), (Counts{8, 2, 8}));
        f.editor.makeUniform();
        QCOMPARE(f.counts(), (Counts{6, 6, 6}));
    }

    void handEditsChangeThePredictionAndReturnToTheRanking()
    {
        Fixture f;
        const auto before = f.editor.plan().predicted.memory.total();
        const int dropped = f.find(1, false);
        QVERIFY(f.editor.toggle(1, dropped));
        QVERIFY(f.editor.kept(1, dropped));
        QCOMPARE(f.editor.plan().predicted.memory.total(), before + 800);
        QCOMPARE(views::PlanTexts::reason(f.editor, 1, dropped), QStringLiteral("set by hand"));
        QVERIFY(f.editor.toggle(1, dropped));
        QVERIFY(f.editor.state().edits.empty());
        QCOMPARE(f.counts(), (Counts{4, 4, 4}));
    }

    void aLayerNeverFallsBelowTopK()
    {
        Fixture f;
        f.editor.setKeepPerLayer(2);
        QSignalSpy refused(&f.editor, &PlanEditor::refused);
        QVERIFY(!f.editor.toggle(0, f.find(0, true)));
        QCOMPARE(refused.count(), 1);
        f.editor.setBlock(QRect(0, 0, 8, 3), false);
        QCOMPARE(f.counts(), (Counts{2, 2, 2}));
        f.editor.setBlock(QRect(0, 1, 8, 1), true);
        QCOMPARE(f.counts(), (Counts{2, 8, 2}));
        f.editor.setBlock(QRect(-3, 1, 30, 1), false);
        QCOMPARE(f.counts(), (Counts{2, 2, 2}));
    }

    void locksHoldAgainstTheRanking()
    {
        Fixture f;
        const int worst = f.editor.plan().layers[1].order.back();
        QVERIFY(!f.editor.kept(1, worst));
        QVERIFY(f.editor.toggle(1, worst));
        f.editor.toggleLock(1, worst);
        QVERIFY(f.editor.kept(1, worst));
        QCOMPARE(f.counts(), (Counts{4, 4, 4}));
        QCOMPARE(views::PlanTexts::reason(f.editor, 1, worst), QStringLiteral("locked"));
        f.editor.setKeepPerLayer(2);
        QVERIFY(f.editor.kept(1, worst));
        f.editor.setUseLocks(false);
        QVERIFY(!f.editor.kept(1, worst));
        f.editor.setUseLocks(true);
        f.editor.toggleLock(1, worst);
        QVERIFY(!f.editor.kept(1, worst));
    }

    void anImpossibleRequestKeepsTheLastPlanAndSaysWhy()
    {
        Fixture f;
        const auto before = f.editor.plan().layers;
        f.editor.setMethod("no-such-method");
        QVERIFY(f.editor.problem().contains("no-such-method"));
        QVERIFY(f.editor.plan().layers == before);
        f.editor.undoStack()->undo();
        QVERIFY(f.editor.problem().isEmpty());
    }

    void savedPlansComeBackAsTheyWere()
    {
        Fixture f;
        f.editor.setMethod("reap");
        f.editor.setDomainWeight("beta", 0.25);
        f.editor.toggleLock(0, f.find(0, false));
        QVERIFY(f.editor.toggle(2, f.find(2, true)));
        const auto state = f.editor.state();
        const auto saved = f.editor.planToSave();
        f.editor.markSaved();
        QVERIFY(!f.editor.modified());
        const auto read = plan::Plan::fromJson(saved.toJson(), "test", *f.model);
        QVERIFY2(read, read ? "" : read.error().text().c_str());
        f.editor.setKeepPerLayer(8);
        f.editor.load(*read);
        QVERIFY(f.editor.state() == state);
        QVERIFY(f.editor.plan().layers == saved.layers);
        QCOMPARE(f.editor.undoStack()->count(), 0);
    }

    void plansMadeElsewhereKeepTheirExperts()
    {
        Fixture f;
        plan::Plan foreign = plan::Plan::keepAll(*f.model);
        foreign.name = "by-hand";
        foreign.method.clear();
        foreign.layers[0].keep = {0, 3, 7};
        foreign.layers[1].keep = {1, 2, 5};
        foreign.layers[2].keep = {4, 5, 6};
        f.editor.load(foreign);
        for (std::size_t l = 0; l < 3; ++l)
            QVERIFY(f.editor.plan().layers[l].keep == foreign.layers[l].keep);
        foreign.layers[2].keep = {0, 4, 5, 6, 7};
        f.editor.load(foreign);
        QVERIFY(f.editor.plan().layers[2].keep == foreign.layers[2].keep);
        QCOMPARE(f.counts(), (Counts{3, 3, 5}));
    }

    void theJournalHoldsTheLastStateOfARun()
    {
        Fixture f;
        QSignalSpy journal(&f.editor, &PlanEditor::journalDue);
        f.editor.setKeepPerLayer(5);
        f.editor.setKeepPerLayer(6);
        QVERIFY(journal.wait(5000));
        QCOMPARE(journal.count(), 1);
        const auto state = views::PlanState::fromJson(journal.first().at(1).value<base::OrderedJson>());
        QVERIFY(state);
        QVERIFY(*state == f.editor.state());
        QCOMPARE(journal.first().at(0).toString(), QStringLiteral("Keep 5 to 6 per layer"));
    }

    void statesSurviveJson()
    {
        Fixture f;
        f.editor.setLayerCount(0, 5);
        f.editor.setProtector("super-experts", true);
        f.editor.toggleLock(1, 2);
        QVERIFY(f.editor.toggle(2, f.find(2, false)));
        const auto again = views::PlanState::fromJson(f.editor.state().toJson());
        QVERIFY(again);
        QVERIFY(*again == f.editor.state());
        QVERIFY(!views::PlanState::fromJson(base::OrderedJson::object()));
    }

    void toolTipsNameReasonScoreAndUse()
    {
        Fixture f;
        const int expert = f.find(0, false);
        const QString tip = views::PlanTexts::toolTip(f.editor, 0, expert);
        QVERIFY(tip.contains(QStringLiteral("Layer 1, expert %1: dropped").arg(expert)));
        QVERIFY(tip.contains("layer keeps 4"));
        QVERIFY(tip.contains("Score"));
        QVERIFY(views::PlanTexts::toolTip(f.editor, 9, 0).isEmpty());
        // The last expert is never routed.
        QVERIFY(views::PlanTexts::toolTip(f.editor, 0, 7).contains("too few tokens"));
        QVERIFY(views::PlanTexts::mostUsedBy(f.editor, 0, 7).isEmpty());
    }
};

QTEST_MAIN(TestPlanEditor)
#include "tst_plan_editor.moc"
