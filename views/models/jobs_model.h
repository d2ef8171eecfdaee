// SPDX-License-Identifier: GPL-3.0-or-later
// The jobs of this window as a table: newest first, one row per engine process.
#pragma once

#include "views/session/job.h"

#include <QAbstractTableModel>

namespace espalier::views {

class JobsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Title, Phase, Progress, Rate, TimeLeft, Status, ColumnCount };
    enum Role { PercentRole = Qt::UserRole + 1, StateRole };

    explicit JobsModel(JobRunner* runner, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    [[nodiscard]] Job* job(int row) const;
    [[nodiscard]] int rowOf(const Job* job) const;

private:
    [[nodiscard]] QString text(const Job& job, int column) const;
    JobRunner* m_runner;
    QList<Job*> m_rows;
};

/// "running", "cancelling…", "failed" in the user's language.
[[nodiscard]] QString jobStateText(Job::State state);

} // namespace espalier::views
