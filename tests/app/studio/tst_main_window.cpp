// SPDX-License-Identifier: GPL-3.0-or-later
// The window around the pages: actions and shortcuts, keyboard between areas, opening, errors in banners, jobs that
// crash or are cancelled. Any warning of Qt fails the test.
#include "app/studio/main_window.h"
#include "tests/views/study_fixture.h"
#include "views/dialogs/shortcuts_dialog.h"
#include "views/pages/overview_page.h"
#include "views/pages/page.h"
#include "views/pages/planner_page.h"
#include "views/pages/start_page.h"
#include "views/pages/validation_page.h"
#include "views/plots/heatmap_widget.h"
#include "views/theme/theme.h"
#include "views/widgets/banner.h"
#include "views/widgets/command_palette.h"
#include "views/widgets/fuzzy_match.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QFile>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSettings>
#include <QShortcut>
#include <QSlider>
#include <QTableView>
#include <QTest>
#include <QTextEdit>
#include <QTimer>

#include <csignal>
#include <memory>
#include <sys/resource.h>

using namespace espalier;
using test::StudyFixture;

namespace {

QString shownError(const studio::MainWindow& window)
{
    const auto* banner = window.currentPage()->findChild<views::Banner*>();
    return banner != nullptr && !banner->isHidden() ? banner->text() : QString();
}

/// A stand-in for the engine: a shell script that behaves as the body says.
QString fakeEngine(const QTemporaryDir& folder, const QByteArray& body)
{
    const QString path = folder.filePath(QStringLiteral("engine"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.write("#!/bin/sh\n" + body);
    file.close();
    file.setPermissions(QFile::ReadOwner | QFile::ExeOwner | QFile::WriteOwner);
    return path;
}

/// No file of this process may grow beyond `bytes` while this lives.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN); // writes fail instead
        getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit tight{bytes, m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &tight);
    }
    ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &m_before); }

private:
    rlimit m_before{};
};

} // namespace

class TestMainWindow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("Espalier"));
        QCoreApplication::setApplicationName(QStringLiteral("test-main-window"));
        QSettings().clear();
        QSettings().setValue(QStringLiteral("weights/onOpening"), false);
        views::Theme::apply(*qApp, views::ThemeKind::Light);
    }
    void init()
    {
        // The offscreen platform's remark about size hints is none of ours.
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void everyActionSaysWhatItDoes()
    {
        studio::MainWindow window;
        QHash<QString, QString> shortcuts;
        int actions = 0;
        QList<QAction*> open = window.menuBar()->actions();
        while (!open.isEmpty()) {
            QAction* action = open.takeFirst();
            if (action->menu() != nullptr) {
                open << action->menu()->actions();
                continue;
            }
            if (action->isSeparator())
                continue;
            ++actions;
            QVERIFY2(!action->text().isEmpty(), qPrintable(action->objectName()));
            QVERIFY2(!action->statusTip().isEmpty(), qPrintable(action->text()));
            const QString keys = action->shortcut().toString();
            if (keys.isEmpty())
                continue;
            QVERIFY2(!shortcuts.contains(keys),
                     qPrintable(keys + ": " + action->text() + ", " + shortcuts.value(keys)));
            shortcuts.insert(keys, action->text());
        }
        QVERIFY(actions >= 20);
        QVERIFY(shortcuts.size() >= 12);
    }

    /// Letters in order find; beginnings of words and letters side by side count more.
    void fuzzyMatches()
    {
        using views::fuzzyScore;
        QCOMPARE(fuzzyScore({}, QStringLiteral("anything")), 0);
        QVERIFY(fuzzyScore(QStringLiteral("np"), QStringLiteral("New plan")) >
                fuzzyScore(QStringLiteral("np"), QStringLiteral("Open sample")));
        QVERIFY(fuzzyScore(QStringLiteral("pq"), QStringLiteral("New plan")) == -1);
        QVERIFY(fuzzyScore(QStringLiteral("nalp"), QStringLiteral("New plan")) == -1); // the order counts
        QVERIFY(fuzzyScore(QStringLiteral("plan"), QStringLiteral("Save plan")) >
                fuzzyScore(QStringLiteral("plan"), QStringLiteral("People learn an amount")));
        QVERIFY(fuzzyScore(QStringLiteral("reap"), QStringLiteral("REAP")) >
                fuzzyScore(QStringLiteral("reap"), QStringLiteral("REAP, sum")));
    }

    void paletteFindsEverything()
    {
        StudyFixture f;
        studio::MainWindow window;
        QSignalSpy read(&window.session(), &views::Session::exportsChanged);
        window.session().openModel(f.model, f.study);
        QVERIFY(read.wait(10000));
        window.show();
        const auto open = [&]() -> views::CommandPalette* {
            window.action(QStringLiteral("palette"))->trigger();
            return window.findChild<views::CommandPalette*>();
        };
        // Every action of the window is found by its own name, and once
        auto* palette = open();
        QVERIFY(palette != nullptr);
        for (const QAction* action : window.actions()) {
            if (action->objectName().isEmpty() || action->objectName() == QLatin1String("palette"))
                continue;
            palette->setText(action->text());
            QVERIFY2(palette->shownTitles().count(action->text()) == 1, qPrintable(action->text()));
            QCOMPARE(palette->shownTitles().value(0), action->text());
        }
        palette->setText(QStringLiteral("no such thing at all"));
        QVERIFY(palette->shownTitles().isEmpty());
        // An expert by its number, with the keyboard alone
        const auto& model = *window.session().model();
        const int layer = model.moeLayers.back().layer.value();
        auto* edit = palette->findChild<QLineEdit*>();
        edit->clear();
        QTest::keyClicks(edit, QStringLiteral("L%1 E3").arg(layer));
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(window.currentPage(), window.page(QStringLiteral("overview")));
        const auto* map = static_cast<views::OverviewPage*>(window.currentPage())->heatmap();
        QCOMPARE(map->cursorCell(), QPoint(3, static_cast<int>(model.moeLayers.size()) - 1));
        QTRY_VERIFY(window.findChild<views::CommandPalette*>() == nullptr);
        // One that is not there cannot be run
        palette = open();
        edit = palette->findChild<QLineEdit*>();
        edit->setText(QStringLiteral("L%1 E9999").arg(layer));
        QTest::keyClick(edit, Qt::Key_Return);
        QVERIFY(palette->isVisible());
        // Down goes to the second line
        edit->setText(QStringLiteral("planner"));
        QTest::keyClick(edit, Qt::Key_Down);
        QTest::keyClick(edit, Qt::Key_Up);
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(window.currentPage(), window.page(QStringLiteral("planner")));
    }

    void everyKeyIsInTheList()
    {
        studio::MainWindow window;
        int keys = 0;
        for (const QAction* action : window.actions())
            keys += static_cast<int>(action->shortcuts().size());
        for (const QString& key : window.pageKeys())
            for (const auto* shortcut : window.page(key)->findChildren<QShortcut*>()) {
                QVERIFY2(!shortcut->whatsThis().isEmpty(), qPrintable(key + ' ' + shortcut->key().toString()));
                ++keys;
            }
        window.showShortcuts();
        const auto* dialog = window.findChild<views::ShortcutsDialog*>();
        QVERIFY(dialog != nullptr);
        const auto* table = dialog->findChild<QTableView*>();
        QVERIFY(keys > 20 && table->model()->rowCount() == keys + 6); // six of every map
        dialog->findChild<QLineEdit*>()->setText(QStringLiteral("Ctrl+K"));
        QCOMPARE(table->model()->rowCount(), 1);
    }

    void everyControlHasANameForThoseWhoCannotSeeIt()
    {
        StudyFixture f;
        f.addValidation(test::madeUpValidation("half"));
        studio::MainWindow window;
        QSignalSpy read(&window.session(), &views::Session::exportsChanged);
        window.session().openModel(f.model, f.study);
        QVERIFY(read.wait(10000));
        plan::Plan plan = plan::Plan::keepAll(*window.session().model());
        plan.name = "half";
        window.session().savePlan(plan);
        window.show();
        QStringList nameless;
        int seen = 0;
        const auto look = [&](const QString& place) {
            QCoreApplication::processEvents();
            for (const QWidget* widget : window.findChildren<QWidget*>()) {
                const bool control =
                    qobject_cast<const QComboBox*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget) ||
                    qobject_cast<const QSlider*>(widget) || qobject_cast<const QAbstractItemView*>(widget) ||
                    qobject_cast<const QPlainTextEdit*>(widget) || qobject_cast<const QTextEdit*>(widget) ||
                    (qobject_cast<const QLineEdit*>(widget) &&
                     !qobject_cast<const QAbstractSpinBox*>(widget->parentWidget()));
                const auto* button = qobject_cast<const QAbstractButton*>(widget);
                if (!widget->isVisible() || (!control && button == nullptr) ||
                    qobject_cast<const QHeaderView*>(widget) || widget->objectName().startsWith(QLatin1String("qt_")) ||
                    widget->metaObject()->className() == QByteArray("QTableCornerButton"))
                    continue;
                ++seen;
                if (widget->accessibleName().isEmpty() && (button == nullptr || button->text().isEmpty()))
                    nameless << QStringLiteral("%1: %2 %3")
                                    .arg(place, QLatin1String(widget->metaObject()->className()), widget->objectName());
            }
        };
        for (const QString& key : window.pageKeys()) {
            window.showPage(key);
            look(key);
        }
        window.showPage(QStringLiteral("validation"));
        auto* validation = dynamic_cast<views::ValidationPage*>(window.currentPage());
        for (const auto view : {views::ValidationPage::Answers, views::ValidationPage::Gate}) {
            validation->showView(view);
            look(QStringLiteral("validation %1").arg(view));
        }
        QVERIFY(seen > 100);
        nameless.removeDuplicates();
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(QLatin1Char('\n'))));
    }

    void pagesByKeyAndF6RoundTheAreas()
    {
        studio::MainWindow window;
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        for (int i = 0; i < window.pageKeys().size(); ++i) {
            QTest::keyClick(&window, static_cast<Qt::Key>(Qt::Key_1 + i), Qt::AltModifier);
            QCOMPARE(window.currentPage(), window.page(window.pageKeys().at(i)));
        }
        QVERIFY(!window.showPage(QStringLiteral("nowhere")));
        window.showPage(QStringLiteral("start"));
        QList<QWidget*> seen;
        for (int i = 0; i < 2; ++i) {
            window.action(QStringLiteral("next-area"))->trigger();
            QVERIFY(qApp->focusWidget() != nullptr);
            QVERIFY(!seen.contains(qApp->focusWidget()));
            seen << qApp->focusWidget();
        }
    }

    void whatCannotBeOpenedSaysWhyAndTheOldModelStays()
    {
        StudyFixture f;
        studio::MainWindow window;
        window.show();
        QSignalSpy read(&window.session(), &views::Session::exportsChanged);
        window.session().openModel(f.model, f.study);
        QVERIFY(read.wait(10000));
        QVERIFY(window.windowTitle().contains(QString::fromStdString(window.session().model()->name)));
        QSignalSpy failed(&window.session(), &views::Session::failed);
        window.open(f.folder.filePath(QStringLiteral("nothing-here")));
        QVERIFY(failed.wait(5000));
        QVERIFY2(shownError(window).contains(QStringLiteral("nothing-here")), qPrintable(shownError(window)));
        QVERIFY(window.session().hasModel());
        QCOMPARE(window.session().statistics()->domains.size(), std::size_t(2));
        // A study that is not ours.
        const QString other = f.folder.filePath(QStringLiteral("other.espalier"));
        QFile file(other);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("SQLite format 3\0 but no study", 29);
        file.close();
        window.open(other);
        QVERIFY(failed.wait(5000));
        QVERIFY(shownError(window).contains(QStringLiteral("other.espalier")));
        QCOMPARE(window.session().statistics()->domains.size(), std::size_t(2));
    }

    void aCrashOfTheEngineIsTextAndLosesNothing()
    {
        StudyFixture f;
        QTemporaryDir folder;
        qputenv("ESPALIER_CLI", fakeEngine(folder, "echo '{\"event\":\"hello\"}' >&2\nkill -9 $$\n").toUtf8());
        studio::MainWindow window;
        window.show();
        QSignalSpy read(&window.session(), &views::Session::exportsChanged);
        window.session().openModel(f.model, f.study);
        QVERIFY(read.wait(10000));
        QSignalSpy finished(&window.session().jobs(), &views::JobRunner::jobFinished);
        auto* job = window.session().jobs().start(
            {QStringLiteral("Profile"), {QStringLiteral("profile")}, QStringLiteral("profile")});
        QVERIFY(finished.wait(10000));
        QCOMPARE(job->state(), views::Job::State::Failed);
        QVERIFY(!job->errorText().isEmpty());
        QVERIFY2(shownError(window).contains(job->errorText()), qPrintable(shownError(window)));
        QVERIFY(window.session().hasModel());
        QCOMPARE(window.session().statistics()->domains.size(), std::size_t(2));
        qunsetenv("ESPALIER_CLI");
    }

    void aMissingEngineSaysWhatToDo()
    {
        StudyFixture f;
        qputenv("ESPALIER_CLI", "/nonexistent/espalier");
        studio::MainWindow window;
        window.show();
        QSignalSpy finished(&window.session().jobs(), &views::JobRunner::jobFinished);
        auto* job = window.session().jobs().start(
            {QStringLiteral("Profile"), {QStringLiteral("profile")}, QStringLiteral("profile")});
        if (finished.isEmpty())
            QVERIFY(finished.wait(10000));
        QCOMPARE(job->state(), views::Job::State::Failed);
        QVERIFY(job->errorText().contains(QStringLiteral("ESPALIER_CLI")));
        qunsetenv("ESPALIER_CLI");
    }

    void cancellingShowsAtOnceAndStopsTheProcess()
    {
        QTemporaryDir folder;
        qputenv("ESPALIER_CLI", fakeEngine(folder, "trap 'exit 130' INT\nwhile true; do sleep 0.05; done\n").toUtf8());
        studio::MainWindow window;
        window.show();
        auto* job = window.session().jobs().start(
            {QStringLiteral("Profile"), {QStringLiteral("profile")}, QStringLiteral("profile")});
        QTRY_COMPARE(job->state(), views::Job::State::Running);
        QTest::qWait(200);
        QSignalSpy finished(job, &views::Job::finished);
        window.action(QStringLiteral("cancel-job"))->trigger();
        QCOMPARE(job->state(), views::Job::State::Cancelling);
        QVERIFY(finished.wait(10000));
        QCOMPARE(job->state(), views::Job::State::Cancelled);
        qunsetenv("ESPALIER_CLI");
    }

    /// Closing asks; what goes on without the window is the engine's own process.
    void aJobGoesOnWithoutTheWindow()
    {
        QTemporaryDir folder;
        const QString sign = folder.filePath(QStringLiteral("done"));
        qputenv(
            "ESPALIER_CLI",
            fakeEngine(folder, "sleep 2\necho '{\"type\":\"log\"}' >&2\necho x > '" + sign.toUtf8() + "'\n").toUtf8());
        auto window = std::make_unique<studio::MainWindow>();
        window->show();
        auto* job = window->session().jobs().start(
            {QStringLiteral("Profile"), {QStringLiteral("profile")}, QStringLiteral("profile")});
        QTRY_COMPARE(job->state(), views::Job::State::Running);
        QTRY_VERIFY(job->processId() > 0);
        const auto answer = [](QMessageBox::ButtonRole role) {
            QTimer::singleShot(50, qApp, [role] {
                auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
                for (QAbstractButton* button : box ? box->buttons() : QList<QAbstractButton*>())
                    if (box->buttonRole(button) == role)
                        button->click();
            });
        };
        answer(QMessageBox::RejectRole);
        QVERIFY(!window->close()); // stays
        QCOMPARE(job->state(), views::Job::State::Running);
        answer(QMessageBox::AcceptRole);
        QVERIFY(window->close());
        window.reset();
        QVERIFY(!QFile::exists(sign));
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(sign), 10000);
        qunsetenv("ESPALIER_CLI");
    }

    void whatWasOpenIsInTheMenu()
    {
        StudyFixture f;
        QSettings().remove(QStringLiteral("recent"));
        studio::MainWindow window;
        window.show();
        auto* start = dynamic_cast<views::StartPage*>(window.page(QStringLiteral("start")));
        QVERIFY(start != nullptr);
        start->recent()->clear();
        QMenu* menu = nullptr;
        for (QMenu* each : window.findChildren<QMenu*>())
            if (each->menuAction()->statusTip() == QStringLiteral("What was open before"))
                menu = each;
        QVERIFY(menu != nullptr && !menu->isEnabled());
        QSignalSpy read(&window.session(), &views::Session::exportsChanged);
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(f.model)}); // dropped anywhere on the window
        QDragEnterEvent enter(QPoint(300, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(300, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&window, &drop);
        QVERIFY(read.wait(10000));
        QVERIFY(menu->isEnabled());
        QVERIFY(menu->actions().first()->isEnabled());
        QCOMPARE(menu->actions().first()->statusTip(), f.model);
        window.open(f.folder.filePath(QStringLiteral("absent"))); // a wrong one never replaces the open one
        QVERIFY(window.session().hasModel());
        QVERIFY(QDir(f.model).removeRecursively());
        emit menu->aboutToShow();
        QVERIFY(!menu->actions().first()->isEnabled());
        menu->actions().last()->trigger(); // clears
        QVERIFY(!menu->isEnabled());
        QCOMPARE(start->recent()->rowCount(), 0);
        data.setUrls({QUrl::fromLocalFile(QStringLiteral("/etc/hostname"))});
        QDragEnterEvent other(QPoint(300, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        other.ignore();
        QApplication::sendEvent(&window, &other);
        QVERIFY(!other.isAccepted());
    }

    /// Another program writes to the study: what is asked for says so, steps of the plan do not hold the window up.
    void aStudyInUseIsSaid()
    {
        StudyFixture f;
        studio::MainWindow window;
        window.show();
        QSignalSpy read(&window.session(), &views::Session::exportsChanged);
        window.session().openModel(f.model, f.study);
        QVERIFY(read.wait(10000));
        window.showPage(QStringLiteral("planner"));
        auto* planner = dynamic_cast<views::PlannerPage*>(window.currentPage());
        {
            const auto other = study::Study::open(f.study.toStdString(), study::OpenMode::ReadWrite);
            QVERIFY(other.ok());
            QSignalSpy journal(&window.session(), &views::Session::journalWritten);
            planner->editor().setKeepPerLayer(5);
            QVERIFY(journal.wait(10000));
            QVERIFY(journal.value(0).value(0).toString().contains(QStringLiteral("in use by process")));
            QVERIFY(shownError(window).isEmpty()); // a label beside the history says it
            planner->savePlan();
            QVERIFY(shownError(window).contains(QStringLiteral("in use by process")));
            QCOMPARE(planner->editor().plan().keptTotal(), 15);
            QVERIFY(planner->editor().modified()); // nothing is called saved that is not
        }
        planner->savePlan();
        QCOMPARE(window.session().plans().size(), std::size_t(1));
    }

    void aFullDiskIsSaidAndLosesNothing()
    {
        StudyFixture f;
        studio::MainWindow window;
        window.show();
        QSignalSpy read(&window.session(), &views::Session::exportsChanged);
        window.session().openModel(f.model, f.study);
        QVERIFY(read.wait(10000));
        window.showPage(QStringLiteral("planner"));
        auto* planner = dynamic_cast<views::PlannerPage*>(window.currentPage());
        planner->editor().rename(QStringLiteral("before"));
        planner->savePlan();
        QCOMPARE(window.session().plans().size(), std::size_t(1));
        QTest::qWait(700); // the journal is written
        planner->editor().rename(QStringLiteral("after"));
        {
            const FileSizeLimit full(4096); // as a disk without room: no file may grow
            planner->savePlan();
            QVERIFY(!shownError(window).isEmpty());
            QVERIFY2(shownError(window).contains(QStringLiteral("study.espalier")), qPrintable(shownError(window)));
            const QString figure = f.folder.filePath(QStringLiteral("map.png"));
            const QString fault = planner->exportFigure(figure);
            QVERIFY(!fault.isEmpty());
            QVERIFY(!QFile::exists(figure));
        }
        QCOMPARE(window.session().plans().size(), std::size_t(1));
        QVERIFY(!planner->editor().plan().layers.empty());
        planner->savePlan(); // there is room again
        QCOMPARE(window.session().plans().size(), std::size_t(2));
        const auto study = study::Study::open(f.study.toStdString(), study::OpenMode::ReadOnly);
        QVERIFY(study.ok() && study->plans()->size() == 2);
    }

    void bothThemesPaintEveryPage()
    {
        StudyFixture f;
        studio::MainWindow window;
        window.resize(1280, 800);
        window.show();
        QSignalSpy read(&window.session(), &views::Session::exportsChanged);
        window.session().openModel(f.model, f.study);
        QVERIFY(read.wait(10000));
        for (const auto kind : {views::ThemeKind::Light, views::ThemeKind::Dark}) {
            views::Theme::apply(*qApp, kind);
            for (const QString& key : window.pageKeys()) {
                window.showPage(key);
                QCoreApplication::processEvents();
                const QImage picture = window.currentPage()->grab().toImage();
                const QColor ground = picture.pixelColor(picture.width() - 3, picture.height() - 3);
                QCOMPARE(ground.name(), views::Theme::color(views::ColorRole::Work).name());
            }
        }
        views::Theme::apply(*qApp, views::ThemeKind::Light);
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
