// SPDX-License-Identifier: GPL-3.0-or-later
// The PDF of a study: pages, figures as vectors, errors that name the file; and the window's File > Report.
#include "core/report/report.h"
#include "tests/views/study_fixture.h"
#include "views/models/validation_data.h"
#include "views/report/report_pdf.h"
#include "views/report/report_texts.h"

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace espalier;
using test::StudyFixture;

namespace {

QByteArray bytes(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestReportPdf : public QObject {
    Q_OBJECT
private slots:
    void aStudyBecomesPagesOfVectors()
    {
        StudyFixture f;
        f.addValidation(test::madeUpValidation(QStringLiteral("half").toStdString()));
        const QString path = f.folder.filePath(QStringLiteral("report.pdf"));
        const auto written = views::writeReport(f.study, path);
        QVERIFY2(written.ok(), written ? "" : written.error().text().c_str());
        const QByteArray pdf = bytes(path);
        QVERIFY(pdf.startsWith("%PDF-"));
        QVERIFY(pdf.trimmed().endsWith("%%EOF"));
        QVERIFY(pdf.count("/Type /Page\n") >= 5); // a section begins a page
        QVERIFY(!pdf.contains("/Subtype /Image"));
        QVERIFY(pdf.contains("/Type /Font"));
    }

    void theLimitsAreThoseOfTheWindow()
    {
        QCOMPARE(report::kKlLimit, views::kKlLimit);
        QCOMPARE(report::kAccuracyDrop, views::kAccuracyDrop);
        QCOMPARE(report::kSignificance, views::kSignificance);
    }

    void theNameDecidesTheForm()
    {
        StudyFixture f;
        const QString path = f.folder.filePath(QStringLiteral("report.html"));
        QVERIFY(views::writeReport(f.study, path).ok());
        QVERIFY(bytes(path).startsWith("<!DOCTYPE html>"));
    }

    /// What core/report says and what the catalogues hold are the same texts.
    void everyTextIsInTheCatalogues()
    {
        static const QRegularExpression call(
            QStringLiteral("(?<![A-Za-z_])(?:t|request\\.texts)\\(\\s*((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*)+)"));
        static const QRegularExpression piece(QStringLiteral("\"((?:[^\"\\\\]|\\\\.)*)\""));
        QStringList said;
        QDirIterator files(QStringLiteral(ESPALIER_SOURCE_DIR "/core/report"), {QStringLiteral("*.cpp")});
        while (files.hasNext()) {
            const QString source = QString::fromUtf8(bytes(files.next()));
            for (auto found = call.globalMatch(source); found.hasNext();) {
                QString text;
                for (auto part = piece.globalMatch(found.next().captured(1)); part.hasNext();)
                    text += part.next().captured(1);
                said << text;
            }
        }
        QVERIFY(said.size() > 120);
        const QStringList known = views::reportSources();
        for (const QString& text : std::as_const(said))
            QVERIFY2(known.contains(text), qPrintable(text));
        // Chosen at run time: parts of the model, columns beside a map, answers, states of runs.
        const QStringList chosen{QStringLiteral("routed experts"),
                                 QStringLiteral("shared experts"),
                                 QStringLiteral("router"),
                                 QStringLiteral("attention"),
                                 QStringLiteral("embedding"),
                                 QStringLiteral("other"),
                                 QStringLiteral("total"),
                                 QStringLiteral("entropy"),
                                 QStringLiteral("eff."),
                                 QStringLiteral("Gini"),
                                 QStringLiteral("dead"),
                                 QStringLiteral("yes"),
                                 QStringLiteral("no"),
                                 QStringLiteral("running"),
                                 QStringLiteral("partial"),
                                 QStringLiteral("finished")};
        for (const QString& text : known)
            QVERIFY2(said.contains(text) || chosen.contains(text), qPrintable(text));
        for (const QString& text : chosen)
            QVERIFY2(known.contains(text), qPrintable(text));
    }

    void errorsNameTheFile()
    {
        StudyFixture f;
        const QString nowhere = f.folder.filePath(QStringLiteral("no/such/report.pdf"));
        const auto unwritten = views::writeReport(f.study, nowhere);
        QVERIFY(!unwritten.ok());
        QVERIFY(unwritten.error().text().find("no/such/report.pdf") != std::string::npos);
        const auto unread = views::writeReport(f.folder.filePath(QStringLiteral("absent.espalier")), nowhere);
        QVERIFY(!unread.ok());
        QCOMPARE(unread.error().code, ErrorCode::BadInput);
        QVERIFY(unread.error().text().find("absent.espalier") != std::string::npos);
    }
};

QTEST_MAIN(TestReportPdf)
#include "tst_report_pdf.moc"
