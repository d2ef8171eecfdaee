// SPDX-License-Identifier: GPL-3.0-or-later
// A job is one `espalier ... --progress json` child process. Its JSON lines (on standard error) are: hello, progress,
// log, result, error. A process that ends without result or error counts as a crash and leaves the window untouched.
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>

#include <memory>

namespace espalier::views {

struct JobSpec {
    QString title;         ///< translated, for the jobs pane: "Profile 12 domains"
    QStringList arguments; ///< without the program and without --progress
    QString kind;          ///< "profile", "validate", "export", "verify"
    bool unasked = false;  ///< begun by the program itself: says nothing, and gives way
};

class Job : public QObject {
    Q_OBJECT
public:
    enum class State { Queued, Running, Cancelling, Finished, Failed, Cancelled };
    Q_ENUM(State)

    explicit Job(JobSpec spec, QObject* parent = nullptr);
    ~Job() override;

    [[nodiscard]] const JobSpec& spec() const;
    [[nodiscard]] State state() const;
    [[nodiscard]] QString phase() const;
    [[nodiscard]] double percent() const; ///< -1 = unknown
    [[nodiscard]] double rate() const;    ///< units per second
    [[nodiscard]] QString unit() const;
    [[nodiscard]] double secondsLeft() const; ///< -1 = unknown
    [[nodiscard]] double seconds() const;     ///< since start
    [[nodiscard]] QStringList log() const;
    [[nodiscard]] QJsonObject result() const;
    [[nodiscard]] QString errorText() const;   ///< what failed, on which file, why, what to do
    [[nodiscard]] QString commandLine() const; ///< as a shell command
    [[nodiscard]] qint64 processId() const;    ///< 0 when it does not run
    void start();
    void cancel(); ///< SIGINT; state becomes Cancelling at once
    /// The process goes on by itself, also when this object and the program end; nothing more is heard of it.
    void letGo();

signals:
    void changed();
    void finished();

private:
    void readLines();
    void readLine(const QByteArray& line);
    void processEnded(int code);
    void end(State state);

    struct Private;
    std::unique_ptr<Private> d;
};

/// Runs one job at a time, the others wait. Engine program: ESPALIER_CLI in the environment, beside the studio, or
/// PATH.
class JobRunner : public QObject {
    Q_OBJECT
public:
    explicit JobRunner(QObject* parent = nullptr);
    ~JobRunner() override;
    Job* start(const JobSpec& spec);
    [[nodiscard]] const QList<Job*>& jobs() const;
    [[nodiscard]] Job* running() const;
    [[nodiscard]] static QString engineProgram();

signals:
    void jobAdded(espalier::views::Job* job);
    void jobChanged(espalier::views::Job* job);
    void jobFinished(espalier::views::Job* job);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace espalier::views
