// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/cell_table_model.h"

#include "views/theme/format.h"

#include <QCoreApplication>
#include <QSaveFile>

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

QString CellTableModel::join(QChar separator, bool quote) const
{
    const auto field = [&](QString text) {
        if (quote && (text.contains(separator) || text.contains(QLatin1Char('"')) || text.contains(QLatin1Char('\n'))))
            text = QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
        return text;
    };
    QString out;
    for (int c = 0; c < m_columns.size(); ++c)
        out += (c > 0 ? QString(separator) : QString()) + field(m_columns.at(c).title);
    out += QLatin1Char('\n');
    for (const auto& row : m_rows) {
        for (int c = 0; c < row.size(); ++c) {
            const QVariant& value = row.at(c).value;
            const QString text = !value.isValid()                      ? row.at(c).text
                                 : value.typeId() == QMetaType::Double ? format::exact(value.toDouble())
                                                                       : value.toString();
            out += (c > 0 ? QString(separator) : QString()) + field(text);
        }
        out += QLatin1Char('\n');
    }
    return out;
}

QString CellTableModel::toTsv() const
{
    return join(QLatin1Char('\t'), false);
}

QString CellTableModel::toCsv() const
{
    return join(QLatin1Char(','), true);
}

QString writeTextFile(const QString& path, const QString& text)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) >= 0 && file.commit())
        return {};
    return QCoreApplication::translate("CellTableModel", "%1 could not be written: %2. Choose a folder you may write "
                                                         "to.")
        .arg(path, file.errorString());
}

} // namespace espalier::views
