// SPDX-License-Identifier: GPL-3.0-or-later
// The window in every language, and in one that is longer than any: nothing is cut off at the usual size; the language
// changes while the window is open, with model and page kept.
#include "app/studio/window_host.h"
#include "tests/views/study_fixture.h"
#include "translations/language.h"
#include "views/pages/gate_panel.h"
#include "views/pages/page.h"
#include "views/pages/planner_page.h"
#include "views/pages/validation_page.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"
#include "views/widgets/banner.h"

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QAction>
#include <QCoreApplication>
#include <QDoubleSpinBox>
#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>
#include <QSettings>
#include <QTest>
#include <QTranslator>
#include <QUndoStack>

#include <algorithm>

using namespace espalier;
using test::StudyFixture;

namespace {

/// "Save plan" becomes "[Ŝàvé plàñ ··]": a third longer, with accents above and below, so that what is cut off shows.
class PseudoLanguage : public QTranslator {
public:
    QString translate(const char*, const char* source, const char*, int) const override
    {
        const QString text = QString::fromUtf8(source);
        if (text.startsWith(QLatin1String("Ctrl+")) || text.startsWith(QLatin1String("Alt+")) ||
            text.contains(QLatin1String("(*")) || text.size() < 2)
            return text;
        static const QString plain = QStringLiteral("aeiounycSAEO"), marked = QString::fromUtf8("àéîöüñýçŞÅÊØ");
        QString out;
        bool tag = false;
        for (qsizetype i = 0; i < text.size(); ++i) {
            const QChar c = text.at(i);
            tag = tag ? c != QLatin1Char('>') : c == QLatin1Char('<');
            const auto at = plain.indexOf(c);
            const bool mark = i > 0 && text.at(i - 1) == QLatin1Char('%'); // %n, and letters of tags, stay
            out += at >= 0 && !tag && !mark ? marked.at(at) : c;
        }
        return QStringLiteral("[%1 %2]").arg(out, QString(text.size() / 4, QChar(0x00B7)));
    }
    bool isEmpty() const override { return false; }
};

QString pathOf(const QWidget* widget)
{
    QString path = widget->objectName();
    for (const QWidget* at = widget->parentWidget(); at != nullptr; at = at->parentWidget())
        if (!at->objectName().isEmpty() && !at->objectName().startsWith(QLatin1String("qt_")))
            return at->objectName() + '/' + path;
    return path;
}

/// Pixels of the widget's width that no scrolling can bring to sight.
int hiddenWidth(const QWidget* widget)
{
    QRect seen(widget->mapTo(widget->window(), QPoint()), widget->size());
    const int full = seen.width();
    for (const QWidget* at = widget->parentWidget(); at != nullptr; at = at->parentWidget()) {
        const auto* area = qobject_cast<const QAbstractScrollArea*>(at->parentWidget());
        if (area != nullptr && area->viewport() == at && area->horizontalScrollBar()->maximum() > 0 &&
            area->horizontalScrollBarPolicy() != Qt::ScrollBarAlwaysOff)
            return 0;
        const QRect frame(at->mapTo(widget->window(), QPoint()), at->size());
        seen.setLeft(std::max(seen.left(), frame.left()));
        seen.setRight(std::min(seen.right(), frame.right()));
    }
    return full - seen.width();
}

/// What a reader cannot read of the widget, or nothing.
QString clipped(const QWidget* widget)
{
    QString text;
    int needs = 0, has = widget->contentsRect().width();
    if (const auto* label = qobject_cast<const QLabel*>(widget)) {
        text = label->text();
        const bool elides = label->property("elides").toBool() || !label->toolTip().isEmpty();
        if (!label->wordWrap() && !elides && label->textFormat() != Qt::RichText)
            for (const QString& line : text.split('\n'))
                needs = std::max(needs, label->fontMetrics().horizontalAdvance(line));
        if (label->pixmap(Qt::ReturnByValue).width() > 0)
            needs = 0;
    } else if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) {
        text = button->text();
        needs = text.isEmpty() ? 0 : button->minimumSizeHint().width();
        has = button->width();
    }
    if (text.isEmpty())
        return {};
    const int hidden = hiddenWidth(widget);
    if (needs > has + 1)
        return QStringLiteral("%1 of %2 pixels: %3 (%4)").arg(has).arg(needs).arg(text, pathOf(widget));
    if (hidden > 1)
        return QStringLiteral("%1 pixels outside: %2 (%3)").arg(hidden).arg(text, pathOf(widget));
    return {};
}

/// Column titles with less room than they need.
QStringList clippedColumns(const QHeaderView& header)
{
    QStringList faults;
    if (header.orientation() == Qt::Vertical || header.model() == nullptr)
        return faults;
    for (int column = 0; column < header.count(); ++column) {
        const QString title = header.model()->headerData(column, Qt::Horizontal).toString();
        const int needs = header.fontMetrics().horizontalAdvance(title);
        if (!header.isSectionHidden(column) && header.sectionSize(column) > 0 && needs > header.sectionSize(column))
            faults << QStringLiteral("%1 of %2 pixels: column %3 (%4)")
                          .arg(header.sectionSize(column))
                          .arg(needs)
                          .arg(title, pathOf(&header));
    }
    return faults;
}

} // namespace

class TestLanguages : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("Espalier"));
        QCoreApplication::setApplicationName(QStringLiteral("test-languages"));
        QSettings().clear();
        QSettings().setValue(QStringLiteral("weights/onOpening"), false);
        views::Theme::apply(*qApp, views::ThemeKind::Light);
    }
    void cleanup() { studio::applyLanguage(QStringLiteral("en")); }

    void nothingIsCutOff_data()
    {
        QTest::addColumn<QString>("language");
        for (const QString& code : languages())
            QTest::newRow(qPrintable(code)) << code;
        QTest::newRow("a long one") << "pseudo";
    }
    void nothingIsCutOff()
    {
        QFETCH(QString, language);
        PseudoLanguage pseudo;
        const bool made = language == QLatin1String("pseudo");
        studio::applyLanguage(made ? QStringLiteral("en") : language);
        if (made)
            QCoreApplication::installTranslator(&pseudo);
        StudyFixture f;
        f.addValidation(test::madeUpValidation("half"));
        studio::MainWindow window;
        window.resize(1440, 900);
        window.show();
        QSignalSpy read(&window.session(), &views::Session::exportsChanged);
        window.session().openModel(f.model, f.study);
        QVERIFY(read.wait(10000));
        plan::Plan half = plan::Plan::keepAll(*window.session().model());
        half.name = "half";
        half.domains = {"alpha"};
        window.session().savePlan(half); // so that export and answers are there to look at
        QStringList faults;
        qsizetype seen = 0;
        const auto look = [&](const QString& place) {
            QTest::qWait(50); // layouts that follow what was read
            for (const QWidget* widget : window.findChildren<QWidget*>()) {
                if (!widget->isVisible())
                    continue;
                ++seen;
                if (const QString fault = clipped(widget); !fault.isEmpty())
                    faults << place + ": " + fault;
                if (const auto* header = qobject_cast<const QHeaderView*>(widget); header != nullptr && !made)
                    for (const QString& fault : clippedColumns(*header))
                        faults << place + ": " + fault;
            }
        };
        for (const QString& key : window.pageKeys()) {
            window.showPage(key);
            look(key);
        }
        window.showPage(QStringLiteral("validation"));
        auto* validation = dynamic_cast<views::ValidationPage*>(window.currentPage());
        validation->gate().proposeLimits();
        for (const auto view : {views::ValidationPage::Answers, views::ValidationPage::Gate}) {
            validation->showView(view);
            look(QStringLiteral("validation %1").arg(view));
        }
        if (const QString folder = qEnvironmentVariable("ESPALIER_TEST_PICTURES"); !folder.isEmpty()) {
            window.showPage(QStringLiteral("planner"));
            QTest::qWait(100);
            window.grab().save(folder + '/' + language + ".png");
        }
        QCoreApplication::removeTranslator(&pseudo);
        QCOMPARE(window.size(), QSize(1440, 900)); // no text forces it wider
        QVERIFY(seen > 300);
        faults.removeDuplicates();
        QVERIFY2(faults.isEmpty(), qPrintable('\n' + faults.join('\n')));
    }

    void theCheckCanFail()
    {
        QWidget window;
        window.resize(300, 60);
        auto* narrow = new QLabel(QStringLiteral("a text that needs more room than it has"), &window);
        narrow->setGeometry(0, 0, 40, 20);
        auto* outside = new QLabel(QStringLiteral("abc"), &window);
        outside->setGeometry(290, 30, 80, 20);
        window.show();
        QVERIFY(clipped(narrow).contains(QStringLiteral("of")));
        QVERIFY(clipped(outside).contains(QStringLiteral("outside")));
    }

    void theLanguageChangesWhileTheWindowIsOpen()
    {
        StudyFixture f;
        studio::applyLanguage(QStringLiteral("en"));
        studio::WindowHost host;
        host.show();
        QSignalSpy read(&host.window().session(), &views::Session::exportsChanged);
        host.window().session().openModel(f.model, f.study);
        QVERIFY(read.wait(10000));
        host.window().showPage(QStringLiteral("planner"));
        QCOMPARE(host.window().action(QStringLiteral("save-plan"))->text(), QStringLiteral("Save plan"));
        QSignalSpy replaced(&host, &studio::WindowHost::windowReplaced);
        // Steps of a plan that are not saved are worth more than a language.
        auto& editor = dynamic_cast<views::PlannerPage*>(host.window().page(QStringLiteral("planner")))->editor();
        QTRY_VERIFY_WITH_TIMEOUT(editor.ready(), 10000);
        editor.setKeepPerLayer(4);
        QVERIFY(!editor.undoStack()->isClean());
        host.window().findChild<QAction*>(QStringLiteral("language-de"))->trigger();
        QVERIFY(!replaced.wait(200));
        const auto* banner = host.window().currentPage()->findChild<views::Banner*>();
        QVERIFY(banner != nullptr && !banner->isHidden() && banner->text().contains(QStringLiteral("not saved")));
        editor.undoStack()->undo();
        QVERIFY(editor.undoStack()->isClean());
        auto* french = host.window().findChild<QAction*>(QStringLiteral("language-fr"));
        QVERIFY(french != nullptr);
        french->trigger();
        QVERIFY(replaced.wait(5000));
        QCOMPARE(host.window().action(QStringLiteral("save-plan"))->text(), QStringLiteral("Enregistrer le plan"));
        QCOMPARE(host.window().currentPage(), host.window().page(QStringLiteral("planner")));
        QVERIFY(host.window().isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(host.window().session().hasModel(), 10000);
        QCOMPARE(host.window().session().studyPath(), f.study);
        QCOMPARE(QSettings().value(QStringLiteral("language")).toString(), QStringLiteral("fr"));
        QVERIFY(host.window().findChild<QAction*>(QStringLiteral("language-fr"))->isChecked());
        QSettings().remove(QStringLiteral("language"));
    }

    void numbersAreWrittenAsTheLanguageDoes()
    {
        studio::applyLanguage(QStringLiteral("fr"));
        QDoubleSpinBox french;
        french.setValue(1.5);
        QCOMPARE(french.text(), QStringLiteral("1,50"));
        QCOMPARE(views::format::fixed(0.25, 2), QStringLiteral("0,25"));
        studio::applyLanguage(QStringLiteral("zh"));
        QDoubleSpinBox chinese;
        chinese.setValue(1.5);
        QCOMPARE(chinese.text(), QStringLiteral("1.50"));
        QCOMPARE(views::format::fixed(0.25, 2), QStringLiteral("0.25"));
    }

    void aRunningJobIsNotLostForALanguage()
    {
        QTemporaryDir folder;
        const QString engine = folder.filePath(QStringLiteral("engine"));
        QFile file(engine);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("#!/bin/sh\ntrap 'exit 130' INT\nwhile true; do sleep 0.05; done\n");
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::ExeOwner | QFile::WriteOwner);
        qputenv("ESPALIER_CLI", engine.toUtf8());
        studio::WindowHost host;
        host.show();
        auto* job = host.window().session().jobs().start(
            {QStringLiteral("Profile"), {QStringLiteral("profile")}, QStringLiteral("profile")});
        QTRY_COMPARE(job->state(), views::Job::State::Running);
        QSignalSpy replaced(&host, &studio::WindowHost::windowReplaced);
        host.window().findChild<QAction*>(QStringLiteral("language-es"))->trigger();
        QVERIFY(!replaced.wait(200));
        QCOMPARE(job->state(), views::Job::State::Running);
        QSignalSpy finished(job, &views::Job::finished);
        job->cancel();
        QVERIFY(finished.wait(10000));
        qunsetenv("ESPALIER_CLI");
        QSettings().remove(QStringLiteral("language"));
    }
};

QTEST_MAIN(TestLanguages)
#include "tst_languages.moc"
