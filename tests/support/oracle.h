// SPDX-License-Identifier: Apache-2.0
// Runs a script of tests/oracle with the Python environment that holds transformers and tokenizers. Where that
// environment is missing the test is skipped loudly; in continuous integration (CI is set) it fails instead.
#pragma once

#include <QFileInfo>
#include <QProcess>
#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

namespace espalier::test {

/// The interpreter, or empty when there is none.
inline QString oraclePython()
{
    const QString fromEnvironment = qEnvironmentVariable("ESPALIER_ORACLE_PYTHON");
    const QString python =
        fromEnvironment.isEmpty() ? QStringLiteral(ESPALIER_SOURCE_DIR "/.deps/oracle/bin/python") : fromEnvironment;
    return QFileInfo(python).isExecutable() ? python : QString();
}

struct OracleRun {
    int exitCode = -1;
    QByteArray output;
    QByteArray errors;
};

/// `script` is a file name below tests/oracle.
inline OracleRun runOracle(const QString& script, const QStringList& arguments, int timeoutSeconds = 300)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(QStringLiteral("OMP_NUM_THREADS"));
    environment.insert(QStringLiteral("TRANSFORMERS_VERBOSITY"), QStringLiteral("error"));
    environment.insert(QStringLiteral("HF_HUB_OFFLINE"), QStringLiteral("1"));
    environment.insert(QStringLiteral("PYTHONDONTWRITEBYTECODE"), QStringLiteral("1"));
    process.setProcessEnvironment(environment);
    process.start(oraclePython(),
                  QStringList{QStringLiteral(ESPALIER_SOURCE_DIR "/tests/oracle/") + script} + arguments);
    OracleRun run;
    if (!process.waitForStarted() || !process.waitForFinished(timeoutSeconds * 1000)) {
        run.errors = "the oracle did not start or did not finish in time";
        return run;
    }
    run.exitCode = process.exitCode();
    run.output = process.readAllStandardOutput();
    run.errors = process.readAllStandardError();
    return run;
}

} // namespace espalier::test

/// First line of a test that needs the oracle.
#define ESPALIER_NEED_ORACLE()                                                                                         \
    do {                                                                                                               \
        if (espalier::test::oraclePython().isEmpty()) {                                                                \
            if (qEnvironmentVariableIsSet("CI"))                                                                       \
                QFAIL("no oracle environment; run ./dev oracle");                                                      \
            QSKIP("NOT COMPARED WITH TRANSFORMERS: no oracle environment; run ./dev oracle");                          \
        }                                                                                                              \
    } while (false)
