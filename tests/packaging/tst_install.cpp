// SPDX-License-Identifier: Apache-2.0
// What `cmake --install` lays down works from there: both programs, engine, bundled model; and what a desktop and
// shells read of it is valid. Validators that are missing are skipped loudly, with CI set they fail.
#include <QDir>
#include <QDirIterator>
#include <QImage>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

namespace {

struct Outcome {
    int code = -1;
    QByteArray out, err;
};

Outcome run(const QString& program, const QStringList& arguments, const QProcessEnvironment& environment)
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    Outcome outcome;
    if (!process.waitForFinished(120000)) {
        outcome.err = "did not start or finish: " + process.errorString().toUtf8();
        process.kill();
        process.waitForFinished();
        return outcome;
    }
    outcome.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
    outcome.out = process.readAllStandardOutput();
    outcome.err = process.readAllStandardError();
    return outcome;
}

} // namespace

// Skips where a tool is missing, loudly; with CI set that is a failure.
#define NEED_TOOL(name, package)                                                                                       \
    do {                                                                                                               \
        if (QStandardPaths::findExecutable(QStringLiteral(name)).isEmpty()) {                                          \
            if (qEnvironmentVariableIsSet("CI"))                                                                       \
                QFAIL(name " is missing: install " package);                                                           \
            QSKIP(name " is missing: install " package);                                                               \
        }                                                                                                              \
    } while (false)

#define VERIFY_RUN(outcome) QVERIFY2((outcome).code == 0, ((outcome).out + (outcome).err).constData())

class TestInstall : public QObject {
    Q_OBJECT

    QTemporaryDir m_stage;
    QString m_root; ///< the installed prefix, below the staging folder
    QProcessEnvironment m_environment;

    [[nodiscard]] QString at(const QString& path) const { return m_root + '/' + path; }
    /// The one file of that name below the prefix; empty when there is none.
    [[nodiscard]] QString find(const QString& name) const
    {
        QDirIterator files(m_root, {name}, QDir::Files, QDirIterator::Subdirectories);
        return files.hasNext() ? files.next() : QString();
    }

private slots:
    void initTestCase()
    {
        // Nothing of this build or machine may help: no variables of ours, no settings, no search path of libraries.
        m_environment = QProcessEnvironment::systemEnvironment();
        for (const QString& name : m_environment.keys())
            if (name.startsWith("ESPALIER_") || name == "LD_LIBRARY_PATH")
                m_environment.remove(name);
        m_environment.insert("HOME", m_stage.path());
        m_environment.insert("OMP_NUM_THREADS", "1");
        m_environment.insert("QT_QPA_PLATFORM", "offscreen");
        m_environment.insert("DESTDIR", m_stage.path());
        const QString build = QStringLiteral(ESPALIER_BUILD_DIR);
        for (const char* component : {"espalier", "studio"})
            VERIFY_RUN(run("cmake", {"--install", build, "--prefix", "/usr", "--component", component}, m_environment));
        // Half a gigabyte that is copied as it is: links do here.
        m_environment.insert("CMAKE_INSTALL_MODE", "ABS_SYMLINK");
        VERIFY_RUN(run("cmake", {"--install", build, "--prefix", "/usr", "--component", "libtorch"}, m_environment));
        m_environment.remove("CMAKE_INSTALL_MODE");
        m_environment.remove("DESTDIR");
        m_root = m_stage.filePath("usr");
        QVERIFY(QFile::exists(at("bin/espalier")));
    }

    void theCommandLineWorksFromThere()
    {
        const auto version = run(at("bin/espalier"), {"--version"}, m_environment);
        VERIFY_RUN(version);
        const QString model = at("share/espalier/demo/model");
        const auto inspect = run(at("bin/espalier"), {"inspect", model, "--json"}, m_environment);
        VERIFY_RUN(inspect);
        QCOMPARE(QJsonDocument::fromJson(inspect.out)["experts"].toInt(), 32);
        // Computes: the plug-in and libtorch are found beside the program.
        const QString study = m_stage.filePath("s.espalier");
        const auto profile =
            run(at("bin/espalier"),
                {"profile", model, "--study", study, "--data",
                 "sort=" + at("share/espalier/demo/calibration/sort.jsonl"), "--max-tokens", "2000", "--json"},
                m_environment);
        VERIFY_RUN(profile);
        QCOMPARE(QJsonDocument::fromJson(profile.out)["tokens"]["sort"].toInt(), 2000);
        const auto doctor = run(at("bin/espalier"), {"doctor", "--json"}, m_environment);
        VERIFY_RUN(doctor);
        QVERIFY2(!doctor.out.contains(ESPALIER_BUILD_DIR), doctor.out.constData());
    }

    void theWindowStartsFromThere()
    {
        const auto version = run(at("bin/espalier-studio"), {"--version"}, m_environment);
        VERIFY_RUN(version);
        QVERIFY(version.out.contains("0."));
        // A study in, a PDF out: the whole of Qt that it needs is there.
        const QString study = m_stage.filePath("s.espalier"), pdf = m_stage.filePath("s.pdf");
        VERIFY_RUN(run(at("bin/espalier-studio"), {"--report", study, "--pdf", pdf}, m_environment));
        QVERIFY(QFile(pdf).size() > 1000);
        // The window itself stays up; a crash would end it before it is told to.
        QProcess window;
        window.setProcessEnvironment(m_environment);
        window.start(at("bin/espalier-studio"), {study});
        QVERIFY(window.waitForStarted());
        QVERIFY2(!window.waitForFinished(3000), window.readAllStandardError().constData());
        window.terminate();
        if (!window.waitForFinished(5000))
            window.kill();
        window.waitForFinished();
    }

    void nothingPointsBackIntoTheBuild()
    {
        NEED_TOOL("readelf", "binutils");
        for (const QString& file : {at("bin/espalier"), at("bin/espalier-studio"), find("libespalier_engine.so")}) {
            const auto heads = run("readelf", {"-d", file}, m_environment);
            VERIFY_RUN(heads);
            QVERIFY2(!heads.out.contains(ESPALIER_BUILD_DIR) && !heads.out.contains(ESPALIER_SOURCE_DIR),
                     heads.out.constData());
        }
    }

    void theDesktopEntryIsValid()
    {
        NEED_TOOL("desktop-file-validate", "desktop-file-utils");
        VERIFY_RUN(run("desktop-file-validate", {at("share/applications/org.espalier.Studio.desktop")}, m_environment));
    }

    void theMetainfoIsValid()
    {
        NEED_TOOL("appstreamcli", "appstream");
        VERIFY_RUN(run("appstreamcli", {"validate", "--no-net", at("share/metainfo/org.espalier.Studio.metainfo.xml")},
                       m_environment));
    }

    void studiesAreAFileTypeOfTheirOwn()
    {
        NEED_TOOL("update-mime-database", "shared-mime-info");
        const QString mime = at("share/mime");
        VERIFY_RUN(run("update-mime-database", {mime}, m_environment));
        QFile globs(mime + "/globs2");
        QVERIFY(globs.open(QIODevice::ReadOnly));
        QVERIFY(globs.readAll().contains(":application/x-espalier-study:*.espalier"));
        // The magic is what studies begin with.
        QFile study(m_stage.filePath("s.espalier"));
        QVERIFY(study.open(QIODevice::ReadOnly));
        const QByteArray head = study.read(72);
        QVERIFY(head.startsWith(QByteArray("SQLite format 3\0", 16)));
        QCOMPARE(head.mid(68, 4), QByteArray("ESPL"));
    }

    void iconsHaveTheirSizes()
    {
        for (const int size : {16, 22, 24, 32, 48, 64, 128, 256, 512})
            for (const char* name : {"apps/org.espalier.Studio", "mimetypes/application-x-espalier-study"}) {
                const QImage icon(at(QStringLiteral("share/icons/hicolor/%1x%1/%2.png").arg(size).arg(name)));
                QCOMPARE(icon.size(), QSize(size, size));
                QVERIFY(icon.pixelColor(size / 2, size / 2).alpha() > 200);
            }
        QVERIFY(QFile::exists(at("share/icons/hicolor/scalable/apps/org.espalier.Studio.svg")));
    }

    void manualPagesAreWellFormed()
    {
        NEED_TOOL("man", "man-db");
        for (const char* page : {"espalier", "espalier-studio"}) {
            auto environment = m_environment;
            environment.insert("MANROFFOPT", "-ww");
            const auto shown = run(
                "man",
                {"--warnings", "-E", "UTF-8", "-P", "cat", "-l", at(QStringLiteral("share/man/man1/%1.1").arg(page))},
                environment);
            VERIFY_RUN(shown);
            QVERIFY2(shown.err.isEmpty(), shown.err.constData());
            QVERIFY(shown.out.contains("OPTIONS"));
        }
    }

    void bashCompletes_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("offered");
        QTest::newRow("command") << "espalier va"
                                 << "validate";
        QTest::newRow("subcommand") << "espalier study me"
                                    << "merge";
        QTest::newRow("option") << "espalier plan s.espalier --rat"
                                << "--ratio";
        QTest::newRow("value") << "espalier plan s.espalier --method reap-s"
                               << "reap-sum reap-shrunk";
        QTest::newRow("shell") << "espalier completion fi"
                               << "fish";
        QTest::newRow("file, left to bash") << "espalier inspect some"
                                            << "";
    }
    void bashCompletes()
    {
        QFETCH(QString, typed);
        QFETCH(QString, offered);
        const QString script =
            QStringLiteral(". \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); "
                           "_espalier; printf '%s\\n' \"${COMPREPLY[@]}\"");
        QStringList arguments{"-uc", script, "bash", at("share/bash-completion/completions/espalier")};
        const auto completed = run("bash", arguments + typed.split(' '), m_environment);
        VERIFY_RUN(completed);
        QStringList found = QString::fromUtf8(completed.out).split('\n', Qt::SkipEmptyParts);
        QStringList wanted = offered.split(' ', Qt::SkipEmptyParts);
        found.sort();
        wanted.sort();
        QCOMPARE(found, wanted);
    }

    void otherShellsReadTheirs()
    {
        NEED_TOOL("zsh", "zsh");
        NEED_TOOL("fish", "fish");
        VERIFY_RUN(run("zsh", {"-n", at("share/zsh/vendor-completions/_espalier")}, m_environment));
        const QString file = at("share/fish/vendor_completions.d/espalier.fish");
        VERIFY_RUN(run("fish", {"--no-execute", file}, m_environment));
        const auto offered =
            run("fish", {"--no-config", "-c", "source " + file + "; complete -C 'espalier study me'"}, m_environment);
        VERIFY_RUN(offered);
        QVERIFY2(offered.out.startsWith("merge\t"), offered.out.constData());
        const auto values =
            run("fish", {"--no-config", "-c", "source " + file + "; complete -C 'espalier scores s --method tces'"},
                m_environment);
        QVERIFY2(values.out.startsWith("tcess"), (values.out + values.err).constData());
    }
};

QTEST_GUILESS_MAIN(TestInstall)
#include "tst_install.moc"
