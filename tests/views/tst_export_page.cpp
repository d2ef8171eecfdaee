// SPDX-License-Identifier: GPL-3.0-or-later
// Export page: checks decide whether Export is possible, commands follow plan and folder.
#include "core/base/file.h"
#include "core/bundle/targets.h"
#include "tests/views/study_fixture.h"
#include "views/pages/export_bundle.h"
#include "views/pages/export_page.h"
#include "views/pages/export_placement.h"
#include "views/pages/export_texts.h"
#include "views/plots/stack_bar.h"
#include "views/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTest>
#include <QTextBrowser>

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
        QCOMPARE(page.targets().chosen(), bundle::Target::Transformers);
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
        using bundle::Target;
        QVERIFY(ExportTexts::loadCommand(Target::Transformers, odd).contains(QStringLiteral("it's \\\"odd\\\"")));
        QVERIFY(ExportTexts::loadCommand(Target::LlamaCpp, QStringLiteral("/m")).contains(QStringLiteral("/m.gguf")));
        QVERIFY(ExportTexts::loadCommand(Target::LlamaCpp, QStringLiteral("/m"), true)
                    .contains(QStringLiteral("-m /m/model.gguf")));
        QVERIFY(ExportTexts::loadCommand(Target::Transformers, QStringLiteral("/m"), false, true)
                    .contains(QStringLiteral("trust_remote_code")));
    }

    void enginesSayWhatTheyTake()
    {
        using bundle::Judgement;
        using Finding = bundle::TargetFinding;
        StudyFixture f;
        auto opened = model::openModel(f.model.toStdString());
        QVERIFY(opened.ok());
        plan::Plan plan = plan::Plan::keepAll(opened->summary);
        const auto overall = [&](bundle::Target target) {
            return bundle::judgeTargets(*opened, plan)[static_cast<std::size_t>(target)].overall();
        };
        QCOMPARE(overall(bundle::Target::Transformers), Judgement::Accepts);
        QCOMPARE(overall(bundle::Target::Vllm), Judgement::Caveat); // no test of ours runs it
        QCOMPARE(overall(bundle::Target::LlamaCpp), Judgement::Caveat);
        plan.layers[0].keep.pop_back();
        QCOMPARE(overall(bundle::Target::Transformers), Judgement::Refuses);
        QCOMPARE(overall(bundle::Target::LlamaCpp), Judgement::Refuses);
        QCOMPARE(overall(bundle::Target::KeepList), Judgement::Caveat); // counts may differ
        plan = plan::Plan::keepAll(opened->summary);
        const auto routerOf = [&](bundle::Target target) {
            return bundle::judgeTargets(*opened, plan)[static_cast<std::size_t>(target)].findings[2];
        };
        QCOMPARE(routerOf(bundle::Target::LlamaCpp), Finding::KnownRouter);
        opened->spec.router.groups = 4;
        opened->spec.router.groupsUsed = 2;
        QCOMPARE(routerOf(bundle::Target::LlamaCpp), Finding::OtherGroupScore);
        QCOMPARE(routerOf(bundle::Target::Vllm), Finding::KnownRouter);
        opened->spec.router.score = model::RouterScore::SparseMixer;
        QCOMPARE(routerOf(bundle::Target::LlamaCpp), Finding::OtherMixer);
        opened->spec.router.score = model::RouterScore::UnitGates;
        QCOMPARE(routerOf(bundle::Target::Transformers), Finding::RemoteCode);
        QCOMPARE(routerOf(bundle::Target::Vllm), Finding::UnknownRouter);
        QCOMPARE(overall(bundle::Target::Vllm), Judgement::Refuses);
        for (int finding = 0; finding <= static_cast<int>(Finding::NotRunHere); ++finding)
            QVERIFY(!ExportTargetModel::sentence(static_cast<Finding>(finding)).isEmpty());
    }

    void theTargetDecidesWhatIsWritten()
    {
        StudyFixture f;
        QVERIFY(f.open());
        save(f.session, "uneven", 2, 1);
        ExportPage page(&f.session);
        page.show();
        QSignalSpy checked(&page, &ExportPage::checked);
        page.choosePlan(QStringLiteral("uneven"));
        QVERIFY(checked.wait(20000));
        auto* button = page.findChild<QPushButton*>(QStringLiteral("export"));
        auto* table = page.findChild<QTableView*>(QStringLiteral("targets"));
        QAbstractItemModelTester tester(table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(!button->isEnabled());
        const auto verdict = [&](int row) { return table->model()->index(row, ExportTargetModel::Verdict); };
        QVERIFY(verdict(0).data().toString().contains(QLatin1String("counts differ")));
        QVERIFY(page.findChild<QPlainTextEdit*>()->toPlainText().contains(QLatin1String("from_pretrained")));
        // Down to the keep list, which takes any counts
        table->setFocus();
        for (int i = 0; i < 4; ++i)
            QTest::keyClick(table, Qt::Key_Down);
        QCOMPARE(page.targets().chosen(), bundle::Target::KeepList);
        QVERIFY(checked.wait(20000));
        QCOMPARE(page.checks().count(ExportCheck::State::Failed), 0);
        QVERIFY(button->isEnabled());
        QCOMPARE(page.arguments().mid(0, 2), (QStringList{QStringLiteral("plans"), QStringLiteral("export")}));
        const QString file = f.folder.filePath(QStringLiteral("list.json"));
        page.setFolder(file);
        QVERIFY(checked.wait(20000));
        button->click();
        const auto list = base::readJsonFile(file.toStdString());
        QVERIFY(list.ok());
        QCOMPARE((*list)["pruned_experts"].size(), std::size_t(2));
        page.check();
        QVERIFY(checked.wait(20000));
        QCOMPARE(page.checks().count(ExportCheck::State::Warning), 3); // replaced, not run here, not validated
        table->selectRow(0);
        QVERIFY(checked.wait(20000));
        QVERIFY(!button->isEnabled());
        QVERIFY(!page.arguments().last().endsWith(QLatin1String(".json")));
    }

    void placingInsteadOfPruning()
    {
        StudyFixture f;
        QVERIFY(f.open());
        plan::Plan plan = plan::Plan::keepAll(*f.session.model());
        plan.name = "half";
        PlacementNote note;
        note.setPlan(plan, *f.session.model(), f.model, {});
        QVERIFY(note.command().isEmpty()); // nothing has to leave the device
        for (auto& layer : plan.layers)
            layer.keep.resize(layer.keep.size() / 2);
        note.setPlan(plan, *f.session.model(), f.model, {});
        const auto placement = exchange::placeLayers(plan, *f.session.model());
        QVERIFY(placement.ok());
        QVERIFY(placement->layersOnDevice > 0 && placement->layersOnDevice < placement->layers);
        QCOMPARE(placement->bytesOnDevice + placement->bytesElsewhere, f.session.model()->bytes.routedExperts);
        QVERIFY(note.command().contains(QLatin1String("convert_hf_to_gguf.py")));
        QVERIFY(note.command().contains(QString::fromStdString(placement->override)));
        const QString file = f.folder.filePath(QStringLiteral("placement.txt"));
        QCOMPARE(note.save(file), QString());
        QCOMPARE(base::readTextFile(file.toStdString(), ByteSize(1000)).value(), placement->override + "\n");
        QVERIFY(!note.save(QStringLiteral("/nonexistent/placement.txt")).isEmpty());
        note.setPlan(plan, *f.session.model(), f.model, QStringLiteral("/m/model.gguf"));
        QVERIFY(note.command().startsWith(QLatin1String("llama-server -m /m/model.gguf")));
    }

    void aWrittenBundleIsThereToRead()
    {
        QTemporaryDir folder;
        test::writeText(folder.filePath(QStringLiteral("README.md")).toStdString(), "---\ntags: x\n---\n# Card\n");
        const QJsonObject file{{QStringLiteral("name"), QStringLiteral("README.md")},
                               {QStringLiteral("bytes"), 23},
                               {QStringLiteral("sha256"), QStringLiteral("ab")}};
        BundleView view;
        auto* card = view.findChild<QPushButton*>(QStringLiteral("card"));
        QVERIFY(!card->isEnabled());
        view.showResult({{QStringLiteral("directory"), folder.path()}, {QStringLiteral("files"), QJsonArray{file}}});
        QVERIFY(card->isEnabled());
        QVERIFY(view.paper(QStringLiteral("README.md")).contains(QLatin1String("# Card")));
        card->click();
        auto* text = view.findChild<QTextBrowser*>();
        QVERIFY(text && text->toPlainText().contains(QLatin1String("Card")));
        QVERIFY(!text->toPlainText().contains(QLatin1String("tags")));
        view.showResult({{QStringLiteral("directory"), folder.path() + QStringLiteral("-gone")}});
        QVERIFY(!card->isEnabled());
    }

    /// Sentences of the checks are known word for word, so that none stays English.
    void whatChecksFindIsKnown()
    {
        StudyFixture f;
        const auto opened = model::openModel(f.model.toStdString());
        QVERIFY(opened.ok());
        bundle::ExportRequest request;
        request.plan = plan::Plan::keepAll(opened->summary);
        request.plan.fingerprint = "other";
        for (const std::size_t drop : {0U, 1U, 5U})
            for (const QString& folder : {f.folder.filePath(QStringLiteral("new")), f.model}) {
                request.plan.layers[0].keep.resize(request.plan.layers[0].keep.size() - drop);
                request.out = folder.toStdString();
                for (const auto& check : bundle::preflight(*opened, request)) {
                    QVERIFY2(ExportTexts::isKnown(QString::fromStdString(check.detail)), check.detail.c_str());
                    QCOMPARE(ExportTexts::found(QString::fromStdString(check.detail)),
                             QString::fromStdString(check.detail)); // in English it is the same
                    const QString name = QString::fromStdString(check.name);
                    QVERIFY2(ExportTexts::checkName(name) != name, check.name.c_str());
                }
                request.plan = plan::Plan::keepAll(opened->summary);
            }
        QVERIFY(!ExportTexts::isKnown(QStringLiteral("something new")));
        QCOMPARE(ExportTexts::found(QStringLiteral("something new")), QStringLiteral("something new"));
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
