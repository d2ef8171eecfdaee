// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/device_list_model.h"

#include "core/base/byte_size.h"
#include "views/models/table_text.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

namespace espalier::views {

QString deviceName(const PlanState& state, std::size_t device)
{
    const QString own = device < state.devices.size() ? QString::fromStdString(state.devices[device].name) : QString();
    return own.isEmpty() ? DeviceListModel::tr("Device %1").arg(device + 1) : own;
}

QString layersText(const plan::DeviceLoad& load)
{
    if (load.layers == 0)
        return DeviceListModel::tr("no layer");
    if (load.layers == 1)
        return DeviceListModel::tr("layer %1").arg(load.firstLayer);
    return DeviceListModel::tr("layers %1 to %2").arg(load.firstLayer).arg(load.firstLayer + load.layers - 1);
}

std::optional<std::uint64_t> readSize(const QString& text)
{
    QString plain;
    for (const QChar c : text)
        if (!c.isSpace())
            plain += c == QLatin1Char(',') ? QLatin1Char('.') : c;
    if (!plain.isEmpty() && plain.back().isDigit())
        plain += QStringLiteral("GiB");
    const auto read = base::parseByteSize(plain.toStdString());
    return read && read->value() > 0 ? std::optional(read->value()) : std::nullopt;
}

DeviceListModel::DeviceListModel(PlanEditor* editor, QObject* parent) : QAbstractTableModel(parent), m_editor(editor)
{
    connect(editor, &PlanEditor::changed, this, &DeviceListModel::follow);
    follow();
}

void DeviceListModel::follow()
{
    const auto& devices = m_editor->state().devices;
    if (devices.size() != m_devices.size()) {
        beginResetModel();
        m_devices = devices;
        endResetModel();
        return;
    }
    m_devices = devices;
    if (!m_devices.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void DeviceListModel::add()
{
    auto devices = m_devices;
    if (devices.empty())
        devices.push_back({{}, m_editor->state().budget});
    if (devices.size() < kMost)
        devices.push_back({{}, devices.back().bytes});
    m_editor->setDevices(std::move(devices));
}

void DeviceListModel::removeAt(int row)
{
    auto devices = m_devices;
    if (row < 0 || row >= static_cast<int>(devices.size()))
        return;
    devices.erase(devices.begin() + row);
    m_editor->setDevices(std::move(devices));
}

int DeviceListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_devices.size());
}

int DeviceListModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DeviceListModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    const auto& split = m_editor->split();
    const auto* load = split && row < split->loads.size() ? &split->loads[row] : nullptr;
    const std::uint64_t need = load ? load->memory.total() : 0;
    const bool over = need > m_devices[row].bytes;
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Name:
            return deviceName(m_editor->state(), row);
        case Memory:
            return format::bytes(m_devices[row].bytes);
        case Needs:
            return load ? format::bytes(need) : format::unknown();
        default:
            return load ? layersText(*load) : QString();
        }
    case Qt::EditRole:
        return index.column() == Name ? QVariant(QString::fromStdString(m_devices[row].name))
                                      : QVariant(format::bytes(m_devices[row].bytes));
    case kExactRole:
        return index.column() == Memory  ? QVariant(QString::number(m_devices[row].bytes))
               : index.column() == Needs ? QVariant(QString::number(need))
                                         : QVariant();
    case Qt::TextAlignmentRole:
        return int((index.column() == Memory || index.column() == Needs ? Qt::AlignRight : Qt::AlignLeft) |
                   Qt::AlignVCenter);
    case Qt::ForegroundRole:
        return Theme::color(index.column() == Needs && over ? ColorRole::Danger : ColorRole::Text);
    case Qt::ToolTipRole:
        if (load == nullptr)
            return {};
        return over ? tr("%1: needs %2 more").arg(layersText(*load), format::bytes(need - m_devices[row].bytes))
                    : tr("%1: %2 free").arg(layersText(*load), format::bytes(m_devices[row].bytes - need));
    default:
        return {};
    }
}

QVariant DeviceListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const bool number = section == Memory || section == Needs;
    if (role == Qt::TextAlignmentRole)
        return int((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Device");
    case Memory:
        return tr("Memory");
    case Needs:
        return tr("Needs");
    default:
        return tr("Layers");
    }
}

Qt::ItemFlags DeviceListModel::flags(const QModelIndex& index) const
{
    const auto flags = QAbstractTableModel::flags(index);
    return index.column() == Name || index.column() == Memory ? flags | Qt::ItemIsEditable : flags;
}

bool DeviceListModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !index.isValid() || index.row() >= rowCount())
        return false;
    auto devices = m_devices;
    auto& device = devices[static_cast<std::size_t>(index.row())];
    if (index.column() == Name) {
        device.name = value.toString().trimmed().toStdString();
    } else if (const auto bytes = readSize(value.toString()); bytes && index.column() == Memory) {
        if (value.toString() == format::bytes(device.bytes))
            return true; // left as it was shown, which is rounded
        device.bytes = *bytes;
    } else {
        return false;
    }
    m_editor->setDevices(std::move(devices));
    return true;
}

} // namespace espalier::views
