// SPDX-License-Identifier: GPL-3.0-or-later
// The table twin of the overview's heatmap: one row per layer and expert, exact values for the clipboard and CSV. Reads
// the map in place, so 94 x 512 experts cost nothing until they are scrolled to.
#pragma once

#include "views/models/overview_map.h"

#include <QAbstractTableModel>

namespace espalier::views {

class MapTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum ColumnId { Layer, Expert, Tokens, Value, Interval, Rank, Note, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setMap(std::shared_ptr<const OverviewMap> map, double thinBelow);
    /// x = expert, y = row of the map.
    [[nodiscard]] QPoint cellAt(int row) const;
    [[nodiscard]] int rowOf(int mapRow, int expert) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    [[nodiscard]] QString text(int column, int mapRow, int expert) const;
    [[nodiscard]] QString exact(int column, int mapRow, int expert) const;
    [[nodiscard]] QString note(const MapCell& cell) const;

    std::shared_ptr<const OverviewMap> m_map;
    double m_thinBelow = 0;
};

} // namespace espalier::views
