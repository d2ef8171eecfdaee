// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/session/job.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QProcess>

#include <csignal>
#include <memory>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace espalier::views {
namespace {

constexpr int kLogLimit = 2000;

QString shellQuoted(const QString& word)
{
    static const QString plain = QStringLiteral("-_./=,:+@");
    bool isPlain = !word.isEmpty();
    for (const QChar c : word)
        isPlain = isPlain && (c.isLetterOrNumber() || plain.contains(c));
    if (isPlain)
        return word;
    QString text = word;
    text.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
    return QLatin1Char('\'') + text + QLatin1Char('\'');
}

} // namespace

struct Job::Private {
    JobSpec spec;
    State state = State::Queued;
    std::unique_ptr<QProcess> process = std::make_unique<QProcess>();
    QByteArray buffer;
    QString phase, unit, error;
    double percent = -1, rate = 0, secondsLeft = -1, secondsAtEnd = 0;
    QElapsedTimer timer;
    QStringList log;
    QJsonObject result;
    bool haveResult = false;
    int errorCode = 0;

    void say(const QString& text)
    {
        log << text;
        if (log.size() > kLogLimit)
            log.removeFirst();
    }
};

Job::Job(JobSpec spec, QObject* parent) : QObject(parent), d(std::make_unique<Private>())
{
    d->spec = std::move(spec);
    d->process->setStandardOutputFile(QProcess::nullDevice());
    d->process->setStandardInputFile(QProcess::nullDevice());
    connect(d->process.get(), &QProcess::readyReadStandardError, this, [this] { readLines(); });
    connect(d->process.get(), &QProcess::finished, this,
            [this](int code, QProcess::ExitStatus) { processEnded(code); });
    connect(d->process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) {
            d->error = tr("The engine program %1 could not be started: %2. Build the target espalier, or set "
                          "ESPALIER_CLI to its path.")
                           .arg(d->process->program(), d->process->errorString());
            end(State::Failed);
        }
    });
}

void Job::letGo()
{
    if (d->process->state() == QProcess::NotRunning)
        return;
    d->process->disconnect(this);
    // A process object that is destroyed ends its process. These few live as long as the program.
    static std::vector<std::unique_ptr<QProcess>>* const left = new std::vector<std::unique_ptr<QProcess>>;
    left->push_back(std::exchange(d->process, std::make_unique<QProcess>()));
}

Job::~Job()
{
    d->process->disconnect(this);
    if (d->process->state() != QProcess::NotRunning) {
        ::kill(static_cast<pid_t>(d->process->processId()), SIGINT);
        if (!d->process->waitForFinished(3000)) {
            d->process->kill();
            d->process->waitForFinished(1000);
        }
    }
}

const JobSpec& Job::spec() const
{
    return d->spec;
}
Job::State Job::state() const
{
    return d->state;
}
QString Job::phase() const
{
    return d->phase;
}
double Job::percent() const
{
    return d->percent;
}
double Job::rate() const
{
    return d->rate;
}
QString Job::unit() const
{
    return d->unit;
}
double Job::secondsLeft() const
{
    return d->secondsLeft;
}
double Job::seconds() const
{
    if (d->state == State::Running || d->state == State::Cancelling)
        return static_cast<double>(d->timer.elapsed()) / 1000.0;
    return d->secondsAtEnd;
}
QStringList Job::log() const
{
    return d->log;
}
qint64 Job::processId() const
{
    return d->process->processId();
}
QJsonObject Job::result() const
{
    return d->result;
}
QString Job::errorText() const
{
    return d->error;
}

QString Job::commandLine() const
{
    QString line = QStringLiteral("espalier");
    for (const QString& argument : d->spec.arguments)
        line += QLatin1Char(' ') + shellQuoted(argument);
    return line;
}

void Job::start()
{
    if (d->state != State::Queued)
        return;
    d->state = State::Running;
    d->timer.start();
    emit changed();
    const QString program = JobRunner::engineProgram();
    if (program.isEmpty()) {
        d->error = tr("The engine program espalier was not found beside the studio or in PATH. Build the target "
                      "espalier, or set ESPALIER_CLI to its path.");
        end(State::Failed);
        return;
    }
    d->process->start(program, d->spec.arguments + QStringList{QStringLiteral("--progress"), QStringLiteral("json")});
}

void Job::cancel()
{
    if (d->state == State::Queued) {
        end(State::Cancelled);
        return;
    }
    if (d->state != State::Running && d->state != State::Cancelling)
        return;
    d->state = State::Cancelling;
    // A second request makes the engine end at once, see its signal handling.
    if (d->process->processId() > 0)
        ::kill(static_cast<pid_t>(d->process->processId()), SIGINT);
    emit changed();
}

void Job::readLines()
{
    d->buffer += d->process->readAllStandardError();
    for (qsizetype newline = d->buffer.indexOf('\n'); newline >= 0; newline = d->buffer.indexOf('\n')) {
        const QByteArray line = d->buffer.left(newline).trimmed();
        d->buffer.remove(0, newline + 1);
        if (!line.isEmpty())
            readLine(line);
    }
    emit changed();
}

void Job::readLine(const QByteArray& line)
{
    QJsonParseError problem;
    const QJsonObject object = QJsonDocument::fromJson(line, &problem).object();
    const QString type = object.value(QLatin1String("type")).toString();
    if (type == QLatin1String("progress")) {
        d->phase = object.value(QLatin1String("phase")).toString();
        d->unit = object.value(QLatin1String("unit")).toString();
        d->percent = object.value(QLatin1String("percent")).toDouble(-1);
        d->rate = object.value(QLatin1String("rate")).toDouble(0);
        d->secondsLeft = object.value(QLatin1String("seconds_left")).toDouble(-1);
    } else if (type == QLatin1String("result")) {
        d->result = object.value(QLatin1String("result")).toObject();
        d->haveResult = true;
    } else if (type == QLatin1String("error")) {
        d->errorCode = object.value(QLatin1String("code")).toInt(1);
        QString text;
        for (const char* part : {"file", "place", "message"}) {
            const QString value = object.value(QLatin1String(part)).toString();
            if (!value.isEmpty())
                text += (text.isEmpty() ? QString() : QStringLiteral(": ")) + value;
        }
        if (!text.endsWith(QLatin1Char('.')))
            text += QLatin1Char('.');
        const QString remedy = object.value(QLatin1String("remedy")).toString();
        if (!remedy.isEmpty())
            text += QLatin1Char(' ') + remedy + (remedy.endsWith(QLatin1Char('.')) ? QString() : QStringLiteral("."));
        d->error = text;
        d->say(text);
    } else if (type == QLatin1String("log")) {
        d->say(object.value(QLatin1String("text")).toString());
    } else if (type == QLatin1String("hello")) {
        d->say(tr("Engine %1, process %2")
                   .arg(object.value(QLatin1String("version")).toString())
                   .arg(object.value(QLatin1String("pid")).toInt()));
    } else {
        // Not ours (a library's warning): kept for the log, never fatal.
        d->say(QString::fromUtf8(line));
    }
}

void Job::processEnded(int code)
{
    readLines();
    if (!d->buffer.isEmpty()) {
        readLine(d->buffer.trimmed());
        d->buffer.clear();
    }
    const bool crashed = d->process->exitStatus() == QProcess::CrashExit;
    if (d->haveResult && !crashed) {
        // A check that failed (validate --gate, verify) still has a result: the page shows what it says.
        end(State::Finished);
        return;
    }
    if (d->state == State::Cancelling || d->errorCode == 130 || (!crashed && code == 130)) {
        d->error.clear();
        end(State::Cancelled);
        return;
    }
    if (d->errorCode == 0) {
        const QString how = crashed ? tr("was ended by signal %1").arg(code) : tr("ended with code %1").arg(code);
        const QString where = d->phase.isEmpty() ? tr("before it began to work") : tr("during “%1”").arg(d->phase);
        d->error = tr("The engine %1 %2, without a result. The window and the open study are unchanged; everything "
                      "the engine had saved is kept. Start it again, with Resume for a profile.")
                       .arg(how, where);
    }
    end(State::Failed);
}

void Job::end(State state)
{
    d->secondsAtEnd = d->timer.isValid() ? static_cast<double>(d->timer.elapsed()) / 1000.0 : 0;
    d->state = state;
    d->secondsLeft = -1;
    if (state == State::Finished)
        d->percent = 100;
    emit changed();
    emit finished();
}

} // namespace espalier::views
