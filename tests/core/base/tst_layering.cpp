// SPDX-License-Identifier: Apache-2.0
// The floor plan, enforced over the sources themselves: who may include whom, which libraries stay where, sizes and
// licence lines. A failure lists every offending file and line.
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <utility>

class TestLayering : public QObject {
    Q_OBJECT

    struct Source {
        QString path; // relative to the repository
        QStringList lines;
    };
    QList<Source> m_sources;
    QStringList m_offences;

    void offend(const Source& source, qsizetype line, const QString& why)
    {
        m_offences << QString("%1:%2: %3").arg(source.path).arg(line + 1).arg(why);
    }
    void verdict()
    {
        const QStringList found = m_offences;
        m_offences.clear();
        QVERIFY2(found.isEmpty(), qPrintable("\n" + found.join('\n')));
    }
    /// Calls visit(source, line number, included path, angled) for every include.
    template <typename Visit>
    void eachInclude(const Visit& visit)
    {
        static const QRegularExpression include("^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"]");
        for (const Source& source : m_sources)
            for (qsizetype n = 0; n < source.lines.size(); ++n)
                if (const auto match = include.match(source.lines[n]); match.hasMatch())
                    visit(source, n, match.captured(2), match.captured(1) == "<");
    }
    static bool isQt(const QString& header)
    {
        static const QRegularExpression qt("^(Q[A-Z]\\w*|Qt\\w*)(/.*)?$|^q[a-z]+\\.h$");
        return qt.match(header).hasMatch();
    }
    static bool isTorch(const QString& header)
    {
        static const QRegularExpression torch("^(ATen|torch|c10|caffe2|cuda_runtime|cublas)(/|\\.h|_)");
        return torch.match(header).hasMatch();
    }

    void findLaterRooms()
    {
        const QStringList order{"base",   "checkpoint", "model",    "tokenizer", "stats",  "study",
                                "method", "plan",       "exchange", "engine",    "bundle", "report"};
        eachInclude([&](const Source& source, qsizetype line, const QString& header, bool) {
            if (!header.startsWith("core/") && !header.startsWith("views/") && !header.startsWith("app/"))
                return;
            const QString from = source.path.section('/', 0, 0);
            const QString to = header.section('/', 0, 0);
            if (from == "core" && to != "core")
                return offend(source, line, "core includes " + header);
            if (from == "views" && to == "app")
                return offend(source, line, "views includes " + header);
            if (from == "app" && to == "views" && !source.path.startsWith("app/studio/"))
                return offend(source, line, "the command line includes " + header);
            if (from == "app" && to == "app" && header.section('/', 1, 1) != source.path.section('/', 1, 1))
                return offend(source, line, "one program includes another: " + header);
            if (from != "core")
                return;
            const auto own = order.indexOf(source.path.section('/', 1, 1));
            const auto other = order.indexOf(header.section('/', 1, 1));
            if (own < 0 || other < 0)
                offend(source, line, "a room that is not in the floor plan");
            else if (other > own)
                offend(source, line, "includes the later room " + header);
        });
    }

    void findQt()
    {
        eachInclude([&](const Source& source, qsizetype line, const QString& header, bool angled) {
            const bool free = source.path.startsWith("core/") || source.path.startsWith("app/cli/");
            if (free && angled && isQt(header))
                offend(source, line, "Qt in " + header);
        });
    }

    void findLibtorch()
    {
        eachInclude([&](const Source& source, qsizetype line, const QString& header, bool) {
            const bool allowed = source.path.startsWith("core/engine/torch/") ||
                                 source.path.startsWith("core/engine/cuda/") ||
                                 source.path.startsWith("tests/core/engine/") || source.path.startsWith("tests/bench/");
            if (isTorch(header) && !allowed)
                offend(source, line, "libtorch's " + header);
        });
    }

    void findPlots()
    {
        eachInclude([&](const Source& source, qsizetype line, const QString& header, bool) {
            if (header.endsWith("qcustomplot.h") && !source.path.startsWith("views/plots/"))
                offend(source, line, "qcustomplot.h outside views/plots");
        });
    }

    void findFamilyDecisions()
    {
        // A comparison of a family, or one family's name, is a decision that belongs into the ModelSpec
        static const QRegularExpression decision("(\\bfamily\\b\\s*(\\(\\))?\\s*[!=]=)|([!=]=\\s*[\\w.>-]*\\bfamily\\b)"
                                                 "|(\\bmodelType\\b\\s*[!=]=)|\"(qwen3|qwen3_moe)\"");
        for (const Source& source : m_sources) {
            if (source.path.startsWith("core/model/") || source.path.startsWith("tests/"))
                continue;
            for (qsizetype n = 0; n < source.lines.size(); ++n) {
                const QString code = source.lines[n].section("//", 0, 0);
                // Whether a plan and a model belong together is a comparison of two families, not a decision by name
                if (decision.match(code).hasMatch() && code.count("family") < 2)
                    offend(source, n, "decides by the family's name: " + code.trimmed());
            }
        }
    }

    void findLargeFiles()
    {
        for (const Source& source : m_sources)
            if (source.lines.size() - 1 > 800)
                offend(source, source.lines.size() - 1, QString("%1 lines").arg(source.lines.size() - 1));
    }

    void findMissingLicences()
    {
        for (const Source& source : m_sources) {
            const bool gpl = source.path.startsWith("views/") || source.path.startsWith("app/studio/") ||
                             source.path.startsWith("tests/views/") || source.path.startsWith("tests/app/studio/") ||
                             source.path.startsWith("tests/bench/views/");
            const QString expected =
                QString("// SPDX-License-Identifier: %1").arg(gpl ? "GPL-3.0-or-later" : "Apache-2.0");
            if (source.lines.first().trimmed() != expected)
                offend(source, 0, "the first line is not \"" + expected + '"');
        }
    }

    void findUnfinished()
    {
        // Spelled in pieces, or this file would find itself
        static const QRegularExpression marks(QString("\\b(") + "TO" + "DO|FIX" + "ME|XX" + "X)\\b");
        static const QRegularExpression machine(QString("\"[^\"]*/(ro") + "ot|wo" + "rk)/");
        for (const Source& source : m_sources)
            for (qsizetype n = 0; n < source.lines.size(); ++n) {
                if (marks.match(source.lines[n]).hasMatch())
                    offend(source, n, "an unfinished mark");
                if (machine.match(source.lines[n]).hasMatch())
                    offend(source, n, "a path of one machine");
            }
    }

private slots:
    void initTestCase()
    {
        const QDir root(ESPALIER_SOURCE_DIR);
        for (const char* top : {"core", "views", "app", "tests"}) {
            QDirIterator it(root.filePath(top), {"*.h", "*.cpp", "*.cu", "*.cuh", "*.mm"}, QDir::Files,
                            QDirIterator::Subdirectories);
            while (it.hasNext()) {
                QFile file(it.next());
                QVERIFY(file.open(QIODevice::ReadOnly));
                m_sources.append(
                    {root.relativeFilePath(file.fileName()), QString::fromUtf8(file.readAll()).split('\n')});
            }
        }
        QVERIFY2(m_sources.size() > 50, "the sources were not found");
    }

    void roomsIncludeOnlyEarlierRooms()
    {
        findLaterRooms();
        verdict();
    }
    void coreAndCommandLineAreFreeOfQt()
    {
        findQt();
        verdict();
    }
    void libtorchStaysInItsFolder()
    {
        findLibtorch();
        verdict();
    }
    void plottingLibraryStaysInPlots()
    {
        findPlots();
        verdict();
    }
    void noDecisionsByFamilyName()
    {
        findFamilyDecisions();
        verdict();
    }
    void filesStaySmall()
    {
        findLargeFiles();
        verdict();
    }
    void everySourceNamesItsLicence()
    {
        findMissingLicences();
        verdict();
    }
    void nothingIsLeftUnfinished()
    {
        findUnfinished();
        verdict();
    }

    void theIncludesAreUnderstood()
    {
        int seen = 0;
        eachInclude([&](const Source&, qsizetype, const QString&, bool) { ++seen; });
        QVERIFY(seen > 500);
    }

    void theRulesCanFail()
    {
        const auto offences = [this](void (TestLayering::*rule)(), const char* path, const QStringList& lines) {
            const auto real = std::exchange(m_sources, {{path, lines}});
            (this->*rule)();
            m_sources = real;
            return std::exchange(m_offences, {}).size();
        };
        using T = TestLayering;
        QCOMPARE(offences(&T::findLaterRooms, "core/base/x.cpp", {"#include \"core/model/family.h\""}), 1);
        QCOMPARE(offences(&T::findLaterRooms, "core/model/x.cpp", {"#include \"core/base/file.h\""}), 0);
        QCOMPARE(offences(&T::findLaterRooms, "core/new/x.cpp", {"#include \"core/base/file.h\""}), 1);
        QCOMPARE(offences(&T::findLaterRooms, "core/plan/x.cpp", {"# include \"views/session/job.h\""}), 1);
        QCOMPARE(offences(&T::findLaterRooms, "app/cli/x.cpp", {"#include \"views/session/job.h\""}), 1);
        QCOMPARE(offences(&T::findQt, "app/cli/x.cpp", {"#include <QString>", "#include <QtTest/QTest>"}), 2);
        QCOMPARE(offences(&T::findQt, "core/plan/x.cpp", {"#include <queue>"}), 0);
        QCOMPARE(offences(&T::findLibtorch, "core/engine/x.cpp", {"#include <ATen/ATen.h>"}), 1);
        QCOMPARE(offences(&T::findLibtorch, "core/engine/torch/x.cpp", {"#include <c10/util/Half.h>"}), 0);
        QCOMPARE(offences(&T::findLibtorch, "core/plan/x.cpp", {"#include <atomic>"}), 0);
        QCOMPARE(offences(&T::findPlots, "views/pages/x.h", {"#include <qcustomplot.h>"}), 1);
        QCOMPARE(offences(&T::findFamilyDecisions, "core/plan/x.cpp", {"if (spec.family == other)"}), 1);
        QCOMPARE(offences(&T::findFamilyDecisions, "core/plan/x.cpp", {"if (plan.family != model.family)"}), 0);
        QCOMPARE(offences(&T::findLargeFiles, "core/plan/x.cpp", QStringList(802)), 1);
        QCOMPARE(offences(&T::findMissingLicences, "views/x.h", {"// SPDX-License-Identifier: Apache-2.0"}), 1);
        QCOMPARE(offences(&T::findUnfinished, "core/x.h", {QString("// TO") + "DO later"}), 1);
    }
};

QTEST_APPLESS_MAIN(TestLayering)
#include "tst_layering.moc"
