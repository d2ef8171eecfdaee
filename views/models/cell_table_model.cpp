// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/cell_table_model.h"

#include "views/theme/format.h"

#include <QStringList>

namespace espalier::views {

void CellTableModel::setTable(QList<Column> columns, QList<QList<Cell>> rows)
{
    beginResetModel();
    m_columns = std::move(columns);
    m_rows = std::move(rows);
    endResetModel();
}

int CellTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CellTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant CellTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size() || index.column() >= m_rows.at(index.row()).size())
        return {};
    const Cell& cell = m_rows.at(index.row()).at(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return cell.text;
    case Qt::ToolTipRole:
        return cell.tooltip.isEmpty() ? QVariant() : QVariant(cell.tooltip);
    case Qt::TextAlignmentRole:
        return int((m_columns.at(index.column()).number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ForegroundRole:
        return Theme::color(cell.tone);
    case Qt::FontRole:
        return Theme::font(cell.strong ? TextStyle::SectionHead : TextStyle::Body);
    case SortRole:
        return cell.value.isValid() ? cell.value : QVariant(cell.text);
    default:
        return {};
    }
}

QVariant CellTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= m_columns.size())
        return {};
    const Column& column = m_columns.at(section);
    switch (role) {
    case Qt::DisplayRole:
        return column.title;
    case Qt::ToolTipRole:
        return column.meaning.isEmpty() ? QVariant() : QVariant(column.meaning);
    case Qt::TextAlignmentRole:
        return int((column.number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QString CellTableModel::toTsv() const
{
    QStringList lines, fields;
    for (const Column& column : m_columns)
        fields << column.title;
    lines << fields.join(QLatin1Char('\t'));
    for (const auto& row : m_rows) {
        fields.clear();
        for (const Cell& cell : row)
            fields << (!cell.value.isValid()                      ? cell.text
                       : cell.value.typeId() == QMetaType::Double ? format::exact(cell.value.toDouble())
                                                                  : cell.value.toString());
        lines << fields.join(QLatin1Char('\t'));
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace espalier::views
