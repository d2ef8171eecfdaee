// SPDX-License-Identifier: GPL-3.0-or-later
// Stored validations as rows and verdicts, the plot's best-so-far line, and the job a new comparison asks for.
#include "tests/views/study_fixture.h"
#include "views/models/table_text.h"
#include "views/models/validation_model.h"
#include "views/pages/validation_form.h"
#include "views/pages/validation_page.h"
#include "views/plots/pareto_plot.h"
#include "views/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QPushButton>
#include <QTableView>
#include <QTest>

using namespace espalier;
using namespace espalier::views;
using test::StudyFixture;

namespace {

std::vector<study::PlanRecord> planFor(const char* domain)
{
    return {{"half", "2026-01-01T00:00:00Z", {{"domains", {domain}}, {"method", "reap-sum"}}}};
}
std::vector<study::ValidationRecord> records()
{
    return {{1, "2026-02-01T00:00:00Z", test::madeUpValidation("half")}};
}

} // namespace

class TestValidationPage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::apply(*qApp, ThemeKind::Light); }

    void verdictsFollowTheLimits()
    {
        MeasuredDomain domain;
        QVERIFY(!domain.breaks()); // nothing measured breaks nothing
        domain.kl = 0.2;
        QVERIFY(!domain.breaks());
        domain.kl = 0.21;
        QVERIFY(domain.breaks());
        domain.kl = 0.01;
        domain.task = true;
        domain.base = 1.0;
        domain.value = 0.9;
        domain.pValue = 0.06;
        QVERIFY(!domain.breaks());
        domain.pValue = 0.04;
        QVERIFY(domain.breaks());
        domain.value = 0.96;
        QVERIFY(!domain.breaks());
    }

    void recordsBecomeRows()
    {
        const auto plans = readValidations(records(), planFor("alpha"));
        QCOMPARE(plans.size(), 2U);
        QCOMPARE(plans[0].name, QStringLiteral("half"));
        QCOMPARE(plans[0].domains.size(), 2U);
        QVERIFY(plans[0].domains[0].calibrated && !plans[0].domains[1].calibrated);
        QVERIFY(!plans[0].domains[0].breaks() && plans[0].domains[1].breaks());
        QVERIFY(plans[0].domains[1].task);
        QCOMPARE(plans[0].kl(), 0.01);
        QVERIFY(!plans[0].stale);
        QVERIFY(plans[1].control);
    }

    void onlyTheNewestMeasurementOfAPlanCounts()
    {
        auto list = records();
        list.push_back({2, "2026-03-01T00:00:00Z", test::madeUpValidation("half")});
        list.back().document["plans"][0]["domains"]["alpha"]["kl_mean"] = 0.05;
        auto stored = planFor("alpha");
        stored[0].created = "2026-04-01T00:00:00Z";
        const auto plans = readValidations(list, stored);
        QCOMPARE(plans.size(), 2U);
        QCOMPARE(plans[0].kl(), 0.05);
        QVERIFY(plans[0].stale);
    }

    void damagedDocumentsAreNoTrouble()
    {
        const std::vector<study::ValidationRecord> odd{
            {1, "x", base::OrderedJson::array()},
            {2, "y", {{"plans", {1, {{"name", 7}, {"domains", "no"}, {"tasks", {{"t", {{"accuracy", "bad"}}}}}}}}}}};
        const auto plans = readValidations(odd, {});
        QCOMPARE(plans.size(), 1U);
        QVERIFY(std::isnan(plans[0].kl()));
    }

    void tableAndSentence()
    {
        ValidationModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setPlan(readValidations(records(), planFor("alpha"))[0]);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.groupRow(), 1);
        QVERIFY(!model.domainAt(1));
        const auto text = [&](int row, int column) { return model.index(row, column).data().toString(); };
        QCOMPARE(text(0, ValidationModel::Domain), QStringLiteral("alpha"));
        QCOMPARE(text(0, ValidationModel::Flips), QStringLiteral("–"));
        QCOMPARE(text(2, ValidationModel::Flips), QStringLiteral("36 / 0"));
        QCOMPARE(text(2, ValidationModel::PValue), QStringLiteral("<\u00A00.001"));
        QCOMPARE(text(2, ValidationModel::Interval), QStringLiteral("18 to 42"));
        QCOMPARE(text(2, ValidationModel::Verdict), QStringLiteral("breaks"));
        QVERIFY(ValidationModel::sentence(model.plan()).startsWith(QLatin1String("half holds all 1 ")));
        QVERIFY(tableText(model, QLatin1Char(',')).contains(QLatin1String(",0.28,")));
        auto reversed = readValidations(records(), planFor("beta"))[0];
        QVERIFY(ValidationModel::sentence(reversed).startsWith(QLatin1String("half breaks all 1 ")));
        QVERIFY(ValidationModel::sentence({}).isEmpty());
    }

    void theFrontLeavesOutControlsAndWorsePlans()
    {
        const std::vector<ParetoPoint> points{{"a", "m", 30, 0.1, 0, 0, false},
                                              {"b", "m", 10, 0.5, 0, 0, false},
                                              {"c", "m", 20, 0.7, 0, 0, false},
                                              {"d", "m", 5, 0.001, 0, 0, true}};
        QCOMPARE(ParetoPlot::front(points), (std::vector<int>{1, 0}));
        QVERIFY(ParetoPlot::front({}).empty());
    }

    void pointsLieWhereTheirNumbersSay()
    {
        ParetoPlot plot;
        plot.resize(500, 400);
        plot.setPoints({{"big", "m", 30000000, 0.001, 0.0005, 0.002, false},
                        {"small", "m", 10000000, 0.1, 0, 0, false},
                        {"exact", "m", 40000000, 0, 0, 0, false}});
        plot.show();
        QCOMPARE(plot.points()[0].name, QStringLiteral("small")); // by memory
        QVERIFY(plot.positionOf(0).x() < plot.positionOf(1).x());
        QVERIFY(plot.positionOf(0).y() < plot.positionOf(1).y());
        QVERIFY(plot.positionOf(2).y() > plot.positionOf(1).y());
        QSignalSpy chosen(&plot, &ParetoPlot::selectionChanged);
        QTest::keyClick(&plot, Qt::Key_Right);
        QCOMPARE(plot.selected(), QStringLiteral("small"));
        QTest::keyClick(&plot, Qt::Key_Right);
        QTest::keyClick(&plot, Qt::Key_Right);
        QTest::keyClick(&plot, Qt::Key_Right);
        QCOMPARE(plot.selected(), QStringLiteral("exact"));
        QTest::keyClick(&plot, Qt::Key_Left);
        QCOMPARE(plot.selected(), QStringLiteral("big"));
        QCOMPARE(chosen.count(), 4);
        QCOMPARE(plot.toTsv().count(QLatin1Char('\n')), 4);
    }

    void aNewComparisonBecomesAJob()
    {
        StudyFixture f;
        const QString task = f.folder.filePath(QStringLiteral("sums.jsonl"));
        test::writeText(task.toStdString(), "{\"prompt\": \"1+1=\", \"answer\": \"2\"}\n");
        const QString text = f.folder.filePath(QStringLiteral("prose.jsonl"));
        test::writeText(text.toStdString(), "{\"text\": \"once\"}\n");
        QVERIFY(isTaskFile(task) && !isTaskFile(text));
        QVERIFY(!isTaskFile(f.folder.filePath(QStringLiteral("none.jsonl"))));
        QVERIFY(f.open());
        ValidationForm form;
        QVERIFY(!form.job());
        plan::Plan plan = plan::Plan::keepAll(*f.session.model());
        plan.name = "half";
        f.session.savePlan(plan);
        form.setSession(&f.session);
        QVERIFY(!form.job()); // nothing to compare on
        form.addFile(task);
        form.addFile(text);
        const auto job = form.job();
        QVERIFY(job);
        QCOMPARE(job->kind, QStringLiteral("validate"));
        QCOMPARE(job->arguments.first(), QStringLiteral("validate"));
        QCOMPARE(job->arguments.count(QStringLiteral("--text")), 2);
        QCOMPARE(job->arguments.count(QStringLiteral("--task")), 1);
        QVERIFY(job->arguments.contains(QStringLiteral("sums=") + task));
        const auto at = job->arguments.indexOf(QStringLiteral("--plan"));
        QCOMPARE(job->arguments.value(at + 1), QStringLiteral("half"));
    }

    void thePageShowsWhatWasMeasured()
    {
        StudyFixture f;
        QVERIFY(f.open());
        ValidationPage page(&f.session);
        page.resize(1255, 840);
        page.show();
        QVERIFY(page.isEmptyShown());
        plan::Plan plan = plan::Plan::keepAll(*f.session.model());
        plan.name = "half";
        plan.domains = {"alpha"};
        f.session.savePlan(plan);
        QVERIFY(!page.isEmptyShown());
        QVERIFY(page.results().empty());
        f.addValidation(test::madeUpValidation("half"));
        QSignalSpy read(&f.session, &Session::exportsChanged);
        f.session.reload();
        QVERIFY(read.wait(20000));
        QCOMPARE(page.results().size(), 2U);
        QCOMPARE(page.findChild<QTableView*>(QStringLiteral("results"))->model()->rowCount(), 3);
        QVERIFY(page.readout().contains(QLatin1String("half")));
        page.showPlan(QStringLiteral("control-1"));
        QVERIFY(page.readout().contains(QLatin1String("control-1")));
        const QString figure = f.folder.filePath(QStringLiteral("loss.svg"));
        QCOMPARE(page.exportFigure(figure), QString());
        QVERIFY(QFile(figure).size() > 500);
        QVERIFY(!page.exportFigure(f.folder.filePath(QStringLiteral("loss.bmp"))).isEmpty());
    }
};

QTEST_MAIN(TestValidationPage)
#include "tst_validation_page.moc"
