// SPDX-License-Identifier: GPL-3.0-or-later
// One session from model to verified bundle in the window, with the real engine on the bundled model: open, profile,
// see, plan, validate, export. Engine work is kept small by --max-tokens and few items.
#include "app/studio/main_window.h"
#include "views/dialogs/profile_dialog.h"
#include "views/models/profile_data_model.h"
#include "views/pages/export_page.h"
#include "views/pages/overview_page.h"
#include "views/pages/planner_page.h"
#include "views/pages/start_page.h"
#include "views/pages/validation_page.h"
#include "views/theme/theme.h"
#include "views/widgets/routed_text.h"
#include "views/widgets/weight_preview.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QFileInfo>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace espalier;
using views::Job;

namespace {
constexpr int kJobTime = 240000;
}

class TestSessionWalk : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    std::unique_ptr<studio::MainWindow> m_window;

    template <typename PageType>
    PageType* page(const char* key)
    {
        m_window->showPage(QLatin1String(key));
        return dynamic_cast<PageType*>(m_window->currentPage());
    }
    views::Session& session() { return m_window->session(); }

    /// Waits for the newest job, and for the study to be read again.
    bool finish(Job::State state = Job::State::Finished)
    {
        Job* job = session().jobs().jobs().isEmpty() ? nullptr : session().jobs().jobs().last();
        if (job == nullptr)
            return false;
        if (!QTest::qWaitFor([&] { return job->state() > Job::State::Cancelling; }, kJobTime))
            return false;
        if (job->state() != state)
            qWarning("%s: %s\n%s", qPrintable(job->spec().title), qPrintable(job->errorText()),
                     qPrintable(job->log().join(QLatin1Char('\n'))));
        return job->state() == state && QTest::qWaitFor([&] { return !session().isLoading(); }, 20000);
    }

private slots:
    void initTestCase()
    {
        if (QStringLiteral(ESPALIER_CLI).isEmpty())
            QSKIP("the command line program is not built");
        qputenv("ESPALIER_CLI", ESPALIER_CLI);
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("Espalier"));
        QCoreApplication::setApplicationName(QStringLiteral("test-session-walk"));
        QSettings().clear();
        views::Theme::apply(*qApp, views::ThemeKind::Light);
        m_window = std::make_unique<studio::MainWindow>();
        m_window->resize(1440, 900);
        m_window->show();
    }

    void openTheSample()
    {
        // The study's folder does not exist yet, as on the first start of the program.
        QSignalSpy read(&session(), &views::Session::exportsChanged);
        session().openModel(QStringLiteral(ESPALIER_SOURCE_DIR "/resources/demo/model"),
                            m_folder.filePath(QStringLiteral("not/there/yet/walk.espalier")));
        QVERIFY(read.wait(20000));
        QCOMPARE(session().model()->experts, 32);
        QVERIFY(session().suggestedCalibration().size() >= 12);
        QVERIFY(m_window->action(QStringLiteral("profile"))->isEnabled());
    }

    /// Before any text: every expert read once, then a plan by the weights alone.
    void aFirstLookWithoutTexts()
    {
        // It began by itself, without a word and without moving the docks.
        QCOMPARE(session().jobs().jobs().size(), 1);
        QVERIFY(session().jobs().jobs().first()->spec().unasked);
        QVERIFY(finish());
        QVERIFY(page<views::StartPage>("start")->preview()->map());
        QVERIFY(!m_window->findChild<QDockWidget*>(QStringLiteral("jobsDock"))->isVisible());
        session().reload();
        QVERIFY(QTest::qWaitFor([&] { return !session().isLoading(); }, 20000));
        m_window->beginFirstLook(); // the scores are there
        QCOMPARE(session().jobs().jobs().size(), 1);
        m_window->action(QStringLiteral("weights"))->trigger(); // asked for, it is done again
        QVERIFY(finish());
        QVERIFY(m_window->findChild<QDockWidget*>(QStringLiteral("jobsDock"))->isVisible());
        auto* planner = page<views::PlannerPage>("planner");
        QVERIFY(!planner->isEmptyShown() && planner->editor().ready());
        QCOMPARE(planner->editor().state().request.score.method, std::string("aimer"));
        QVERIFY2(planner->editor().problem().isEmpty(), qPrintable(planner->editor().problem()));
        QCOMPARE(planner->editor().plan().keptTotal(), 6 * 16);
        planner->findChild<QSlider*>(QStringLiteral("keep"))->setValue(20);
        QCOMPARE(planner->editor().plan().keptTotal(), 6 * 20);
        QVERIFY(planner->editor().plan().predicted.massKept.empty()); // nothing is claimed about texts
        QVERIFY(page<views::OverviewPage>("overview")->isEmptyShown());
    }

    /// What another program counted becomes a domain like any other; a file that lies is told in the window.
    void importedCounts()
    {
        QFile table(m_folder.filePath(QStringLiteral("counts.csv")));
        QVERIFY(table.open(QIODevice::WriteOnly));
        table.write("layer,expert,count\n");
        for (int layer = 0; layer < 6; ++layer)
            for (int expert = 0; expert < 32; ++expert)
                table.write(QByteArray::number(layer) + ',' + QByteArray::number(expert) + ',' + "100" + '\n');
        table.close();
        m_window->startImport({table.fileName()}, QStringLiteral("counted"));
        QVERIFY(finish());
        QCOMPARE(session().statistics()->domains.size(), std::size_t(1));
        QCOMPARE(session().statistics()->domains[0].name, std::string("counted"));
        QVERIFY(!page<views::OverviewPage>("overview")->isEmptyShown());
        QVERIFY(page<views::PlannerPage>("planner")->editor().ready());
        QFile bad(m_folder.filePath(QStringLiteral("bad.csv")));
        QVERIFY(bad.open(QIODevice::WriteOnly));
        bad.write("layer,expert,count\n0,99,1\n");
        bad.close();
        m_window->startImport({bad.fileName()}, {});
        QVERIFY(finish(Job::State::Failed));
        QVERIFY(session().jobs().jobs().last()->errorText().contains(QStringLiteral("expert 99")));
        QCOMPARE(session().statistics()->domains.size(), std::size_t(1));
    }

    void profileThroughTheDialog()
    {
        // Its own study: what was counted elsewhere stays out of the walk
        QSignalSpy read(&session(), &views::Session::exportsChanged);
        session().openModel(QStringLiteral(ESPALIER_SOURCE_DIR "/resources/demo/model"),
                            m_folder.filePath(QStringLiteral("walk.espalier")));
        QVERIFY(read.wait(20000));
        QVERIFY(page<views::OverviewPage>("overview")->isEmptyShown());
        views::ProfileDialog dialog(&session());
        QAbstractItemModelTester tester(dialog.files(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        dialog.show();
        auto* files = dialog.files();
        QCOMPARE(files->rowCount(), static_cast<int>(session().suggestedCalibration().size()));
        for (int row = 0; row < files->rowCount(); ++row) {
            const QString domain = files->files().at(row).domain;
            if (domain != QLatin1String("json") && domain != QLatin1String("arithmetic"))
                files->setData(files->index(row, 0), Qt::Unchecked, Qt::CheckStateRole);
        }
        dialog.findChildren<QSpinBox*>().at(1)->setValue(1500);
        QVERIFY(QTest::qWaitFor([&] { return !dialog.isCounting(); }, 20000));
        QVERIFY2(dialog.estimateText().contains(QStringLiteral("3")), qPrintable(dialog.estimateText()));
        QVERIFY(dialog.findChild<QPushButton*>(QStringLiteral("start"))->isEnabled());
        files->setAllUsed(false);
        QVERIFY(!dialog.findChild<QPushButton*>(QStringLiteral("start"))->isEnabled());
        for (int row = 0; row < files->rowCount(); ++row)
            if (const QString domain = files->files().at(row).domain;
                domain == QLatin1String("json") || domain == QLatin1String("arithmetic"))
                files->setData(files->index(row, 0), Qt::Checked, Qt::CheckStateRole);
        m_window->startProfile(dialog.spec());
        QVERIFY(finish());
        QCOMPARE(session().statistics()->domains.size(), std::size_t(2));
        QCOMPARE(session().statistics()->domains.at(0).tokens, std::int64_t(1500));
        auto* overview = page<views::OverviewPage>("overview");
        QVERIFY(!overview->isEmptyShown());
        QCOMPARE(overview->map()->experts, 32);
        QCOMPARE(overview->map()->tokens, 3000.0);
    }

    /// Single tokens, in a file beside the study; the overview colours the texts with them.
    void traceTheTexts()
    {
        m_window->action(QStringLiteral("trace"))->trigger();
        QVERIFY(finish());
        const auto sample = session().sample();
        QVERIFY2(sample, qPrintable(session().sampleProblem()));
        QCOMPARE(sample->layers.size(), std::size_t(6));
        for (const auto& text : sample->texts) // the texts that were measured
            QVERIFY(text.domain == "json" || text.domain == "arithmetic");
        QVERIFY(sample->tokens() > 500);
        auto* overview = page<views::OverviewPage>("overview");
        overview->showView(views::OverviewPage::TextView);
        QCOMPARE(overview->textView()->missing(), QString());
        QVERIFY(overview->copyText().count(QLatin1Char('\n')) > 100);
        overview->showView(views::OverviewPage::MapView);
    }

    void planInThePlanner()
    {
        auto* planner = page<views::PlannerPage>("planner");
        QVERIFY(planner->editor().ready());
        auto* slider = planner->findChild<QSlider*>(QStringLiteral("keep"));
        slider->setValue(16);
        QCOMPARE(planner->editor().plan().keptTotal(), 6 * 16);
        planner->editor().undoStack()->undo();
        planner->editor().undoStack()->redo();
        QCOMPARE(planner->editor().plan().keptTotal(), 6 * 16);
        planner->savePlan();
        QVERIFY(QTest::qWaitFor([&] { return session().plans().size() == 1; }, 5000));
    }

    void validateIt()
    {
        auto* validation = page<views::ValidationPage>("validation");
        auto* data = validation->findChild<QListWidget*>(QStringLiteral("formData"));
        for (int i = 0; i < data->count(); ++i)
            data->item(i)->setCheckState(data->item(i)->text().startsWith(QLatin1String("json")) ||
                                                 data->item(i)->text().startsWith(QLatin1String("sort"))
                                             ? Qt::Checked
                                             : Qt::Unchecked);
        for (auto* box : validation->findChildren<QSpinBox*>())
            box->setValue(box->maximum() > 1000 ? 8 : 1); // items per task; one random control
        auto* start = validation->findChild<QPushButton*>(QStringLiteral("formStart"));
        QVERIFY(start->isEnabled());
        start->click();
        QVERIFY(finish());
        QCOMPARE(session().validations().size(), std::size_t(1));
        QCOMPARE(validation->results().size(), std::size_t(2));
    }

    void exportAndVerify()
    {
        auto* page = this->page<views::ExportPage>("export");
        const QString folder = m_folder.filePath(QStringLiteral("bundle"));
        QSignalSpy checked(page, &views::ExportPage::checked);
        page->setFolder(folder);
        QVERIFY(checked.wait(20000));
        auto* button = page->findChild<QPushButton*>(QStringLiteral("export"));
        QVERIFY(button && button->isEnabled());
        button->click();
        QVERIFY(finish());
        QVERIFY(QFileInfo::exists(folder + QStringLiteral("/config.json")));
        QVERIFY(QFileInfo::exists(folder + QStringLiteral("/SHA256SUMS")));
        QVERIFY(session().jobs().jobs().last()->result().value(QLatin1String("verified")).toBool());
        QCOMPARE(session().exports().size(), std::size_t(1));
    }

    void killingTheEngineLosesNothing()
    {
        QStringList arguments{QStringLiteral("profile"), session().modelFolder(), QStringLiteral("--study"),
                              session().studyPath()};
        for (const auto& [domain, path] : session().suggestedCalibration())
            arguments << QStringLiteral("--data") << domain + QLatin1Char('=') + path;
        arguments << QStringLiteral("--context") << QStringLiteral("256");
        Job* job = session().jobs().start({QStringLiteral("Profile again"), arguments, QStringLiteral("profile")});
        QVERIFY(QTest::qWaitFor([&] { return job->percent() > 2 || job->state() > Job::State::Cancelling; }, kJobTime));
        QCOMPARE(job->state(), Job::State::Running);
        QVERIFY(job->processId() > 0);
        QCOMPARE(::kill(static_cast<pid_t>(job->processId()), SIGKILL), 0);
        QVERIFY(finish(Job::State::Failed));
        QVERIFY(!job->errorText().isEmpty());
        // What was there is there, and what the killed run had committed counts too.
        QVERIFY(session().statistics()->domains.size() >= 2);
        QCOMPARE(session().plans().size(), std::size_t(1));
        QCOMPARE(session().validations().size(), std::size_t(1));
        QCOMPARE(session().exports().size(), std::size_t(1));
        QVERIFY(m_window->isVisible());
    }

    void everythingComesBackFromTheFile()
    {
        studio::MainWindow again;
        QSignalSpy read(&again.session(), &views::Session::exportsChanged);
        again.open(session().studyPath());
        QVERIFY(read.wait(20000));
        QCOMPARE(again.session().plans().size(), std::size_t(1));
        QCOMPARE(again.session().validations().size(), std::size_t(1));
        QCOMPARE(again.session().exports().size(), std::size_t(1));
        QCOMPARE(again.session().modelFolder(), session().modelFolder());
    }
};

QTEST_MAIN(TestSessionWalk)
#include "tst_session_walk.moc"
