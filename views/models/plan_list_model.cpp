// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/plan_list_model.h"

#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <algorithm>

namespace espalier::views {

std::vector<std::string> validatedPlans(const std::vector<study::ValidationRecord>& validations)
{
    std::vector<std::string> names;
    for (const auto& record : validations)
        for (const auto& plan : record.document.value("plans", base::OrderedJson::array()))
            names.push_back(plan.value("name", ""));
    return names;
}

PlanListModel::PlanListModel(QObject* parent) : QAbstractTableModel(parent)
{
}

void PlanListModel::setPlans(const std::vector<study::PlanRecord>& plans,
                             const std::vector<study::ValidationRecord>& validations)
{
    const auto validated = validatedPlans(validations);
    beginResetModel();
    m_rows.clear();
    std::uint64_t most = 0;
    for (const auto& record : plans) {
        Row row;
        row.name = QString::fromStdString(record.name);
        row.method = QString::fromStdString(record.document.value("method", ""));
        const auto memory = base::OrderedJson::json_pointer("/predicted/memory/total");
        if (record.document.contains(memory))
            row.memory = record.document.at(memory).get<std::uint64_t>();
        row.validated = std::find(validated.begin(), validated.end(), record.name) != validated.end();
        most = std::max(most, row.memory);
        m_rows.push_back(std::move(row));
    }
    m_unit = std::max(2, format::byteUnitFor(most));
    endResetModel();
    emit headerDataChanged(Qt::Horizontal, Memory, Memory);
}

void PlanListModel::setCurrent(const QString& name, bool modified)
{
    if (m_current == name && m_modified == modified)
        return;
    m_current = name;
    m_modified = modified;
    if (!m_rows.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

QString PlanListModel::nameAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_rows[static_cast<std::size_t>(row)].name : QString();
}

int PlanListModel::rowOf(const QString& name) const
{
    for (int row = 0; row < rowCount(); ++row)
        if (nameAt(row) == name)
            return row;
    return -1;
}

int PlanListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PlanListModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PlanListModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const bool current = row.name == m_current;
    if (role == Qt::TextAlignmentRole)
        return index.column() == Memory ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                        : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::FontRole)
        return Theme::font(current && index.column() == Name ? TextStyle::SectionHead : TextStyle::Body);
    if (role == Qt::ForegroundRole && index.column() == State)
        return Theme::color(current && m_modified ? ColorRole::Warning : ColorRole::TextSecond);
    if (role == Qt::ToolTipRole)
        return row.method;
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Name:
        return row.name;
    case Memory:
        return row.memory > 0 ? format::bytesIn(row.memory, m_unit) : format::unknown();
    default:
        return current && m_modified ? tr("changed") : row.validated ? tr("validated") : tr("predicted");
    }
}

QVariant PlanListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Memory ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                 : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Name");
    case Memory:
        return format::byteUnit(m_unit);
    case State:
        return tr("State");
    default:
        return {};
    }
}

} // namespace espalier::views
