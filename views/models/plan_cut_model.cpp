// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/plan_cut_model.h"

#include "views/plan/plan_editor.h"
#include "views/plan/plan_texts.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QPoint>

#include <algorithm>
#include <cmath>

namespace espalier::views {

PlanCutModel::PlanCutModel(PlanEditor* editor, QObject* parent) : QAbstractTableModel(parent), m_editor(editor)
{
    connect(editor, &PlanEditor::changed, this, &PlanCutModel::refresh);
    refresh();
}

void PlanCutModel::refresh()
{
    std::vector<Row> rows;
    const auto* scores = m_editor->scores();
    const auto& layers = m_editor->plan().layers;
    for (std::size_t l = 0; scores && l < layers.size(); ++l) {
        const auto& layer = layers[l];
        const auto& experts = scores->layers[l].experts;
        // The cut is the worst score that stays; the first dropped ones of the order lie next to it.
        double cut = INFINITY, mean = 0;
        for (const auto id : layer.keep)
            cut = std::min(cut, experts[static_cast<std::size_t>(id)].score);
        for (const auto& expert : experts)
            mean += std::abs(expert.score) / static_cast<double>(experts.size());
        int taken = 0;
        for (const auto id : layer.order) {
            if (m_editor->kept(static_cast<int>(l), id))
                continue;
            const auto& score = experts[static_cast<std::size_t>(id)];
            Row row{static_cast<int>(l), layer.layer.value(), id, score.tokens, 0, false, false};
            row.gap = mean > 0 ? std::max(0.0, cut - score.score) / mean : 0;
            row.thin = score.tokens < method::kThinTokens;
            row.byHand = m_editor->state().editOf(layer.layer, ExpertIndex(id)) != nullptr;
            rows.push_back(row);
            if (++taken == kRows)
                break;
        }
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.gap < b.gap; });
    if (rows.size() > kRows)
        rows.resize(kRows);
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

QPoint PlanCutModel::cellAt(int row) const
{
    if (row < 0 || row >= rowCount())
        return {-1, -1};
    const Row& r = m_rows[static_cast<std::size_t>(row)];
    return {r.expert, r.layerRow};
}

int PlanCutModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PlanCutModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PlanCutModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole)
        return index.column() == Tokens ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                        : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role == Qt::ForegroundRole && index.column() == Reason)
        return Theme::color(row.thin ? ColorRole::Warning : ColorRole::TextSecond);
    if (role == Qt::ToolTipRole)
        return PlanTexts::toolTip(*m_editor, row.layerRow, row.expert);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Expert:
        return PlanTexts::expertName(row.layer, row.expert);
    case Tokens:
        return format::count(std::llround(row.tokens));
    default:
        return row.byHand ? tr("set by hand") : row.thin ? tr("too few tokens") : tr("low score");
    }
}

QVariant PlanCutModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Tokens ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                 : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Expert:
        return tr("Expert");
    case Tokens:
        return tr("Tokens");
    case Reason:
        return tr("Reason");
    default:
        return {};
    }
}

} // namespace espalier::views
