// SPDX-License-Identifier: Apache-2.0
// Starts the real program and keeps what it said, and the models, texts and studies that the tests of the command line
// share.
#pragma once

#include "core/base/json.h"
#include "tests/core/engine/profile_fixture.h"

#include <QProcess>
#include <QProcessEnvironment>
#include <QString>
#include <QStringList>
#include <QTest>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace espalier::test {

struct CliRun {
    int code = -1; ///< −1: it crashed, did not start or did not finish
    QByteArray out, err;

    /// Standard output as exactly one JSON object; throws when it is anything else.
    [[nodiscard]] base::OrderedJson json() const
    {
        const auto parsed = base::parseJson(out.toStdString(), "standard output");
        if (!parsed || !parsed->is_object())
            throw std::runtime_error("standard output is not one JSON object: " + out.left(300).toStdString() +
                                     "\nstandard error: " + err.left(2000).toStdString());
        return *parsed;
    }
    [[nodiscard]] bool says(const std::string& text) const { return err.contains(text.c_str()); }
};

using Environment = std::map<QString, QString>;

inline QProcessEnvironment cliEnvironment(const Environment& extra = {})
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("OMP_NUM_THREADS"), QStringLiteral("1"));
    for (const auto& [name, value] : extra)
        environment.insert(name, value);
    return environment;
}

inline CliRun runProcess(const QString& program, const QStringList& arguments, const Environment& extra = {},
                         const QString& folder = {}, int seconds = 240)
{
    QProcess process;
    process.setProcessEnvironment(cliEnvironment(extra));
    if (!folder.isEmpty())
        process.setWorkingDirectory(folder);
    process.start(program, arguments);
    CliRun run;
    if (!process.waitForStarted() || !process.waitForFinished(seconds * 1000)) {
        run.err = "the program did not start or did not finish in time: " + process.readAllStandardError();
        process.kill();
        process.waitForFinished();
        return run;
    }
    run.out = process.readAllStandardOutput();
    run.err = process.readAllStandardError();
    if (process.exitStatus() == QProcess::NormalExit)
        run.code = process.exitCode();
    return run;
}

inline CliRun cli(const QStringList& arguments, const Environment& extra = {}, const QString& folder = {})
{
    return runProcess(QStringLiteral(ESPALIER_CLI), arguments, extra, folder);
}

/// Through a shell, for limits, pipes and full devices; `$ESPALIER` is the program.
inline CliRun shell(const QString& script, const Environment& extra = {}, const QString& folder = {})
{
    Environment environment = extra;
    environment[QStringLiteral("ESPALIER")] = QStringLiteral(ESPALIER_CLI);
    return runProcess(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), script}, environment, folder);
}

inline QString quoted(const fs::path& path)
{
    return QString::fromStdString(path.string());
}

inline fs::path demo(const char* inside = "model")
{
    return fs::path(ESPALIER_SOURCE_DIR) / "resources/demo" / inside;
}

/// A tiny model with a tokenizer, two texts, and a study measured from them by the program itself.
struct TinyWorld {
    fs::path folder, model, words, numbers, study;
    explicit TinyWorld(const fs::path& place, bool measured = true)
        : folder(place), model(place / "model"), words(place / "words.jsonl"), numbers(place / "numbers.jsonl"),
          study(place / "tiny.espalier")
    {
        fs::create_directories(place);
        writeModelWithTokenizer(model);
        writeTexts(words, 1, 30);
        writeTexts(numbers, 2, 20);
        if (!measured)
            return;
        const CliRun run = cli(profile(study));
        if (run.code != 0)
            throw std::runtime_error("profile failed: " + run.err.toStdString());
    }
    [[nodiscard]] QStringList profile(const fs::path& into) const
    {
        return {"profile",   quoted(model),
                "--study",   quoted(into),
                "--data",    "words=" + quoted(words),
                "--data",    "numbers=" + quoted(numbers),
                "--context", "48",
                "--dtype",   "float32",
                "--threads", "1"};
    }
    /// A plan of this many experts, as a file.
    [[nodiscard]] fs::path plan(int keep) const
    {
        const fs::path file = folder / fmt::format("keep{}.json", keep);
        const CliRun run = cli({"plan", quoted(study), "--name", QStringLiteral("keep%1").arg(keep), "--method",
                                "reap-sum", "--keep", QString::number(keep), "--out", quoted(file)});
        if (run.code != 0)
            throw std::runtime_error("plan failed: " + run.err.toStdString());
        return file;
    }
};

/// Names of everything in a folder, hidden files too, sorted.
inline std::vector<std::string> namesIn(const fs::path& folder)
{
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace espalier::test

/// The run ended with this exit code; else its standard error is shown.
#define QVERIFY_CODE(run, expected)                                                                                    \
    QVERIFY2((run).code == (expected),                                                                                 \
             qPrintable(QStringLiteral("exit code %1, expected %2: %3%4")                                              \
                            .arg((run).code)                                                                           \
                            .arg(expected)                                                                             \
                            .arg(QString::fromUtf8((run).err.left(2000)), QString::fromUtf8((run).out.left(500)))))
/// Standard error holds this text.
#define QVERIFY_SAYS(run, text)                                                                                        \
    QVERIFY2((run).says(text),                                                                                         \
             qPrintable(QStringLiteral("'%1' is not said in: %2")                                                      \
                            .arg(QString::fromStdString(std::string(text)), QString::fromUtf8((run).err.left(2000)))))
