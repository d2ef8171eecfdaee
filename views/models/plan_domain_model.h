// SPDX-License-Identifier: GPL-3.0-or-later
// Domains of the planner: weight (editable, the check box sets 0 or 1), predicted gate mass kept, the worst layer, and
// whether the domain's floor holds. Domains without weight stand below those with weight, each group in study order.
#pragma once

#include <QAbstractTableModel>
#include <QString>

#include <vector>

namespace espalier::views {

class PlanEditor;

class PlanDomainModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Domain, Weight, Bar, Kept, Lowest, Verdict, ColumnCount };
    enum Role { KeptRole = Qt::UserRole + 1, LowestRole, FloorRole, HoldsRole };
    /// A weighted domain should keep this share of its gate mass, any other the second one.
    static constexpr double kFloorWeighted = 0.95;
    static constexpr double kFloorOther = 0.80;

    explicit PlanDomainModel(PlanEditor* editor, QObject* parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

private:
    struct Row {
        QString name;
        double weight = 0, kept = 0, lowest = 0;
        [[nodiscard]] double floor() const { return weight > 0 ? kFloorWeighted : kFloorOther; }
        [[nodiscard]] bool known() const { return kept == kept; } ///< NaN without gate weights
        [[nodiscard]] bool holds() const { return kept >= floor(); }
    };
    void refresh();
    PlanEditor* m_editor;
    std::vector<Row> m_rows;
};

} // namespace espalier::views
