// SPDX-License-Identifier: GPL-3.0-or-later
// Checks before and after writing a bundle: each has a mark, a word, a name and what was found.
#pragma once

#include <QAbstractTableModel>
#include <QString>

#include <vector>

namespace espalier::views {

struct ExportCheck {
    enum class State { Passed, Warning, Waiting, Failed };
    State state = State::Waiting;
    QString name;
    QString detail;
};

class ExportCheckModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Mark, Word, Name, Detail, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    void setChecks(std::vector<ExportCheck> checks);
    [[nodiscard]] int count(ExportCheck::State state) const;
    /// Names of the failed checks.
    [[nodiscard]] QStringList failed() const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<ExportCheck> m_checks;
};

} // namespace espalier::views
