// SPDX-License-Identifier: GPL-3.0-or-later
// Every page of the manual is in the program, has a heading and links only to pages that exist.
#include "core/method/score.h"
#include "views/dialogs/manual_dialog.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QRegularExpression>
#include <QTest>
#include <QTextBrowser>

using espalier::views::ManualDialog;

class TestManualDialog : public QObject {
    Q_OBJECT

    static QString text(const QString& name)
    {
        QFile file(QStringLiteral(":/manual/%1.md").arg(name));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }

private slots:
    void everyPageIsThere()
    {
        ManualDialog dialog;
        const QDir folder(QStringLiteral(ESPALIER_SOURCE_DIR "/resources/manual"));
        QCOMPARE(folder.entryList({QStringLiteral("*.md")}).size(), ManualDialog::pages().size());
        for (const QString& name : ManualDialog::pages()) {
            QVERIFY2(text(name).startsWith(QLatin1String("# ")), qPrintable(name));
            dialog.showPage(name);
            QCOMPARE(dialog.page(), name);
        }
        dialog.showPage(QStringLiteral("no such page"));
        QCOMPARE(dialog.page(), QStringLiteral("index"));
    }

    void linksLeadSomewhere()
    {
        ManualDialog dialog;
        static const QRegularExpression link(QStringLiteral("\\]\\(([a-z-]+)\\.md\\)"));
        int found = 0;
        for (const QString& name : ManualDialog::pages())
            for (auto it = link.globalMatch(text(name)); it.hasNext(); ++found) {
                const QString target = it.next().captured(1);
                QVERIFY2(ManualDialog::pages().contains(target), qPrintable(name + " -> " + target));
            }
        QVERIFY(found >= 9);
    }

    void picturesAreThereAndFitThePage()
    {
        ManualDialog dialog;
        dialog.show();
        auto* browser = dialog.findChild<QTextBrowser*>();
        QVERIFY(browser);
        static const QRegularExpression link(QStringLiteral("!\\[[^\\]]*\\]\\(([^)]+)\\)"));
        int found = 0;
        for (const QString& name : ManualDialog::pages())
            for (auto it = link.globalMatch(text(name)); it.hasNext(); ++found) {
                const QString target = it.next().captured(1);
                const QImage stored(QStringLiteral(":/manual/") + target);
                QVERIFY2(!stored.isNull(), qPrintable(name + " -> " + target));
                dialog.showPage(name);
                for (const int width : {1300, 700}) {
                    dialog.resize(width, 700);
                    QCoreApplication::processEvents();
                    const auto shown =
                        browser->document()
                            ->resource(QTextDocument::ImageResource, QUrl(QStringLiteral("qrc:/manual/") + target))
                            .value<QImage>();
                    QVERIFY2(!shown.isNull(), qPrintable(target));
                    QCOMPARE(shown.colorCount(), 0); // scaled in true colour, not in the file's palette
                    QVERIFY(shown.deviceIndependentSize().width() < browser->viewport()->width());
                    const int room = browser->viewport()->width() - 100;
                    QVERIFY(shown.deviceIndependentSize().width() >= std::min(stored.width(), room));
                }
            }
        QVERIFY(found >= 5);
    }

    void everyScoreIsExplained()
    {
        ManualDialog dialog;
        const QString concepts = text(QStringLiteral("concepts"));
        for (const auto& method : espalier::method::scoreMethods()) {
            const QString id = QString::fromUtf8(method.id.data(), static_cast<qsizetype>(method.id.size()));
            QVERIFY2(concepts.contains(QLatin1Char('`') + id + QLatin1Char('`')), qPrintable(id));
        }
    }
};

QTEST_MAIN(TestManualDialog)
#include "tst_manual_dialog.moc"
