// SPDX-License-Identifier: GPL-3.0-or-later
// The planner page on a real study: fields, slider, tables and heatmap show one plan; saving writes it.
#include "tests/views/study_fixture.h"
#include "views/models/plan_cut_model.h"
#include "views/models/plan_domain_model.h"
#include "views/models/plan_list_model.h"
#include "views/models/table_text.h"
#include "views/pages/planner_marks.h"
#include "views/pages/planner_page.h"
#include "views/plots/device_bars.h"
#include "views/theme/theme.h"
#include "views/widgets/banner.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QFile>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

using namespace espalier;
using namespace espalier::views;
using test::StudyFixture;

class TestPlannerPage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::apply(*qApp, ThemeKind::Light); }

    void withoutAProfileThePageSaysWhatIsMissing()
    {
        StudyFixture f(false);
        QVERIFY(f.open());
        PlannerPage page(&f.session);
        page.show();
        QVERIFY(page.isEmptyShown());
        QVERIFY(!page.usable());
        QSignalSpy asked(&page, &Page::actionRequested);
        QVERIFY(!page.stateText().isEmpty());
        page.savePlan();
        QVERIFY(f.session.plans().empty());
    }

    void sliderAndBudgetAreOneQuantity()
    {
        StudyFixture f;
        QVERIFY(f.open());
        PlannerPage page(&f.session);
        page.resize(1255, 840);
        page.show();
        QVERIFY(!page.isEmptyShown());
        auto* slider = page.findChild<QSlider*>(QStringLiteral("keep"));
        auto* budget = page.findChild<QDoubleSpinBox*>(QStringLiteral("budget"));
        QVERIFY(slider && budget);
        QCOMPARE(slider->value(), 3);
        QCOMPARE(slider->minimum(), 2);
        QCOMPARE(slider->maximum(), 6);
        const double line = budget->value();
        slider->setValue(6);
        QCOMPARE(page.editor().plan().keptTotal(), 18);
        QCOMPARE(budget->value(), line);
        budget->setValue(1000);
        QCOMPARE(slider->value(), 6);
        budget->setValue(0);
        QCOMPARE(slider->value(), 2);
        QVERIFY(page.editor().overBudget());
        page.editor().undoStack()->undo();
        QCOMPARE(budget->value(), 1000.0);
    }

    void severalDevices()
    {
        StudyFixture f;
        QVERIFY(f.open());
        PlannerPage page(&f.session);
        page.resize(1255, 840);
        page.show();
        auto* budget = page.findChild<QDoubleSpinBox*>(QStringLiteral("budget"));
        auto* table = page.findChild<QTableView*>(QStringLiteral("devices"));
        auto* bars = page.findChild<DeviceBars*>();
        QVERIFY(budget && table && bars && !table->isVisible() && !bars->isVisible() && budget->isEnabled());
        page.editor().setDevices({{"left", 60'000}, {"right", 50'000}});
        QVERIFY(table->isVisible() && bars->isVisible() && !budget->isEnabled());
        QCOMPARE(bars->rows().size(), 2);
        const auto& split = *page.editor().split();
        QVERIFY(!split.assumed);
        std::uint64_t all = 0;
        for (int d = 0; d < 2; ++d) {
            QCOMPARE(bars->rows().at(d).need(), split.loads[static_cast<std::size_t>(d)].memory.total());
            QVERIFY(bars->position(bars->rows().at(d).memory) > bars->position(0));
            all += bars->rows().at(d).experts;
        }
        QCOMPARE(all, page.editor().plan().predicted.bytes.routedExperts);
        QVERIFY(bars->accessibleDescription().contains(QStringLiteral("left")));
        const QImage picture = bars->grab().toImage();
        QVERIFY(!picture.isNull());
        table->setCurrentIndex(table->model()->index(1, 0));
        QTest::keyClick(table, Qt::Key_Delete);
        QVERIFY(!table->isVisible() && budget->isEnabled());
        QCOMPARE(page.editor().state().budget, std::uint64_t(60'000));
    }

    void fieldsShowAndSendWhatTheEditorHolds()
    {
        StudyFixture f;
        QVERIFY(f.open());
        PlannerPage page(&f.session);
        page.resize(1255, 840);
        page.show();
        auto& editor = page.editor();
        const auto box = [&](const char* name) { return page.findChild<QCheckBox*>(QLatin1String(name)); };
        auto* topK = page.findChild<QSpinBox*>(QStringLiteral("topK"));
        auto* least = page.findChild<QSpinBox*>(QStringLiteral("minimum"));
        QVERIFY(topK && least && box("domainFloor") && box("outliers") && box("oneCount"));
        QCOMPARE(topK->value(), editor.model().topK);
        QCOMPARE(least->value(), editor.model().topK);
        QCOMPARE(editor.undoStack()->count(), 0); // showing is no edit
        topK->setValue(1);
        QVERIFY(editor.state().request.topK == 1);
        editor.undoStack()->undo();
        QCOMPARE(topK->value(), editor.model().topK);
        least->setValue(3);
        QCOMPARE(editor.protectorNumber("min-k").value_or(0), 3.0);
        box("domainFloor")->click();
        QVERIFY(editor.protectorNumber("domain-floor").has_value());
        box("outliers")->click();
        QVERIFY(editor.protectorNumber("outliers").has_value());
        QVERIFY(!box("oneCount")->isVisible()); // the same count everywhere needs none
        editor.setAllocator("global");
        QVERIFY(box("oneCount")->isVisible());
        box("oneCount")->click();
        QVERIFY(editor.state().request.oneCount && editor.plan().uniform());
    }

    void skippingNeedsItsHistograms()
    {
        StudyFixture without;
        QVERIFY(without.open());
        PlannerPage bare(&without.session);
        bare.show();
        auto* none = bare.findChild<QDoubleSpinBox*>(QStringLiteral("skip"));
        QVERIFY(none && !none->isEnabled());
        QVERIFY2(none->toolTip().contains(QStringLiteral("alpha")), qPrintable(none->toolTip()));

        StudyFixture f(true, true);
        QVERIFY(f.open());
        PlannerPage page(&f.session);
        page.resize(1255, 840);
        page.show();
        page.activateWindow();
        auto* skip = page.findChild<QDoubleSpinBox*>(QStringLiteral("skip"));
        auto* topK = page.findChild<QSpinBox*>(QStringLiteral("topK"));
        QVERIFY(skip && topK && skip->isEnabled());
        QCOMPARE(skip->value(), 0.0);
        QVERIFY(!skip->accessibleName().isEmpty());
        topK->setFocus();
        QTest::keyClick(topK, Qt::Key_Tab); // the next field
        QCOMPARE(page.focusWidget(), skip);
        QTest::keyClick(skip, Qt::Key_Up);
        auto& editor = page.editor();
        QCOMPARE(editor.state().request.skip.value_or(0), 0.05);
        for (const auto& layer : editor.plan().layers)
            QCOMPARE(layer.skip.size(), std::size_t(editor.model().topK - 1));
        QVERIFY2(skip->toolTip().contains(QStringLiteral("0.05")), qPrintable(skip->toolTip()));
        editor.rename(QStringLiteral("skips"));
        page.savePlan();
        editor.setSkip(1.0 / 3);
        QCOMPARE(skip->text(), QStringLiteral("33.3 %"));
        page.openPlan(QStringLiteral("skips"));
        QCOMPARE(skip->value(), 5.0);
        topK->setValue(1);
        QVERIFY(!skip->isEnabled() && !editor.state().request.skip);
        editor.undoStack()->undo();
        QVERIFY(skip->isEnabled());
        QCOMPARE(skip->text(), QStringLiteral("5 %"));
        skip->setValue(0);
        QVERIFY(!editor.plan().skips());
    }

    void savedPlansAreInTheStudyAndComeBack()
    {
        StudyFixture f;
        QVERIFY(f.open());
        PlannerPage page(&f.session);
        page.show();
        page.editor().setKeepPerLayer(4);
        page.editor().rename(QStringLiteral("first"));
        page.savePlan();
        QCOMPARE(f.session.plans().size(), 1U);
        QVERIFY(!page.editor().modified());
        QCOMPARE(page.editor().undoStack()->count(), 2); // saving keeps the history
        page.newPlan();
        page.editor().setKeepPerLayer(2);
        page.savePlan();
        QCOMPARE(f.session.plans().size(), 2U);
        page.openPlan(QStringLiteral("first"));
        QCOMPARE(page.editor().plan().keptTotal(), 12);
        f.session.reload();
        QSignalSpy read(&f.session, &Session::exportsChanged);
        QVERIFY(read.wait(20000));
        QCOMPARE(f.session.plans().size(), 2U);
        QCOMPARE(QString::fromStdString(page.editor().state().request.name), QStringLiteral("first"));
    }

    /// A window that ended in the middle of work: the next one offers to take it up, until it was saved or forgotten.
    void workThatWasNotSavedIsOffered()
    {
        StudyFixture f;
        QVERIFY(f.open());
        {
            PlannerPage page(&f.session);
            page.show();
            QVERIFY(page.findChild<Banner*>()->isHidden());
            page.editor().setKeepPerLayer(5);
            page.editor().rename(QStringLiteral("half done"));
            QSignalSpy journal(&f.session, &Session::journalWritten);
            QVERIFY(journal.wait(5000));
        }
        const auto reread = [&] {
            QSignalSpy read(&f.session, &Session::exportsChanged);
            f.session.reload();
            QVERIFY(read.wait(10000));
        };
        reread();
        const auto choose = [](PlannerPage& page, const QString& text) {
            for (QPushButton* button : page.findChild<Banner*>()->findChildren<QPushButton*>())
                if (button->text() == text)
                    button->click();
        };
        {
            PlannerPage page(&f.session);
            page.show();
            auto* note = page.findChild<Banner*>();
            QVERIFY(!note->isHidden());
            QVERIFY2(note->text().contains(QStringLiteral("half done")), qPrintable(note->text()));
            QCOMPARE(page.editor().plan().keptTotal(), 9); // nothing was done yet
            page.editor().setKeepPerLayer(4);              // an edit does not take the offer away
            QVERIFY(!note->isHidden());
            choose(page, QStringLiteral("Take it up"));
            QVERIFY(note->isHidden());
            QCOMPARE(page.editor().plan().keptTotal(), 15);
            QVERIFY(page.editor().modified());
            page.savePlan();
        }
        reread();
        {
            PlannerPage page(&f.session);
            page.show();
            QVERIFY(page.findChild<Banner*>()->isHidden()); // it was saved
            page.editor().setKeepPerLayer(2);
            QSignalSpy journal(&f.session, &Session::journalWritten);
            QVERIFY(journal.wait(5000));
        }
        reread();
        {
            PlannerPage page(&f.session);
            page.show();
            QVERIFY(!page.findChild<Banner*>()->isHidden());
            QSignalSpy journal(&f.session, &Session::journalWritten);
            choose(page, QStringLiteral("Forget it"));
            QVERIFY(journal.wait(5000));
            QVERIFY(page.findChild<Banner*>()->isHidden());
        }
        reread();
        PlannerPage page(&f.session);
        page.show();
        QVERIFY(page.findChild<Banner*>()->isHidden());
    }

    void modelsKeepTheRules()
    {
        StudyFixture f;
        QVERIFY(f.open());
        PlanEditor editor;
        PlanDomainModel domains(&editor);
        PlanCutModel cut(&editor);
        PlanListModel plans;
        const auto fatal = QAbstractItemModelTester::FailureReportingMode::QtTest;
        QAbstractItemModelTester a(&domains, fatal), b(&cut, fatal), c(&plans, fatal);
        editor.setData(f.session.model(), f.session.statistics());
        QCOMPARE(domains.rowCount(), 2);
        QCOMPARE(cut.rowCount(), PlanCutModel::kRows);
        QVERIFY(domains.setData(domains.index(1, PlanDomainModel::Domain), Qt::Unchecked, Qt::CheckStateRole));
        QCOMPARE(editor.state().request.score.domains[1].weight, 0.0);
        QVERIFY(domains.setData(domains.index(0, PlanDomainModel::Weight), 2.5, Qt::EditRole));
        QCOMPARE(editor.state().request.score.domains[0].weight, 2.5);
        editor.setKeepPerLayer(6);
        QCOMPARE(cut.rowCount(), 0);
        QCOMPARE(domains.data(domains.index(0, 0), PlanDomainModel::KeptRole).toDouble(), 1.0);
        plans.setPlans({{"one", "2026", {{"method", "reap"}, {"predicted", {{"memory", {{"total", 5000000}}}}}}}}, {});
        QCOMPARE(plans.rowCount(), 1);
        plans.setCurrent(QStringLiteral("one"), true);
        QCOMPARE(plans.nameAt(0), QStringLiteral("one"));
        QCOMPARE(plans.rowOf(QStringLiteral("none")), -1);
    }

    void marksSayWhatHappensToEachExpert()
    {
        StudyFixture f;
        QVERIFY(f.open());
        PlanEditor editor;
        editor.setData(f.session.model(), f.session.statistics());
        editor.toggleLock(1, 0);
        const auto marks = plannerMarks(editor);
        QCOMPARE(marks.size(), 18U);
        int dropped = 0;
        for (std::size_t i = 0; i < marks.size(); ++i) {
            const bool gone = marks[i] & static_cast<int>(CellMark::Dropped);
            QCOMPARE(gone, !editor.kept(static_cast<int>(i / 6), static_cast<int>(i % 6)));
            dropped += gone;
        }
        QCOMPARE(dropped, 9);
        QVERIFY(marks[6] & static_cast<int>(CellMark::Locked));
        QVERIFY(marks[5] & static_cast<int>(CellMark::Dead)); // the last expert is never routed
        QCOMPARE(plannerHeatmap(editor).values.size(), 18U);
    }

    void figureAndTableAreWritten()
    {
        StudyFixture f;
        QVERIFY(f.open());
        PlannerPage page(&f.session);
        page.resize(1200, 800);
        page.show();
        for (const char* name : {"map.png", "map.svg", "map.pdf"}) {
            const QString path = f.folder.filePath(QLatin1String(name));
            QCOMPARE(page.exportFigure(path), QString());
            QVERIFY(QFile(path).size() > 500);
        }
        QVERIFY(!page.exportFigure(f.folder.filePath(QStringLiteral("none/map.png"))).isEmpty());
        const QString csv = f.folder.filePath(QStringLiteral("domains.csv"));
        QCOMPARE(page.exportTable(csv), QString());
        QFile file(csv);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto lines = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[1].startsWith(QLatin1String("alpha,")));
        QVERIFY(!page.exportTable(f.folder.filePath(QStringLiteral("none/x.csv"))).isEmpty());
    }
};

QTEST_MAIN(TestPlannerPage)
#include "tst_planner_page.moc"
