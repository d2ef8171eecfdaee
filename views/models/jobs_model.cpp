// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/jobs_model.h"

#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QCoreApplication>

namespace espalier::views {

QString jobStateText(Job::State state)
{
    switch (state) {
    case Job::State::Queued:
        return QCoreApplication::translate("JobState", "waiting");
    case Job::State::Running:
        return QCoreApplication::translate("JobState", "running");
    case Job::State::Cancelling:
        return QCoreApplication::translate("JobState", "cancelling…");
    case Job::State::Finished:
        return QCoreApplication::translate("JobState", "finished");
    case Job::State::Failed:
        return QCoreApplication::translate("JobState", "failed");
    case Job::State::Cancelled:
        break;
    }
    return QCoreApplication::translate("JobState", "cancelled, partial work kept");
}

JobsModel::JobsModel(JobRunner* runner, QObject* parent) : QAbstractTableModel(parent), m_runner(runner)
{
    for (Job* job : m_runner->jobs())
        m_rows.prepend(job);
    connect(m_runner, &JobRunner::jobAdded, this, [this](Job* job) {
        beginInsertRows({}, 0, 0);
        m_rows.prepend(job);
        endInsertRows();
    });
    const auto refresh = [this](Job* job) {
        const int row = rowOf(job);
        if (row >= 0)
            emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
    };
    connect(m_runner, &JobRunner::jobChanged, this, refresh);
    connect(m_runner, &JobRunner::jobFinished, this, refresh);
}

int JobsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int JobsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

Job* JobsModel::job(int row) const
{
    return row >= 0 && row < m_rows.size() ? m_rows.at(row) : nullptr;
}

int JobsModel::rowOf(const Job* job) const
{
    return static_cast<int>(m_rows.indexOf(const_cast<Job*>(job)));
}

QString JobsModel::text(const Job& job, int column) const
{
    const bool active = job.state() == Job::State::Running || job.state() == Job::State::Cancelling;
    switch (column) {
    case Title:
        return job.spec().title;
    case Phase:
        return active ? job.phase() : QString();
    case Progress:
        return job.percent() >= 0 ? format::fixed(job.percent(), 0) + QStringLiteral("\u00A0%") : format::unknown();
    case Rate:
        return active && job.rate() > 0 ? tr("%1 %2/s").arg(format::shortCount(job.rate()), job.unit()) : QString();
    case TimeLeft:
        return active ? format::duration(job.secondsLeft()) : format::duration(job.seconds());
    case Status:
        return job.state() == Job::State::Failed ? job.errorText() : jobStateText(job.state());
    default:
        return {};
    }
}

QVariant JobsModel::data(const QModelIndex& index, int role) const
{
    const Job* entry = index.isValid() ? job(index.row()) : nullptr;
    if (entry == nullptr)
        return {};
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return text(*entry, index.column());
    case Qt::TextAlignmentRole:
        return int((index.column() == Rate || index.column() == TimeLeft || index.column() == Progress
                        ? Qt::AlignRight
                        : Qt::AlignLeft) |
                   Qt::AlignVCenter);
    case Qt::ForegroundRole:
        if (entry->state() == Job::State::Failed && index.column() == Status)
            return Theme::color(ColorRole::Danger);
        return {};
    case PercentRole:
        return entry->percent();
    case StateRole:
        return static_cast<int>(entry->state());
    default:
        return {};
    }
}

QVariant JobsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Title:
        return tr("Job");
    case Phase:
        return tr("Phase");
    case Progress:
        return tr("Progress");
    case Rate:
        return tr("Rate");
    case TimeLeft:
        return tr("Left, or taken");
    case Status:
        return tr("State");
    default:
        return {};
    }
}

} // namespace espalier::views
