// SPDX-License-Identifier: GPL-3.0-or-later
// Stored validations as rows and verdicts, the plot's best-so-far line, and the job a new comparison asks for.
#include "core/base/file.h"
#include "tests/views/study_fixture.h"
#include "views/models/gate_model.h"
#include "views/models/table_text.h"
#include "views/models/text_difference.h"
#include "views/models/validation_model.h"
#include "views/pages/answers_panel.h"
#include "views/pages/gate_panel.h"
#include "views/pages/validation_form.h"
#include "views/pages/validation_page.h"
#include "views/plots/pareto_plot.h"
#include "views/theme/theme.h"
#include "views/widgets/banner.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QFile>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTest>
#include <QTextBrowser>

#include <algorithm>

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

    void differencesAreFoundWordByWord()
    {
        const auto joined = [](const TextPieces& pieces) {
            QString text;
            for (const auto& piece : pieces)
                text += piece.text;
            return text;
        };
        const QString left = QStringLiteral("the cat sat  on the mat\n"), right = QStringLiteral("a cat sat on mats");
        const auto [a, b] = textDifference(left, right);
        QCOMPARE(joined(a), left);
        QCOMPARE(joined(b), right);
        QCOMPARE(a, (TextPieces{{QStringLiteral("the "), false},
                                {QStringLiteral("cat sat  on "), true},
                                {QStringLiteral("the mat\n"), false}}));
        QCOMPARE(b, (TextPieces{{QStringLiteral("a "), false},
                                {QStringLiteral("cat sat on "), true},
                                {QStringLiteral("mats"), false}}));
        QCOMPARE(textDifference({}, {}).first.size(), 0U);
        QVERIFY(textDifference(left, left).second.front().same);
        QCOMPARE(markedHtml({{QStringLiteral("a<b"), false}}, QStringLiteral("#f00")),
                 QStringLiteral("<b style=\"color:#f00\">a&lt;b</b>"));
        // Longer than is matched: nothing is lost, and it ends
        const QString longText = QStringLiteral("x ").repeated(static_cast<int>(kWordLimit) + 50);
        QCOMPARE(joined(textDifference(longText, left).first), longText);
    }

    void limitsAreEditedAndHeldAgainstThePlan()
    {
        GateModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setPlan(test::madeUpValidation("half")["plans"][0]);
        QCOMPARE(model.rowCount(), 3 * 4 + 2 * 3); // alpha, beta and the rest; task beta and the rest
        const auto row = [&](const char* name, const char* measure) {
            for (int r = 0; r < model.rowCount(); ++r)
                if (model.index(r, GateModel::Name).data().toString() == QLatin1String(name) &&
                    model.index(r, GateModel::Measure).data().toString().startsWith(QLatin1String(measure)))
                    return r;
            return -1;
        };
        const auto edit = [&](int r, const char* text) {
            return model.setData(model.index(r, GateModel::Limit), QString::fromLatin1(text), Qt::EditRole);
        };
        const auto verdict = [&](int r) { return model.index(r, GateModel::Verdict).data().toString(); };
        const int alpha = row("alpha", "mean KL"), others = row("every other text", "mean KL");
        QVERIFY(alpha >= 0 && others >= 0);
        QCOMPARE(model.index(alpha, GateModel::Measured).data().toString(), QStringLiteral("0.0100"));
        QVERIFY(edit(alpha, "0.05"));
        QVERIFY(verdict(alpha).contains(QLatin1String("holds")));
        QVERIFY(edit(others, "0.5")); // beta has 0.7
        QVERIFY(verdict(others).contains(QLatin1String("broken")));
        QCOMPARE(model.broken(), 1);
        QVERIFY(!edit(alpha, "much"));
        QCOMPARE(model.limits(), 2);
        QVERIFY(edit(row("beta", "mean KL"), "0.9")); // now beta has a limit of its own
        QCOMPARE(model.broken(), 0);
        QCOMPARE(model.unmeasured(), 1); // nothing is left for "every other"
        QVERIFY(edit(others, ""));
        QCOMPARE(model.limits(), 2);
        // What the table says is what the command line says
        const auto validation = test::madeUpValidation("half");
        QVERIFY(edit(row("beta", "exact match"), "0.5"));
        const auto held = engine::holdGate(model.toJson(), "gate.json", validation);
        QVERIFY(held.ok());
        QCOMPARE(held->size(), 3U);
        QCOMPARE(static_cast<int>(std::count_if(held->begin(), held->end(), [](const auto& f) { return !f.ok; })),
                 model.broken());
        QVERIFY(!model.read({{"schema", "espalier.gate/1"}, {"domains", {{"a", {{"kl", 1}}}}}}, QStringLiteral("g"))
                     .isEmpty());
        QCOMPARE(model.limits(), 3); // a bad file changes nothing
    }

    void theGateIsSavedForTheCommandLine()
    {
        StudyFixture f;
        const auto validation = test::madeUpValidation("half");
        GatePanel panel;
        QVERIFY(panel.file().isEmpty());
        panel.setValidations({{1, "now", validation}});
        panel.proposeLimits();
        QVERIFY2(panel.summary().contains(QLatin1String("breaks 2 of 2")), qPrintable(panel.summary()));
        const QString path = f.folder.filePath(QStringLiteral("gate.json"));
        QCOMPARE(panel.save(path), QString());
        QCOMPARE(panel.file(), path);
        const auto gate = base::readJsonFile(path.toStdString());
        QVERIFY(gate.ok());
        const auto held = engine::holdGate(*gate, "gate.json", validation);
        QVERIFY(held.ok());
        QCOMPARE(held->size(), 3U); // alpha and beta by KL, beta by its task; the control is left out
        QVERIFY(panel.findChild<QPlainTextEdit*>()->toPlainText().contains(QStringLiteral("--gate ") + path));
        panel.proposeLimits(); // changed since
        QVERIFY(panel.file().isEmpty());
        QCOMPARE(panel.open(path), QString());
        QCOMPARE(panel.file(), path);
        test::writeText(path.toStdString(), "{}");
        QVERIFY(panel.open(path).contains(QLatin1String("espalier.gate/1")));
        QVERIFY(!panel.open(f.folder.filePath(QStringLiteral("none.json"))).isEmpty());
        QVERIFY(!panel.save(QStringLiteral("/nonexistent/gate.json")).isEmpty());
        // A comparison can be held to it
        QVERIFY(f.open());
        plan::Plan plan = plan::Plan::keepAll(*f.session.model());
        plan.name = "half";
        f.session.savePlan(plan);
        ValidationForm form;
        form.setSession(&f.session);
        const QString text = f.folder.filePath(QStringLiteral("prose.jsonl"));
        test::writeText(text.toStdString(), "{\"text\": \"once\"}\n");
        form.addFile(text);
        form.setGate(path);
        QVERIFY(!form.job()->arguments.contains(QStringLiteral("--gate")));
        form.findChild<QCheckBox*>(QStringLiteral("formGate"))->setChecked(true);
        QCOMPARE(form.job()->arguments.last(), path);
        form.setGate({});
        QVERIFY(!form.job()->arguments.contains(QStringLiteral("--gate")));
    }

    void answersStandSideBySide()
    {
        StudyFixture f;
        const QString engine = f.folder.filePath(QStringLiteral("engine"));
        test::writeText(engine.toStdString(),
                        "#!/bin/sh\ncase \"$*\" in *--plan*) t=five;; *) t=four;; esac\n"
                        "case \"$*\" in *--prompt=-fail*) exit 3;; esac\n"
                        "echo \"{\\\"type\\\":\\\"result\\\",\\\"result\\\":{\\\"text\\\":\\\"it is $t\\\"}}\" >&2\n");
        QFile(engine).setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        qputenv("ESPALIER_CLI", engine.toUtf8());
        QVERIFY(f.open());
        plan::Plan plan = plan::Plan::keepAll(*f.session.model());
        plan.name = "half";
        f.session.savePlan(plan);
        AnswersPanel panel;
        auto* button = panel.findChild<QPushButton*>(QStringLiteral("answersAsk"));
        QVERIFY(!button->isEnabled());
        panel.setSession(&f.session);
        panel.setPrompt(QStringLiteral("2+2="));
        QVERIFY(button->isEnabled());
        button->click();
        QTRY_VERIFY_WITH_TIMEOUT(panel.answers()[0].baseDone && panel.answers()[0].cutDone, 10000);
        QCOMPARE(panel.answers()[0].base, QStringLiteral("it is four"));
        QCOMPARE(panel.answers()[0].cut, QStringLiteral("it is five"));
        const auto* view = panel.findChild<QTextBrowser*>();
        QVERIFY(view->toHtml().contains(QLatin1String("font-weight")));
        QVERIFY(view->toPlainText().contains(QLatin1String("1 place differs")) ||
                view->toPlainText().contains(QLatin1String("1 place(s) differ")));
        QCOMPARE(panel.toTsv().count(QLatin1Char('\n')), 2);
        panel.ask(); // the base is not asked the same again
        QTRY_VERIFY_WITH_TIMEOUT(panel.answers()[1].cutDone, 10000);
        QCOMPARE(f.session.jobs().jobs().size(), 3);
        panel.setPrompt(QStringLiteral("-fail"));
        panel.ask();
        QTRY_VERIFY_WITH_TIMEOUT(!panel.answers()[2].fault.isEmpty(), 10000);
        QTRY_VERIFY_WITH_TIMEOUT(f.session.jobs().running() == nullptr, 10000);
        qunsetenv("ESPALIER_CLI");
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
        // beta was not in the calibration, and breaks
        const auto banners = page.findChildren<Banner*>();
        const auto says = [&](const char* word) {
            return std::any_of(banners.begin(), banners.end(), [&](const Banner* banner) {
                return banner->isVisible() && banner->text().contains(QLatin1String(word));
            });
        };
        QVERIFY(says("beta"));
        page.showView(ValidationPage::Gate);
        QVERIFY(page.hasTable());
        page.gate().proposeLimits();
        QVERIFY(page.copyText().contains(QLatin1String("alpha")));
        page.showView(ValidationPage::Answers);
        QVERIFY(!page.hasTable());
        page.showView(ValidationPage::Results);
        page.showPlan(QStringLiteral("control-1"));
        QVERIFY(!says("beta"));
        QVERIFY(page.readout().contains(QLatin1String("control-1")));
        const QString figure = f.folder.filePath(QStringLiteral("loss.svg"));
        QCOMPARE(page.exportFigure(figure), QString());
        QVERIFY(QFile(figure).size() > 500);
        QVERIFY(!page.exportFigure(f.folder.filePath(QStringLiteral("loss.bmp"))).isEmpty());
    }
};

QTEST_MAIN(TestValidationPage)
#include "tst_validation_page.moc"
