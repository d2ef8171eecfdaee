// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/validation_model.h"

#include "views/models/table_text.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <algorithm>

namespace espalier::views {

ValidationModel::ValidationModel(QObject* parent) : QAbstractTableModel(parent)
{
}

void ValidationModel::setPlan(const ValidatedPlan& plan)
{
    beginResetModel();
    m_plan = plan;
    m_group = -1;
    const auto first = std::find_if(m_plan.domains.begin(), m_plan.domains.end(),
                                    [](const MeasuredDomain& domain) { return !domain.calibrated; });
    if (first != m_plan.domains.end())
        m_group = static_cast<int>(first - m_plan.domains.begin());
    endResetModel();
}

const MeasuredDomain* ValidationModel::domainAt(int row) const
{
    if (row < 0 || row >= rowCount() || row == m_group)
        return nullptr;
    return &m_plan.domains[static_cast<std::size_t>(m_group >= 0 && row > m_group ? row - 1 : row)];
}

bool ValidationModel::breaksOutside() const
{
    return std::any_of(m_plan.domains.begin(), m_plan.domains.end(),
                       [](const MeasuredDomain& domain) { return !domain.calibrated && domain.breaks(); });
}

QString ValidationModel::sentence(const ValidatedPlan& plan)
{
    int holds = 0, breaks = 0, otherHolds = 0, otherBreaks = 0;
    for (const auto& domain : plan.domains)
        ++(domain.calibrated ? (domain.breaks() ? breaks : holds) : (domain.breaks() ? otherBreaks : otherHolds));
    if (holds + breaks + otherHolds + otherBreaks == 0)
        return {};
    QString text;
    if (breaks == 0)
        text = tr("%1 holds all %n domain(s) it was made for.", nullptr, holds).arg(plan.name);
    else if (holds == 0)
        text = tr("%1 breaks all %n domain(s) it was made for.", nullptr, breaks).arg(plan.name);
    else
        text =
            tr("%1 breaks %2 of the %n domain(s) it was made for.", nullptr, holds + breaks).arg(plan.name).arg(breaks);
    if (otherHolds + otherBreaks > 0)
        text +=
            QLatin1Char(' ') + tr("Of %n other(s) it breaks %1.", nullptr, otherHolds + otherBreaks).arg(otherBreaks);
    return text + QLatin1Char(' ') +
           tr("Limits: KL %1 nats, or %2 of the items lost with p < %3.")
               .arg(format::fixed(kKlLimit, 1), format::percent(kAccuracyDrop, 0), format::fixed(kSignificance, 2));
}

int ValidationModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_plan.domains.size()) + (m_group >= 0 ? 1 : 0);
}

int ValidationModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ValidationModel::display(const MeasuredDomain& row, int column) const
{
    const auto measured = [&](double value) {
        if (!std::isfinite(value))
            return format::unknown();
        return row.task ? format::fixed(100 * value, 1) : format::significant(value, 3);
    };
    switch (column) {
    case Domain:
        return row.name;
    case Measure:
        return row.task ? tr("exact, %") : tr("perplexity");
    case Base:
        return measured(row.base);
    case Value:
        return measured(row.value);
    case Interval:
        return std::isfinite(row.low)
                   ? tr("%1 to %2").arg(format::fixed(100 * row.low, 0), format::fixed(100 * row.high, 0))
                   : format::unknown();
    case Flips:
        return row.task ? QStringLiteral("%1 / %2").arg(row.lost).arg(row.gained) : format::unknown();
    case PValue:
        return std::isfinite(row.pValue) ? format::pValue(row.pValue) : format::unknown();
    case Kl:
        return std::isfinite(row.kl) ? format::kl(row.kl) : format::unknown();
    default:
        return row.breaks() ? tr("breaks") : tr("holds");
    }
}

QVariant ValidationModel::exact(const MeasuredDomain& row, int column) const
{
    switch (column) {
    case Base:
        return format::exact(row.base);
    case Value:
        return format::exact(row.value);
    case PValue:
        return format::exact(row.pValue);
    case Kl:
        return format::exact(row.kl);
    default:
        return {};
    }
}

QVariant ValidationModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const MeasuredDomain* row = domainAt(index.row());
    const int column = index.column();
    if (role == Qt::TextAlignmentRole)
        return column >= Base && column <= Kl ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                              : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (!row) {
        if (role == Qt::DisplayRole && column == Domain)
            return tr("Not in the calibration");
        if (role == Qt::ForegroundRole)
            return Theme::color(breaksOutside() ? ColorRole::Danger : ColorRole::TextSecond);
        return role == Qt::FontRole ? QVariant(Theme::font(TextStyle::SectionHead)) : QVariant();
    }
    const bool loud = row->breaks() && (column == Value || column == Verdict);
    switch (role) {
    case Qt::DisplayRole:
        return display(*row, column);
    case kExactRole:
        return exact(*row, column);
    case Qt::FontRole:
        return Theme::font(loud || column == Value ? TextStyle::SectionHead : TextStyle::Body);
    case Qt::ForegroundRole:
        if (loud)
            return Theme::color(ColorRole::Danger);
        return column == Measure || column == Interval || column == Verdict
                   ? QVariant(Theme::color(ColorRole::TextSecond))
                   : QVariant();
    case Qt::ToolTipRole:
        if (column == Kl && std::isfinite(row->klP99))
            return tr("99th percentile %1 nats; same first choice %2")
                .arg(format::kl(row->klP99), format::percent(row->agreement, 1));
        if (column == Flips && row->task)
            return tr("%1 items right before and wrong now, %2 the other way, of %3")
                .arg(row->lost)
                .arg(row->gained)
                .arg(row->items);
        return {};
    default:
        return {};
    }
}

QVariant ValidationModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section >= Base && section <= Kl ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                                : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Domain"),      tr("Measure"),   tr("Base"), tr("Plan"),   tr("95 %"),
                             tr("Flips − / +"), tr("p, paired"), tr("KL"),   tr("Verdict")};
    return section >= 0 && section < ColumnCount ? QVariant(names[section]) : QVariant();
}

} // namespace espalier::views
