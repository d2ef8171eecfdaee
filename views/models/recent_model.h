// SPDX-License-Identifier: GPL-3.0-or-later
// Models and studies that were opened, newest first; kept in the program's settings. Missing ones stay, grey, with the
// reason.
#pragma once

#include <QAbstractTableModel>
#include <QDateTime>
#include <QList>
#include <QString>

namespace espalier::views {

class RecentModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Size, Opened, ColumnCount };
    explicit RecentModel(QObject* parent = nullptr);

    void add(const QString& path);
    void removeAt(int row);
    void clear();
    [[nodiscard]] QString path(int row) const;
    [[nodiscard]] bool exists(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Entry {
        QString path;
        QDateTime opened;
        bool exists = false;
        qint64 bytes = 0;
    };
    [[nodiscard]] static Entry describe(const QString& path, const QDateTime& opened);
    void store() const;
    QList<Entry> m_entries;
};

} // namespace espalier::views
