// SPDX-License-Identifier: GPL-3.0-or-later
// The planner's devices in order: name and memory are edited in place, what the plan puts on each stands beside.
// Follows the editor; every change is one of its steps.
#pragma once

#include "views/plan/plan_editor.h"

#include <QAbstractTableModel>

namespace espalier::views {

/// The user's name of a device, or "Device 2".
[[nodiscard]] QString deviceName(const PlanState& state, std::size_t device);
/// "layers 0 to 23"; "no layer".
[[nodiscard]] QString layersText(const plan::DeviceLoad& load);
/// "24 GB", "24 GiB", a number alone is GiB; a decimal comma is understood. Nothing for what is no size.
[[nodiscard]] std::optional<std::uint64_t> readSize(const QString& text);

class DeviceListModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum ColumnId { Name, Memory, Needs, Layers, ColumnCount };
    static constexpr int kMost = 64;

    explicit DeviceListModel(PlanEditor* editor, QObject* parent = nullptr);

    /// Another device like the last one. From one device: two of the present budget.
    void add();
    void removeAt(int row);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

private:
    void follow();

    PlanEditor* m_editor;
    std::vector<plan::Device> m_devices; ///< as the views know them
};

} // namespace espalier::views
