// SPDX-License-Identifier: GPL-3.0-or-later
// File > Report and `espalier-studio --report`: written, told, and faults shown where the user looks.
#include "app/studio/main_window.h"
#include "tests/views/study_fixture.h"
#include "views/pages/page.h"
#include "views/theme/theme.h"
#include "views/widgets/banner.h"

#include <QAction>
#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QSettings>
#include <QStatusBar>
#include <QTest>

using namespace espalier;
using test::StudyFixture;

namespace {

QString shownError(const studio::MainWindow& window)
{
    const auto* banner = window.currentPage()->findChild<views::Banner*>();
    return banner != nullptr && !banner->isHidden() ? banner->text() : QString();
}

/// The program as a user starts it on a machine without a display.
int studioWithoutDisplay(const QStringList& arguments, QByteArray* said)
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"})
        environment.remove(QLatin1String(name));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(ESPALIER_BUILD_DIR "/app/studio/espalier-studio"), arguments);
    if (!process.waitForFinished(60000))
        return -1;
    *said = process.readAllStandardError();
    return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
}

} // namespace

class TestWindowReport : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("Espalier"));
        QCoreApplication::setApplicationName(QStringLiteral("test-window-report"));
        QSettings().clear();
        QSettings().setValue(QStringLiteral("weights/onOpening"), false);
        views::Theme::apply(*qApp, views::ThemeKind::Light);
    }

    void theReportOfTheOpenStudy()
    {
        StudyFixture f;
        studio::MainWindow window;
        window.show();
        QVERIFY(!window.action(QStringLiteral("report"))->isEnabled()); // nothing is open
        QSignalSpy read(&window.session(), &views::Session::exportsChanged);
        window.session().openModel(f.model, f.study);
        QVERIFY(read.wait(10000));
        QVERIFY(window.action(QStringLiteral("report"))->isEnabled());
        QSignalSpy finished(&window, &studio::MainWindow::reportFinished);
        const QString path = f.folder.filePath(QStringLiteral("r.html"));
        window.writeReport(path);
        QVERIFY(finished.wait(20000));
        QCOMPARE(finished.first().at(1).toString(), QString());
        QVERIFY(window.statusBar()->currentMessage().contains(path));
        QFile page(path);
        QVERIFY(page.open(QIODevice::ReadOnly));
        const QByteArray html = page.readAll();
        QVERIFY(html.contains("alpha") && html.contains("beta"));

        const QString nowhere = f.folder.filePath(QStringLiteral("no/such/r.pdf"));
        window.writeReport(nowhere);
        QVERIFY(finished.wait(20000));
        QVERIFY2(shownError(window).contains(nowhere), qPrintable(shownError(window)));
    }

    void aModelWithoutAStudyHasNothingToReport()
    {
        StudyFixture f;
        studio::MainWindow window;
        window.show();
        QSignalSpy read(&window.session(), &views::Session::modelChanged);
        window.session().openModel(f.model, f.folder.filePath(QStringLiteral("absent.espalier")));
        QVERIFY(read.wait(10000));
        const QString path = f.folder.filePath(QStringLiteral("r.html"));
        window.writeReport(path);
        QVERIFY(!shownError(window).isEmpty());
        QVERIFY(!QFile::exists(path));
    }

    void withoutADisplay()
    {
        StudyFixture f;
        const QString pdf = f.folder.filePath(QStringLiteral("r.pdf"));
        QByteArray said;
        QCOMPARE(studioWithoutDisplay({QStringLiteral("--report"), f.study, QStringLiteral("--pdf"), pdf}, &said), 0);
        QFile file(pdf);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().startsWith("%PDF-"));
        QCOMPARE(studioWithoutDisplay({QStringLiteral("--report"), f.study}, &said), 2);
        QVERIFY(said.contains("--pdf"));
        QCOMPARE(studioWithoutDisplay({QStringLiteral("--report"), f.folder.filePath(QStringLiteral("absent.espalier")),
                                       QStringLiteral("--pdf"), pdf},
                                      &said),
                 3);
        QVERIFY2(said.contains("absent.espalier"), said.constData());
        QCOMPARE(studioWithoutDisplay({QStringLiteral("--help")}, &said), 0);
        QCOMPARE(studioWithoutDisplay({}, &said), 2); // the window itself does need one
    }
};

QTEST_MAIN(TestWindowReport)
#include "tst_window_report.moc"
