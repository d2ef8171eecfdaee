// SPDX-License-Identifier: GPL-3.0-or-later
// One validated plan as a table: calibrated domains, then a headed group of those not in the calibration. What was not
// measured is a dash, never 0.
#pragma once

#include "views/models/validation_data.h"

#include <QAbstractTableModel>

namespace espalier::views {

class ValidationModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Domain, Measure, Base, Value, Interval, Flips, PValue, Kl, Verdict, ColumnCount };
    explicit ValidationModel(QObject* parent = nullptr);

    void setPlan(const ValidatedPlan& plan);
    [[nodiscard]] const ValidatedPlan& plan() const { return m_plan; }
    /// Row that only says "Not in the calibration", -1 when there is none.
    [[nodiscard]] int groupRow() const { return m_group; }
    /// Measured domain of a row; null for the group row.
    [[nodiscard]] const MeasuredDomain* domainAt(int row) const;
    /// "half holds all 3 domains it was made for. Of 9 others it breaks 8. Limits: KL 0.2 nats."
    [[nodiscard]] static QString sentence(const ValidatedPlan& plan);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString display(const MeasuredDomain& row, int column) const;
    [[nodiscard]] bool breaksOutside() const;
    [[nodiscard]] QVariant exact(const MeasuredDomain& row, int column) const;
    ValidatedPlan m_plan;
    int m_group = -1;
};

} // namespace espalier::views
