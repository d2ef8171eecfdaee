// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/export_check_model.h"

#include "views/theme/theme.h"

#include <algorithm>

namespace espalier::views {

void ExportCheckModel::setChecks(std::vector<ExportCheck> checks)
{
    beginResetModel();
    m_checks = std::move(checks);
    endResetModel();
}

int ExportCheckModel::count(ExportCheck::State state) const
{
    return static_cast<int>(std::count_if(m_checks.begin(), m_checks.end(),
                                          [&](const ExportCheck& check) { return check.state == state; }));
}

QStringList ExportCheckModel::failed() const
{
    QStringList names;
    for (const auto& check : m_checks)
        if (check.state == ExportCheck::State::Failed)
            names << check.name;
    return names;
}

int ExportCheckModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_checks.size());
}

int ExportCheckModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ExportCheckModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    struct Look {
        const char16_t* mark;
        QString word;
        ColorRole color;
    };
    const ExportCheck& check = m_checks[static_cast<std::size_t>(index.row())];
    const Look looks[] = {{u"✓", tr("passed"), ColorRole::Passed},
                          {u"△", tr("warning"), ColorRole::Warning},
                          {u"○", tr("waiting"), ColorRole::TextThird},
                          {u"✕", tr("failed"), ColorRole::Danger}};
    const Look& look = looks[static_cast<int>(check.state)];
    const bool loud = check.state == ExportCheck::State::Failed || check.state == ExportCheck::State::Warning;
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Mark:
            return QString::fromUtf16(look.mark);
        case Word:
            return look.word;
        case Name:
            return check.name;
        default:
            return check.detail;
        }
    case Qt::ToolTipRole:
        return check.detail;
    case Qt::TextAlignmentRole:
        return index.column() == Detail ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                        : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::FontRole:
        return Theme::font(loud && index.column() != Detail ? TextStyle::SectionHead : TextStyle::Body);
    case Qt::ForegroundRole:
        if (index.column() <= Word)
            return Theme::color(look.color);
        return index.column() == Detail ? QVariant(Theme::color(ColorRole::TextSecond)) : QVariant();
    default:
        return {};
    }
}

QVariant ExportCheckModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Word:
        return tr("State");
    case Name:
        return tr("Check");
    case Detail:
        return tr("Found");
    default:
        return QString();
    }
}

} // namespace espalier::views
