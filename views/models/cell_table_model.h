// SPDX-License-Identifier: GPL-3.0-or-later
// A read-only table whose rows are built in one go from a snapshot: text for eyes, the exact value for sorting, for the
// clipboard and for files. One model serves every small table and every table twin of a plot.
#pragma once

#include "views/theme/theme.h"

#include <QAbstractTableModel>
#include <QList>
#include <QString>
#include <QVariant>

#include <utility>

namespace espalier::views {

struct Cell {
    Cell(QString shown = {}, QVariant exact = {}, ColorRole color = ColorRole::Text, bool bold = false,
         QString tip = {})
        : text(std::move(shown)), value(std::move(exact)), tone(color), strong(bold), tooltip(std::move(tip))
    {
    }
    QString text;
    QVariant value; ///< exact; invalid = the text itself
    ColorRole tone;
    bool strong;
    QString tooltip;
};

struct Column {
    Column(QString name = {}, bool isNumber = true, QString tip = {})
        : title(std::move(name)), number(isNumber), meaning(std::move(tip))
    {
    }
    QString title;
    bool number;     ///< right-aligned
    QString meaning; ///< tooltip of the header
};

class CellTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role { SortRole = Qt::UserRole + 1 };
    using QAbstractTableModel::QAbstractTableModel;

    void setTable(QList<Column> columns, QList<QList<Cell>> rows);
    [[nodiscard]] const QList<QList<Cell>>& rows() const { return m_rows; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

    /// Exact values, header first; nothing is quoted. Files: writeTsvAsTable().
    [[nodiscard]] QString toTsv() const;

private:
    QList<Column> m_columns;
    QList<QList<Cell>> m_rows;
};

} // namespace espalier::views
