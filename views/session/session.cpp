// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/session/session.h"

#include "views/session/snapshot.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QFuture>
#include <QFutureWatcher>
#include <QJsonDocument>
#include <QJsonObject>
#include <QThreadPool>
#include <QtConcurrentRun>

#include <algorithm>
#include <deque>
#include <functional>
#include <optional>

namespace espalier::views {
namespace {

using Loaded = std::shared_ptr<const Result<Snapshot>>;
using Write = std::function<Result<void>(study::Study&)>;

struct Pending {
    Write write;
    QString study;
    std::shared_ptr<const model::ModelSummary> model;
};

Result<void> runWrite(const Pending& job)
{
    QDir().mkpath(QFileInfo(job.study).absolutePath());
    ESPALIER_TRY(auto study, study::Study::openOrCreate(job.study.toStdString(), *job.model));
    return job.write(study);
}

QString textOf(const Error& error)
{
    return QString::fromStdString(error.text());
}

} // namespace

struct Session::Private {
    Snapshot now;
    JobRunner jobs;
    QThreadPool reader, writer;
    std::deque<Pending> pending; ///< writes that wait for a job which holds the study
    int token = 0;               ///< latest request wins, stale answers are dropped
    int loading = 0;
};

Session::Session(QObject* parent) : QObject(parent), d(std::make_unique<Private>())
{
    d->reader.setMaxThreadCount(1);
    d->writer.setMaxThreadCount(1);
    connect(&d->jobs, &JobRunner::jobFinished, this, [this](Job* job) {
        std::deque<Pending> waiting;
        waiting.swap(d->pending);
        for (Pending& write : waiting)
            if (const auto done = QtConcurrent::run(&d->writer, runWrite, write).result(); !done)
                emit failed(textOf(done.error()));
        const QString& kind = job->spec().kind; // these leave the study as it is
        if (kind != QLatin1String("verify") && kind != QLatin1String("generate") && job->state() != Job::State::Queued)
            reload();
    });
}

Session::~Session()
{
    ++d->token;
    d->reader.waitForDone();
    d->writer.waitForDone();
}

void Session::load(std::function<Result<Snapshot>()> read, bool fresh)
{
    const int token = ++d->token;
    ++d->loading;
    emit loadingChanged(true);
    auto* watcher = new QFutureWatcher<Loaded>(this);
    connect(watcher, &QFutureWatcher<Loaded>::finished, this, [this, watcher, token, fresh] {
        watcher->deleteLater();
        if (--d->loading == 0)
            emit loadingChanged(false);
        if (token != d->token)
            return;
        const Loaded loaded = watcher->result();
        if (loaded->ok())
            publish(loaded->value(), fresh);
        else
            emit failed(textOf(loaded->error()));
    });
    watcher->setFuture(QtConcurrent::run(&d->reader, [read = std::move(read)]() -> Loaded {
        try {
            return std::make_shared<const Result<Snapshot>>(read());
        } catch (const std::exception& problem) {
            return std::make_shared<const Result<Snapshot>>(internalError(problem.what()));
        }
    }));
}

void Session::publish(const Snapshot& snapshot, bool fresh)
{
    d->now = snapshot;
    if (fresh) {
        d->pending.clear();
        if (!snapshot.modelFolder.isEmpty())
            rememberModelFolder(snapshot.model->fingerprint, snapshot.modelFolder);
        emit opened(snapshot.modelFolder.isEmpty() ? snapshot.studyPath : snapshot.modelFolder);
        emit modelChanged();
    }
    emit statisticsChanged();
    emit plansChanged();
    emit validationsChanged();
    emit exportsChanged();
}

void Session::open(const QString& path)
{
    load([path] { return loadAny(path); }, true);
}

void Session::openModel(const QString& folder, const QString& study)
{
    load([folder, study] { return loadModel(folder, study); }, true);
}

void Session::reload()
{
    if (!hasModel())
        return;
    const Snapshot now = d->now;
    load(
        [now]() -> Result<Snapshot> {
            if (!QFileInfo::exists(now.studyPath)) {
                Snapshot same = now;
                loadSample(same);
                return same;
            }
            ESPALIER_TRY(auto read, loadStudy(now.studyPath, now.modelFolder));
            read.model = now.model;
            return read;
        },
        false);
}

bool Session::hasModel() const
{
    return d->now.model != nullptr;
}
QString Session::modelFolder() const
{
    return d->now.modelFolder;
}
QString Session::studyPath() const
{
    return d->now.studyPath;
}
std::shared_ptr<const model::ModelSummary> Session::model() const
{
    return d->now.model;
}
std::shared_ptr<const stats::Statistics> Session::statistics() const
{
    return d->now.statistics;
}
std::vector<study::RunInfo> Session::runs() const
{
    return d->now.runs;
}
std::vector<study::PlanRecord> Session::plans() const
{
    return d->now.plans;
}
std::vector<study::ValidationRecord> Session::validations() const
{
    return d->now.validations;
}
std::vector<study::ExportRecord> Session::exports() const
{
    return d->now.exports;
}
std::optional<study::JournalEntry> Session::lastStep() const
{
    return d->now.lastStep;
}
std::shared_ptr<const stats::RoutingSample> Session::sample() const
{
    return d->now.sample;
}
QString Session::sampleProblem() const
{
    return d->now.sampleProblem;
}
QString Session::samplePath() const
{
    return samplePathFor(d->now.studyPath);
}
JobRunner& Session::jobs()
{
    return d->jobs;
}
bool Session::isLoading() const
{
    return d->loading > 0;
}

bool Session::write(std::function<Result<void>(study::Study&)> action)
{
    if (!hasModel())
        return false;
    Pending job{std::move(action), d->now.studyPath, d->now.model};
    if (d->jobs.running() != nullptr) {
        d->pending.push_back(std::move(job)); // the engine is the one writer now
        return true;
    }
    // Waited for: the next thing may be a process that reads what was written. Some milliseconds.
    const auto done = QtConcurrent::run(&d->writer, runWrite, std::move(job)).result();
    if (!done)
        emit failed(textOf(done.error()));
    return done.ok();
}

bool Session::savePlan(const plan::Plan& plan)
{
    const auto document = plan.toJson();
    const std::string name = plan.name;
    if (!write([name, document](study::Study& study) { return study.savePlan(name, document); }))
        return false;
    std::erase_if(d->now.plans, [&](const study::PlanRecord& record) { return record.name == name; });
    d->now.plans.push_back({name, QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString(), document});
    emit plansChanged();
    return true;
}

void Session::removePlan(const QString& name)
{
    const std::string key = name.toStdString();
    if (!write([key](study::Study& study) { return study.removePlan(key); }))
        return;
    std::erase_if(d->now.plans, [&](const study::PlanRecord& record) { return record.name == key; });
    emit plansChanged();
}

void Session::addJournal(const QString& text, const base::OrderedJson& state)
{
    if (!hasModel())
        return;
    Pending job{[text = text.toStdString(), state](study::Study& study) { return study.addJournal(text, state); },
                d->now.studyPath, d->now.model};
    if (d->jobs.running() != nullptr) {
        d->pending.push_back(std::move(job));
        emit journalWritten({});
        return;
    }
    auto* watcher = new QFutureWatcher<Result<void>>(this);
    connect(watcher, &QFutureWatcher<Result<void>>::finished, this, [this, watcher] {
        watcher->deleteLater();
        const Result<void> done = watcher->result();
        emit journalWritten(done ? QString() : textOf(done.error()));
    });
    watcher->setFuture(QtConcurrent::run(&d->writer, runWrite, std::move(job)));
}

namespace {
std::vector<std::pair<QString, QString>> dataFiles(const QString& folder)
{
    std::vector<std::pair<QString, QString>> files;
    const QDir dir(folder);
    for (const QString& name : dir.entryList({QStringLiteral("*.jsonl"), QStringLiteral("*.txt")}, QDir::Files))
        files.emplace_back(QFileInfo(name).completeBaseName(), dir.absoluteFilePath(name));
    return files;
}
} // namespace

std::vector<std::pair<QString, QString>> Session::suggestedCalibration() const
{
    if (modelFolder().isEmpty())
        return {};
    return dataFiles(modelFolder() + QStringLiteral("/../calibration"));
}

std::vector<std::pair<QString, QString>> Session::measuredTexts() const
{
    std::vector<std::pair<QString, QString>> texts;
    for (const study::RunInfo& run : d->now.runs) {
        const auto data = run.settings.find("data");
        if (data == run.settings.end() || !data->is_array())
            continue;
        for (const auto& entry : *data) {
            if (!entry.is_object() || !entry.contains("domain") || !entry.contains("file") ||
                !entry["domain"].is_string() || !entry["file"].is_string())
                continue;
            const std::pair text(QString::fromStdString(entry["domain"].get<std::string>()),
                                 QString::fromStdString(entry["file"].get<std::string>()));
            if (QFileInfo(text.second).isFile() && std::find(texts.begin(), texts.end(), text) == texts.end())
                texts.push_back(text);
        }
    }
    return texts.empty() ? suggestedCalibration() : texts;
}

std::vector<std::pair<QString, QString>> Session::suggestedTasks() const
{
    if (modelFolder().isEmpty())
        return {};
    return dataFiles(modelFolder() + QStringLiteral("/../tasks"));
}

int Session::suggestedContext() const
{
    qint64 context = 2048;
    QFile file(modelFolder() + QStringLiteral("/../sample.json"));
    if (!modelFolder().isEmpty() && file.open(QIODevice::ReadOnly))
        context =
            QJsonDocument::fromJson(file.read(1 << 16)).object().value(QLatin1String("context")).toInteger(context);
    const std::int64_t positions = hasModel() ? d->now.model->maxPositions : 0;
    if (positions > 0)
        context = std::min<qint64>(context, positions);
    return static_cast<int>(std::clamp<qint64>(context, 1, 1 << 20));
}

} // namespace espalier::views
