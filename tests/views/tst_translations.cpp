// SPDX-License-Identifier: GPL-3.0-or-later
// Every language is complete: every text in the sources has a finished translation with the same placeholders; English
// has its plural forms; the compiled catalogues are in the program and in use.
#include "translations/language.h"
#include "views/plan/method_texts.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

namespace {

struct Message {
    QString context, source;
    QStringList forms;
    bool finished = true, plural = false;
};

QList<Message> read(const QString& path)
{
    QList<Message> messages;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return messages;
    QXmlStreamReader xml(&file);
    QString context;
    while (!xml.atEnd()) {
        if (!xml.readNextStartElement() && !xml.isEndElement())
            continue;
        if (!xml.isStartElement())
            continue;
        const auto name = xml.name();
        if (name == QLatin1String("name")) {
            context = xml.readElementText();
        } else if (name == QLatin1String("message")) {
            messages.append({context, {}, {}, true, xml.attributes().hasAttribute(QLatin1String("numerus"))});
        } else if (name == QLatin1String("source")) {
            messages.last().source = xml.readElementText();
        } else if (name == QLatin1String("translation")) {
            messages.last().finished = !xml.attributes().hasAttribute(QLatin1String("type"));
            if (!messages.last().plural)
                messages.last().forms << xml.readElementText();
        } else if (name == QLatin1String("numerusform")) {
            messages.last().forms << xml.readElementText();
        }
    }
    return messages;
}

QStringList placeholders(const QString& text)
{
    static const QRegularExpression mark(QStringLiteral("%(\\d|n)"));
    QStringList found;
    for (auto it = mark.globalMatch(text); it.hasNext();)
        found << it.next().captured();
    found.removeDuplicates();
    found.sort();
    return found;
}

QString catalogue(const char* name)
{
    return QStringLiteral(ESPALIER_SOURCE_DIR "/translations/espalier_%1.ts").arg(QLatin1String(name));
}

} // namespace

class TestTranslations : public QObject {
    Q_OBJECT
private slots:
    void everyMessageIsFinished_data()
    {
        QTest::addColumn<QString>("file");
        for (const QString& code : espalier::languages())
            if (code != QLatin1String("en"))
                QTest::newRow(qPrintable(code)) << catalogue(qPrintable(code));
        QTest::newRow("English plurals") << catalogue("en");
    }
    void everyMessageIsFinished()
    {
        QFETCH(QString, file);
        const auto messages = read(file);
        QVERIFY(messages.size() > 10);
        QStringList faults;
        const int plurals = file.contains(QLatin1String("_zh")) ? 1 : 2; // Chinese counts without
        for (const auto& message : messages) {
            if (!message.finished)
                faults << message.context + ": " + message.source;
            for (const QString& form : message.forms)
                if (form.isEmpty() || placeholders(form) != placeholders(message.source))
                    faults << message.context + ": " + message.source + " -> " + form;
            if (message.forms.size() != (message.plural ? plurals : 1))
                faults << message.context + ": forms of " + message.source;
        }
        QVERIFY2(faults.isEmpty(), qPrintable("\n" + faults.join('\n')));
    }

    void everyTextOfTheSourcesIsInTheCatalogue_data()
    {
        QTest::addColumn<QString>("code");
        for (const QString& code : espalier::languages())
            if (code != QLatin1String("en"))
                QTest::newRow(qPrintable(code)) << code;
    }
    void everyTextOfTheSourcesIsInTheCatalogue()
    {
        QFETCH(QString, code);
        const QString lupdate = QStringLiteral(ESPALIER_LUPDATE);
        if (!QFile::exists(lupdate)) {
            if (qEnvironmentVariableIsSet("CI"))
                QFAIL("lupdate is missing, so missing translations cannot be found");
            QSKIP("lupdate is missing: install qt6-l10n-tools");
        }
        QTemporaryDir folder;
        const QString fresh = folder.filePath(QStringLiteral("fresh.ts"));
        QProcess process;
        process.setWorkingDirectory(QStringLiteral(ESPALIER_SOURCE_DIR));
        process.start(lupdate, {"-silent", "-locations", "none", "-I", ESPALIER_SOURCE_DIR, "views", "app/studio",
                                "-ts", fresh, "-target-language", "de"});
        QVERIFY(process.waitForFinished(120000));
        QSet<QString> known;
        for (const auto& message : read(catalogue(qPrintable(code))))
            known.insert(message.context + '\n' + message.source);
        QStringList missing;
        const auto texts = read(fresh);
        QVERIFY(texts.size() > 300);
        for (const auto& message : texts)
            if (!known.contains(message.context + '\n' + message.source))
                missing << message.context + ": " + message.source;
        QVERIFY2(missing.isEmpty(),
                 qPrintable(code + ": run the target update_catalogues and translate:\n" + missing.join('\n')));
    }

    void menusHaveKeysOfTheirOwn_data() { everyTextOfTheSourcesIsInTheCatalogue_data(); }
    void menusHaveKeysOfTheirOwn()
    {
        QFETCH(QString, code);
        QHash<QChar, QString> taken; // Alt + letter opens a menu
        for (const auto& message : read(catalogue(qPrintable(code)))) {
            if (message.context != QLatin1String("espalier::studio::MainWindow") || !message.source.startsWith('&'))
                continue;
            const auto at = message.forms.first().indexOf('&');
            QVERIFY2(at >= 0, qPrintable(message.source));
            const QChar key = message.forms.first().at(at + 1).toLower();
            QVERIFY2(!taken.contains(key), qPrintable(message.source + ", " + taken.value(key)));
            taken.insert(key, message.source);
        }
        QVERIFY(taken.size() >= 6);
    }

    void theProgramSpeaksEveryLanguage_data()
    {
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<QString>("used");
        QTest::addColumn<QString>("save");
        QTest::addColumn<QString>("three");
        QTest::newRow("French") << "fr_CA"
                                << "fr"
                                << "Enregistrer le plan"
                                << "3 plans";
        QTest::newRow("Spanish") << "es_MX"
                                 << "es"
                                 << "Guardar plan"
                                 << "3 planes";
        QTest::newRow("Chinese") << "zh_CN"
                                 << "zh" << QString::fromUtf8("保存方案") << QString::fromUtf8("3 个方案");
        QTest::newRow("traditional Chinese is another script") << "zh_TW"
                                                               << "en"
                                                               << "Save plan"
                                                               << "3 plans";
    }
    void theProgramSpeaksEveryLanguage()
    {
        QFETCH(QString, wanted);
        QFETCH(QString, used);
        QFETCH(QString, save);
        QFETCH(QString, three);
        QCOMPARE(espalier::installLanguage(wanted), used);
        const char* context = "espalier::views::PlannerPage";
        QCOMPARE(QCoreApplication::translate(context, "Save plan"), save);
        QCOMPARE(QCoreApplication::translate(context, "%n plan(s)", nullptr, 3), three);
        QVERIFY(espalier::languageName(used) != used);
    }

    void theProgramSpeaksGermanAndCountsInEnglish()
    {
        QCOMPARE(espalier::installLanguage(QStringLiteral("de_AT")), QStringLiteral("de"));
        QCOMPARE(espalier::views::methodTitle("frequency"), QStringLiteral("Häufigkeit"));
        const char* context = "espalier::views::PlannerPage";
        QCOMPARE(QCoreApplication::translate(context, "Save plan"), QStringLiteral("Plan speichern"));
        QCOMPARE(QCoreApplication::translate(context, "%n plan(s)", nullptr, 3), QStringLiteral("3 Pläne"));
        QCOMPARE(espalier::installLanguage(QStringLiteral("xx")), QStringLiteral("en"));
        QCOMPARE(QCoreApplication::translate(context, "Save plan"), QStringLiteral("Save plan"));
        QCOMPARE(QCoreApplication::translate(context, "%n plan(s)", nullptr, 1), QStringLiteral("1 plan"));
        QCOMPARE(QCoreApplication::translate(context, "%n plan(s)", nullptr, 0), QStringLiteral("0 plans"));
    }
};

QTEST_MAIN(TestTranslations)
#include "tst_translations.moc"
