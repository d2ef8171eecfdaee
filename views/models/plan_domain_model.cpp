// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/plan_domain_model.h"

#include "views/plan/plan_editor.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <algorithm>
#include <cmath>

namespace espalier::views {

namespace {

double valueOf(const std::map<std::string, double>& values, const std::string& key)
{
    const auto found = values.find(key);
    return found == values.end() ? std::nan("") : found->second; // imports without gate weights
}

} // namespace

PlanDomainModel::PlanDomainModel(PlanEditor* editor, QObject* parent) : QAbstractTableModel(parent), m_editor(editor)
{
    connect(editor, &PlanEditor::changed, this, &PlanDomainModel::refresh);
    refresh();
}

void PlanDomainModel::refresh()
{
    std::vector<Row> rows;
    const auto& predicted = m_editor->plan().predicted;
    for (const auto& domain : m_editor->state().request.score.domains)
        rows.push_back({QString::fromStdString(domain.name), domain.weight, valueOf(predicted.massKept, domain.name),
                        valueOf(predicted.massKeptWorst, domain.name)});
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& a, const Row& b) { return (a.weight > 0) > (b.weight > 0); });
    const bool sameRows =
        rows.size() == m_rows.size() && std::equal(rows.begin(), rows.end(), m_rows.begin(),
                                                   [](const Row& a, const Row& b) { return a.name == b.name; });
    if (sameRows) {
        // A drag must not lose selection and editor: only values changed.
        m_rows = std::move(rows);
        if (!m_rows.empty())
            emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int PlanDomainModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PlanDomainModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PlanDomainModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case KeptRole:
        return row.kept;
    case LowestRole:
        return row.lowest;
    case FloorRole:
        return row.floor();
    case HoldsRole:
        return row.holds();
    case Qt::CheckStateRole:
        return index.column() == Domain ? QVariant(row.weight > 0 ? Qt::Checked : Qt::Unchecked) : QVariant();
    case Qt::TextAlignmentRole:
        if (index.column() == Weight || index.column() == Kept || index.column() == Lowest)
            return QVariant(Qt::AlignRight | Qt::AlignVCenter);
        return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::ForegroundRole:
        if (index.column() == Verdict && row.known() && !row.holds())
            return Theme::color(ColorRole::Danger);
        if (index.column() == Lowest || index.column() == Weight || index.column() == Verdict)
            return Theme::color(ColorRole::TextSecond);
        return {};
    case Qt::FontRole:
        return index.column() == Verdict && row.known() && !row.holds() ? Theme::font(TextStyle::SectionHead)
                                                                        : Theme::font(TextStyle::Body);
    case Qt::EditRole:
        return index.column() == Weight ? QVariant(row.weight) : data(index, Qt::DisplayRole);
    case Qt::ToolTipRole:
        if (!row.known())
            return tr("The statistics of %1 hold no gate weights: what a plan keeps of them is not known.")
                .arg(row.name);
        if (index.column() == Bar)
            return tr("%1 of the gate weight of %2 goes to experts that stay; in its worst layer %3. Floor %4.")
                .arg(format::percent(row.kept), row.name, format::percent(row.lowest), format::percent(row.floor(), 0));
        return {};
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (index.column()) {
    case Domain:
        return row.name;
    case Weight:
        return row.weight > 0 ? format::fixed(row.weight, 2) : QStringLiteral("0");
    case Kept:
        return format::fixed(100 * row.kept, 1);
    case Lowest:
        return format::fixed(100 * row.lowest, 1);
    case Verdict:
        return !row.known() ? tr("not known") : row.holds() ? tr("holds") : tr("breaks");
    default:
        return {};
    }
}

QVariant PlanDomainModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Weight || section == Kept || section == Lowest ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                                                         : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Domain:
        return tr("Domain");
    case Weight:
        return tr("Weight");
    case Bar:
        return tr("Gate weight, predicted");
    case Kept:
        return tr("Kept, %");
    case Lowest:
        return tr("Lowest");
    case Verdict:
        return tr("Verdict");
    default:
        return {};
    }
}

Qt::ItemFlags PlanDomainModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid() && index.column() == Domain)
        flags |= Qt::ItemIsUserCheckable;
    if (index.isValid() && index.column() == Weight)
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool PlanDomainModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return false;
    const Row row = m_rows[static_cast<std::size_t>(index.row())];
    double weight = row.weight;
    if (index.column() == Domain && role == Qt::CheckStateRole)
        weight = value.toInt() == Qt::Checked ? 1.0 : 0.0;
    else if (index.column() == Weight && role == Qt::EditRole)
        weight = value.toDouble();
    else
        return false;
    m_editor->setDomainWeight(row.name.toStdString(), weight);
    return true;
}

} // namespace espalier::views
