// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/session/job.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace espalier::views {

struct JobRunner::Private {
    QList<Job*> jobs;
};

JobRunner::JobRunner(QObject* parent) : QObject(parent), d(std::make_unique<Private>())
{
}

JobRunner::~JobRunner()
{
    // Jobs end their processes in their destructors; nobody is told any more.
    for (Job* job : d->jobs)
        job->disconnect(this);
    qDeleteAll(d->jobs);
}

Job* JobRunner::start(const JobSpec& spec)
{
    auto* job = new Job(spec);
    d->jobs << job;
    connect(job, &Job::changed, this, [this, job] { emit jobChanged(job); });
    connect(job, &Job::finished, this, [this, job] {
        emit jobFinished(job);
        for (Job* next : d->jobs) {
            if (running() != nullptr)
                break;
            if (next->state() == Job::State::Queued)
                next->start();
        }
    });
    emit jobAdded(job);
    if (running() == nullptr)
        job->start();
    return job;
}

const QList<Job*>& JobRunner::jobs() const
{
    return d->jobs;
}

Job* JobRunner::running() const
{
    for (Job* job : d->jobs)
        if (job->state() == Job::State::Running || job->state() == Job::State::Cancelling)
            return job;
    return nullptr;
}

QString JobRunner::engineProgram()
{
    const QString fromEnvironment = qEnvironmentVariable("ESPALIER_CLI");
    if (!fromEnvironment.isEmpty())
        return fromEnvironment;
    // Installed side by side, or app/studio beside app/cli in a build tree.
    const QDir here(QCoreApplication::applicationDirPath());
    for (const char* place : {"espalier", "../cli/espalier", "../../app/cli/espalier", "../app/cli/espalier"}) {
        const QFileInfo info(here.filePath(QLatin1String(place)));
        if (info.isFile() && info.isExecutable())
            return info.canonicalFilePath();
    }
    return QStandardPaths::findExecutable(QStringLiteral("espalier"));
}

} // namespace espalier::views
