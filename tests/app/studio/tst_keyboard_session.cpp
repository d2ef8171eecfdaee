// SPDX-License-Identifier: GPL-3.0-or-later
// A whole session with the keyboard alone, the real engine and the bundled model: open, profile, plan, validate,
// export. Nothing is called on the pages: keys go to whatever has the focus, and Tab has to reach every control that is
// needed.
#include "app/studio/main_window.h"
#include "views/pages/export_page.h"
#include "views/pages/export_texts.h"
#include "views/pages/page.h"
#include "views/theme/theme.h"
#include "views/widgets/guide_bar.h"

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace espalier;
using views::Job;

class TestKeyboardSession : public QObject {
    Q_OBJECT
    std::unique_ptr<studio::MainWindow> m_window;

    views::Session& session() { return m_window->session(); }
    /// To what has the focus, else to the window in front, as the desktop does.
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QWidget* target = QApplication::focusWidget();
        for (QWidget* next : {QApplication::activeWindow(), static_cast<QWidget*>(m_window.get())})
            target = target != nullptr ? target : next;
        QTest::keyClick(target, key, modifiers);
    }
    /// The desktop brings the window back when a dialog closes; this platform has none.
    bool front()
    {
        m_window->activateWindow();
        return QTest::qWaitForWindowActive(m_window.get());
    }
    static void type(const QString& text)
    {
        for (const QChar c : text)
            QTest::keyClick(QApplication::focusWidget(), c.toLatin1());
    }
    /// Tab until the control of that object or accessible name has the focus.
    bool tabTo(const QString& name)
    {
        QStringList seen;
        for (int i = 0; i < 120; ++i) {
            const QWidget* focus = QApplication::focusWidget();
            if (focus != nullptr && (focus->objectName() == name || focus->accessibleName() == name))
                return true;
            seen << (focus == nullptr ? QStringLiteral("nothing")
                                      : QStringLiteral("%1 %2 %3")
                                            .arg(QLatin1String(focus->metaObject()->className()), focus->objectName(),
                                                 focus->accessibleName()));
            key(Qt::Key_Tab);
        }
        seen.removeDuplicates();
        qWarning("Tab does not reach %s, but\n%s", qPrintable(name), qPrintable(seen.join(QLatin1Char('\n'))));
        return false;
    }
    bool finish()
    {
        Job* job = session().jobs().jobs().isEmpty() ? nullptr : session().jobs().jobs().last();
        if (job == nullptr || !QTest::qWaitFor([&] { return job->state() > Job::State::Cancelling; }, 240000))
            return false;
        if (job->state() != Job::State::Finished)
            qWarning("%s\n%s", qPrintable(job->errorText()), qPrintable(job->log().join(QLatin1Char('\n'))));
        return job->state() == Job::State::Finished && QTest::qWaitFor([&] { return !session().isLoading(); }, 20000);
    }

private slots:
    void initTestCase()
    {
        if (QStringLiteral(ESPALIER_CLI).isEmpty())
            QSKIP("the command line program is not built");
        qputenv("ESPALIER_CLI", ESPALIER_CLI);
        qputenv("ESPALIER_RESOURCES", ESPALIER_SOURCE_DIR "/resources");
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("Espalier"));
        QCoreApplication::setApplicationName(QStringLiteral("test-keyboard-session"));
        QSettings().clear();
        QSettings().setValue(QStringLiteral("weights/onOpening"), false);
        QDir(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)).removeRecursively();
        views::Theme::apply(*qApp, views::ThemeKind::Light);
        m_window = std::make_unique<studio::MainWindow>();
        m_window->resize(1440, 900);
        m_window->show();
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    }

    void open()
    {
        using Guide = views::GuideBar;
        QVERIFY(m_window->guide()->isVisible()); // on the first start
        QCOMPARE(m_window->guide()->next(), Guide::Open);
        QSignalSpy read(&session(), &views::Session::exportsChanged);
        key(Qt::Key_K, Qt::ControlModifier);
        QTRY_VERIFY(qobject_cast<QLineEdit*>(QApplication::focusWidget()));
        type(QStringLiteral("Open sample"));
        key(Qt::Key_Return);
        QVERIFY(read.wait(20000));
        QCOMPARE(session().model()->experts, 32);
        QVERIFY(session().statistics()->domains.empty());
        QCOMPARE(m_window->guide()->next(), Guide::Profile);
        QVERIFY(front());
    }

    void profile()
    {
        key(Qt::Key_P, Qt::ControlModifier);
        QTRY_VERIFY(qobject_cast<QDialog*>(QApplication::activeWindow()) && QApplication::focusWidget() != nullptr);
        auto* dialog = QApplication::activeWindow();
        int spins = 0; // the second one is the most tokens per domain
        for (int i = 0; i < 40 && spins < 2; ++i) {
            key(Qt::Key_Tab);
            spins += qobject_cast<QSpinBox*>(QApplication::focusWidget()) != nullptr ? 1 : 0;
        }
        QCOMPARE(spins, 2);
        key(Qt::Key_A, Qt::ControlModifier);
        type(QStringLiteral("256"));
        const auto* start = dialog->findChild<QPushButton*>(QStringLiteral("start"));
        QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled(), 20000);
        QVERIFY(tabTo(QStringLiteral("start")));
        key(Qt::Key_Space);
        QVERIFY(front() && finish());
        QCOMPARE(session().statistics()->domains.size(), session().suggestedCalibration().size());
        QCOMPARE(session().statistics()->domains.at(0).tokens, std::int64_t(256));
    }

    void plan()
    {
        key(Qt::Key_4, Qt::AltModifier);
        QCOMPARE(m_window->currentPage(), m_window->page(QStringLiteral("planner")));
        QVERIFY(tabTo(QStringLiteral("keep")));
        key(Qt::Key_Home); // the smallest legal plan
        for (int i = 0; i < 4; ++i)
            key(Qt::Key_Right);
        key(Qt::Key_S, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(session().plans().size(), std::size_t(1), 5000);
        QTRY_VERIFY_WITH_TIMEOUT(!session().isLoading(), 5000);
    }

    void validate()
    {
        key(Qt::Key_5, Qt::AltModifier);
        QCOMPARE(m_window->currentPage(), m_window->page(QStringLiteral("validation")));
        QVERIFY(tabTo(QStringLiteral("formData")));
        key(Qt::Key_Home);
        for (std::size_t i = 1; i < session().suggestedTasks().size(); ++i) { // all but the first are left out
            key(Qt::Key_Down);
            key(Qt::Key_Space);
        }
        QVERIFY(tabTo(QStringLiteral("Items per task")));
        key(Qt::Key_A, Qt::ControlModifier);
        type(QStringLiteral("4"));
        QVERIFY(tabTo(QStringLiteral("formStart")));
        key(Qt::Key_Space);
        QVERIFY(finish());
        QCOMPARE(session().validations().size(), std::size_t(1));
        QCOMPARE(session().validations()[0].document["plans"][0]["tasks"].size(), std::size_t(1));
    }

    void exportIt()
    {
        key(Qt::Key_6, Qt::AltModifier);
        QCOMPARE(m_window->currentPage(), m_window->page(QStringLiteral("export")));
        QTemporaryDir folder;
        const QString bundle = folder.filePath(QStringLiteral("bundle"));
        QVERIFY(tabTo(QStringLiteral("targets"))); // arrows choose the engine
        key(Qt::Key_Down);
        key(Qt::Key_Up);
        QVERIFY(tabTo(QStringLiteral("folder")));
        key(Qt::Key_A, Qt::ControlModifier);
        type(bundle);
        key(Qt::Key_Tab);
        const auto* button = m_window->currentPage()->findChild<QPushButton*>(QStringLiteral("export"));
        QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), 20000);
        QVERIFY(tabTo(QStringLiteral("export")));
        key(Qt::Key_Space);
        QVERIFY(finish());
        QCOMPARE(session().exports().size(), std::size_t(1));
        QVERIFY(QFileInfo::exists(bundle + QStringLiteral("/SHA256SUMS")));
        QVERIFY(session().jobs().jobs().last()->result().value(QLatin1String("verified")).toBool());
        // What was verified stays to be read when the study was read again
        QTest::qWait(300);
        const auto& checks = dynamic_cast<views::ExportPage*>(m_window->currentPage())->checks();
        QCOMPARE(checks.count(views::ExportCheck::State::Failed), 0);
        QCOMPARE(checks.count(views::ExportCheck::State::Waiting), 0);
        QVERIFY(checks.rowCount() > 8);
        for (int row = 0; row < checks.rowCount(); ++row) { // said in the user's language
            const QString found = checks.index(row, views::ExportCheckModel::Detail).data().toString();
            QVERIFY2(views::ExportTexts::isKnown(found), qPrintable(found));
        }
    }

    /// The guide followed the session; closed it stays closed, and Help has it.
    void guideIsClosedAndComesBack()
    {
        QCOMPARE(m_window->guide()->next(), views::GuideBar::StepCount);
        QVERIFY(tabTo(QStringLiteral("guide-close")));
        key(Qt::Key_Space);
        QVERIFY(!m_window->guide()->isVisible());
        studio::MainWindow second;
        second.show();
        QVERIFY(!second.guide()->isVisible());
        second.action(QStringLiteral("guide"))->trigger();
        QVERIFY(second.guide()->isVisible());
        QVERIFY(views::GuideBar::isWanted());
    }
};

QTEST_MAIN(TestKeyboardSession)
#include "tst_keyboard_session.moc"
