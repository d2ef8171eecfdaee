// SPDX-License-Identifier: GPL-3.0-or-later
// Export page: checks decide whether Export is possible, commands follow plan and folder.
#include "tests/views/study_fixture.h"
#include "views/pages/export_page.h"
#include "views/pages/export_texts.h"
#include "views/plots/stack_bar.h"
#include "views/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QPushButton>
#include <QTest>

using namespace espalier;
using namespace espalier::views;
using test::StudyFixture;

class TestExportPage : public QObject {
    Q_OBJECT

    static void save(Session& session, const char* name, int drop, int row)
    {
        plan::Plan plan = plan::Plan::keepAll(*session.model());
        plan.name = name;
        for (std::size_t l = 0; l < plan.layers.size(); ++l)
            if (row < 0 || static_cast<int>(l) == row)
                plan.layers[l].keep.resize(plan.layers[l].keep.size() - static_cast<std::size_t>(drop));
        session.savePlan(plan);
    }

private slots:
    void initTestCase() { Theme::apply(*qApp, ThemeKind::Light); }

    void checksDecide()
    {
        StudyFixture f;
        QVERIFY(f.open());
        ExportPage page(&f.session);
        page.show();
        QVERIFY(page.isEmptyShown());
        save(f.session, "even", 2, -1);
        save(f.session, "uneven", 2, 1);
        QVERIFY(!page.isEmptyShown());
        auto* button = page.findChild<QPushButton*>(QStringLiteral("export"));
        QSignalSpy checked(&page, &ExportPage::checked);
        page.setFolder(f.folder.filePath(QStringLiteral("out")));
        page.choosePlan(QStringLiteral("even"));
        QVERIFY(checked.wait(20000));
        QCOMPARE(page.checks().count(ExportCheck::State::Failed), 0);
        QCOMPARE(page.checks().count(ExportCheck::State::Waiting), 2);
        QVERIFY(button->isEnabled());
        page.choosePlan(QStringLiteral("uneven"));
        QVERIFY(checked.wait(20000));
        QCOMPARE(page.checks().failed(), QStringList{ExportTexts::checkName(QStringLiteral("experts per layer"))});
        QVERIFY(!button->isEnabled());
        page.choosePlan(QStringLiteral("even"));
        page.setFolder(f.model); // not empty
        QVERIFY(checked.wait(20000));
        QVERIFY(!button->isEnabled());
        QVERIFY(page.arguments().contains(f.model));
        QCOMPARE(page.arguments().first(), QStringLiteral("export"));
    }

    void checkModelKeepsTheRules()
    {
        ExportCheckModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setChecks({{ExportCheck::State::Passed, QStringLiteral("a"), {}},
                         {ExportCheck::State::Failed, QStringLiteral("b"), QStringLiteral("why")}});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.failed(), QStringList{QStringLiteral("b")});
        QVERIFY(model.index(0, ExportCheckModel::Word).data() != model.index(1, ExportCheckModel::Word).data());
        QVERIFY(model.index(0, ExportCheckModel::Mark).data() != model.index(1, ExportCheckModel::Mark).data());
    }

    void commandsQuoteWhatNeedsIt()
    {
        const QString odd = QStringLiteral("/tmp/it's \"odd\"");
        QCOMPARE(ExportTexts::shellCommand({QStringLiteral("verify"), QStringLiteral("/tmp/plain-1")}),
                 QStringLiteral("espalier verify /tmp/plain-1\n"));
        QVERIFY(ExportTexts::shellCommand({odd}).contains(QStringLiteral("'/tmp/it'\\''s \"odd\"'")));
        QVERIFY(ExportTexts::loadCommand(ExportTexts::Transformers, odd).contains(QStringLiteral("it's \\\"odd\\\"")));
        QVERIFY(
            ExportTexts::loadCommand(ExportTexts::LlamaCpp, QStringLiteral("/m")).contains(QStringLiteral("/m.gguf")));
    }

    void theBarIsToScale()
    {
        StackBar bar;
        bar.resize(1001, bar.sizeHint().height());
        bar.setParts({{QStringLiteral("a"), 300, ColorRole::Accent, false},
                      {QStringLiteral("b"), 200, ColorRole::SeriesOrange, true}});
        bar.setRemoved(500);
        QCOMPARE(bar.partRect(0).width(), 300.0);
        QCOMPARE(bar.partRect(1).left(), bar.partRect(0).right());
        QCOMPARE(bar.partRect(1).width(), 200.0);
        QVERIFY(!bar.isOver());
        bar.setLines({{QStringLiteral("budget"), 499, true}});
        QVERIFY(bar.isOver());
        QVERIFY(bar.accessibleDescription().contains(QLatin1String("over by")));
        bar.setLines({{QStringLiteral("budget"), 500, true}});
        QVERIFY(!bar.isOver());
        bar.setLines({{QStringLiteral("budget"), 1ULL << 50U, true}});
        QVERIFY(bar.partRect(0).width() > 100); // a far line does not squeeze the bar
        QVERIFY(!bar.grab().isNull());
    }
};

QTEST_MAIN(TestExportPage)
#include "tst_export_page.moc"
