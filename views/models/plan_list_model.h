// SPDX-License-Identifier: GPL-3.0-or-later
// The plans of a study: name, predicted memory, and whether they were validated.
#pragma once

#include "core/study/study.h"

#include <QAbstractTableModel>

#include <vector>

namespace espalier::views {

class PlanListModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Memory, State, ColumnCount };
    explicit PlanListModel(QObject* parent = nullptr);

    void setPlans(const std::vector<study::PlanRecord>& plans, const std::vector<study::ValidationRecord>& validations);
    /// The plan being edited: its row is bold. `modified` adds a mark.
    void setCurrent(const QString& name, bool modified);
    [[nodiscard]] QString nameAt(int row) const;
    [[nodiscard]] int rowOf(const QString& name) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        QString name, method;
        std::uint64_t memory = 0;
        bool validated = false;
    };
    std::vector<Row> m_rows;
    QString m_current;
    bool m_modified = false;
    int m_unit = 2;
};

/// Names of the plans in any stored validation.
[[nodiscard]] std::vector<std::string> validatedPlans(const std::vector<study::ValidationRecord>& validations);

} // namespace espalier::views
