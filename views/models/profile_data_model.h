// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of a profile: one row per file with the domain it belongs to (editable), whether it is used (checkbox), its
// size, and the tokens counted in it once they are known.
#pragma once

#include <QAbstractTableModel>
#include <QList>
#include <QMap>

namespace espalier::views {

class ProfileDataModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum ColumnId { Domain, File, Size, Tokens, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    struct Row {
        QString domain;
        QString path;
        qint64 bytes = 0;
        bool used = true;
    };
    /// A path that is there already is not added again. Empty domain = the file's name.
    void add(const QString& path, const QString& domain = {});
    void removeAt(int row);
    [[nodiscard]] const QList<Row>& files() const { return m_rows; }
    /// DOMAIN=FILE of the used rows.
    [[nodiscard]] QStringList arguments() const;
    /// Why the rows cannot be used; empty when they can.
    [[nodiscard]] QString problem() const;
    /// Tokens per domain; empty = not known.
    void setTokens(QMap<QString, qint64> tokens);
    void setAllUsed(bool used);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

signals:
    /// Files, domains or checks changed (not the counted tokens).
    void edited();

private:
    QList<Row> m_rows;
    QMap<QString, qint64> m_tokens;
};

} // namespace espalier::views
