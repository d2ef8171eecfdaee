// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/map_table_model.h"

#include "views/models/table_text.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QPoint>

#include <cmath>

namespace espalier::views {

void MapTableModel::setMap(std::shared_ptr<const OverviewMap> map, double thinBelow)
{
    beginResetModel();
    m_map = std::move(map);
    m_thinBelow = thinBelow;
    endResetModel();
}

QPoint MapTableModel::cellAt(int row) const
{
    return m_map && m_map->experts > 0 && row >= 0 ? QPoint(row % m_map->experts, row / m_map->experts)
                                                   : QPoint(-1, -1);
}

int MapTableModel::rowOf(int mapRow, int expert) const
{
    return m_map ? mapRow * m_map->experts + expert : -1;
}

int MapTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_map ? 0 : static_cast<int>(m_map->cells.size());
}

int MapTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString MapTableModel::note(const MapCell& cell) const
{
    if (!cell.measured)
        return tr("not measured");
    if (m_map->support(cell) == 0)
        return tr("dead: no token");
    return m_map->support(cell) < m_thinBelow ? tr("too few tokens") : QString();
}

QString MapTableModel::text(int column, int mapRow, int expert) const
{
    const MapCell& cell = m_map->at(mapRow, expert);
    switch (column) {
    case Layer:
        return QString::number(m_map->layers[static_cast<std::size_t>(mapRow)]);
    case Expert:
        return QString::number(expert);
    case Tokens:
        return cell.measured && std::isfinite(cell.tokens) ? format::count(std::llround(cell.tokens))
                                                           : format::unknown();
    case Value:
        return cell.measured ? valueText(*m_map, cell.value) : format::unknown();
    case Interval:
        return cell.measured ? intervalText(*m_map, cell) : QString();
    case Rank:
        return cell.measured ? QString::number(m_map->rankInLayer(mapRow, expert)) : format::unknown();
    default:
        return note(cell);
    }
}

QString MapTableModel::exact(int column, int mapRow, int expert) const
{
    const MapCell& cell = m_map->at(mapRow, expert);
    switch (column) {
    case Tokens:
        return cell.measured && std::isfinite(cell.tokens) ? format::exact(cell.tokens) : QString();
    case Value:
        return cell.measured ? format::exact(cell.value) : QString();
    case Interval:
        return cell.measured ? format::exact(halfWidth95(cell)) : QString();
    default:
        return text(column, mapRow, expert);
    }
}

QVariant MapTableModel::data(const QModelIndex& index, int role) const
{
    const QPoint cell = index.isValid() ? cellAt(index.row()) : QPoint(-1, -1);
    if (cell.x() < 0 || index.row() >= rowCount())
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return text(index.column(), cell.y(), cell.x());
    case kExactRole:
        return exact(index.column(), cell.y(), cell.x());
    case Qt::TextAlignmentRole:
        return int((index.column() == Note ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case Qt::ForegroundRole:
        return Theme::color(index.column() == Note ? ColorRole::Warning : ColorRole::Text);
    default:
        return {};
    }
}

QVariant MapTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Note ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Layer:
        return tr("Layer");
    case Expert:
        return tr("Expert");
    case Tokens:
        return tr("Tokens");
    case Value:
        return m_map ? QStringLiteral("%1, %2").arg(m_map->quantity.title, m_map->quantity.unit) : tr("Value");
    case Interval:
        return tr("± 95 %");
    case Rank:
        return tr("Rank in layer");
    case Note:
        return tr("Note");
    default:
        return {};
    }
}

} // namespace espalier::views
