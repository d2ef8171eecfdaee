// SPDX-License-Identifier: GPL-3.0-or-later
// A gate as a table: for every domain and task that was measured, and for all others together, the limits that a gate
// may hold, what the chosen plan has, and whether the limit holds. The limits are edited here and saved as the file
// that `espalier validate --gate` reads.
#pragma once

#include "core/engine/gate.h"

#include <QAbstractTableModel>
#include <QString>

#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace espalier::views {

class GateModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, Measure, Limit, Measured, Verdict, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    /// One entry of plans[] of a validation's document: what the limits are held against. Names that only the gate has
    /// stay as rows that were not measured.
    void setPlan(const base::OrderedJson& plan);
    /// Replaces the limits; error text, or empty. On an error the limits stay as they were.
    [[nodiscard]] QString read(const base::OrderedJson& gate, const QString& file);
    void setLimit(const std::string& section, const std::string& name, const std::string& key, double bound);
    void clear();
    [[nodiscard]] base::OrderedJson toJson() const;

    [[nodiscard]] int limits() const { return static_cast<int>(m_bounds.size()); }
    /// Limits that the chosen plan breaks, and those nothing was measured for.
    [[nodiscard]] int broken() const;
    [[nodiscard]] int unmeasured() const;

    [[nodiscard]] static QString title(const engine::GateLimit& limit);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void limitsChanged();

private:
    enum class State { None, Holds, Breaks, Unmeasured };
    struct Row {
        std::string name; ///< "*" = all others
        const engine::GateLimit* limit = nullptr;
    };
    using Key = std::tuple<std::string, std::string, std::string>; ///< section, name, key
    [[nodiscard]] static Key keyOf(const Row& row);
    [[nodiscard]] const double* bound(const Row& row) const;
    /// What was measured; of all others together the worst. NaN = nothing.
    [[nodiscard]] double value(const Row& row) const;
    [[nodiscard]] State state(const Row& row) const;
    [[nodiscard]] int count(State state) const;
    [[nodiscard]] bool hasOwnLimits(const std::string& section, const std::string& name) const;
    [[nodiscard]] QString display(const Row& row, int column) const;
    void rebuild();

    base::OrderedJson m_plan = base::OrderedJson::object();
    std::map<Key, double> m_bounds;
    std::vector<Row> m_rows;
};

} // namespace espalier::views
