// SPDX-License-Identifier: GPL-3.0-or-later
// Dropped experts nearest to staying: the first ones below the cut of their layer, smallest gap in score first.
#pragma once

#include <QAbstractTableModel>
#include <QString>

#include <vector>

namespace espalier::views {

class PlanEditor;

class PlanCutModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Expert, Tokens, Reason, ColumnCount };
    static constexpr int kRows = 6;

    explicit PlanCutModel(PlanEditor* editor, QObject* parent = nullptr);
    /// Row of the plan's layers and expert id behind a table row.
    [[nodiscard]] QPoint cellAt(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        int layerRow = 0, layer = 0, expert = 0;
        double tokens = 0, gap = 0;
        bool thin = false, byHand = false;
    };
    void refresh();
    PlanEditor* m_editor;
    std::vector<Row> m_rows;
};

} // namespace espalier::views
