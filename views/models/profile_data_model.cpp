// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/profile_data_model.h"

#include "core/tokenizer/documents.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

namespace espalier::views {

void ProfileDataModel::add(const QString& path, const QString& domain)
{
    const QFileInfo info(path);
    const QString absolute = info.absoluteFilePath();
    for (const Row& row : m_rows)
        if (row.path == absolute)
            return;
    // Names on the command line are letters, digits and a few signs; what a file is called may be anything.
    static const QRegularExpression odd(QStringLiteral("[^\\w.-]+"), QRegularExpression::UseUnicodePropertiesOption);
    QString name = domain.isEmpty() ? info.completeBaseName().replace(odd, QStringLiteral("-")) : domain;
    beginInsertRows({}, rowCount(), rowCount());
    m_rows.append({name, absolute, info.size(), true});
    endInsertRows();
    emit edited();
}

void ProfileDataModel::removeAt(int row)
{
    if (row < 0 || row >= m_rows.size())
        return;
    beginRemoveRows({}, row, row);
    m_rows.removeAt(row);
    endRemoveRows();
    emit edited();
}

QStringList ProfileDataModel::arguments() const
{
    QStringList list;
    for (const Row& row : m_rows)
        if (row.used)
            list << row.domain + QLatin1Char('=') + row.path;
    return list;
}

QString ProfileDataModel::problem() const
{
    int used = 0;
    for (const Row& row : m_rows) {
        if (!row.used)
            continue;
        ++used;
        if (const auto parsed = tokenizer::parseDataArgument((row.domain + QLatin1Char('=') + row.path).toStdString());
            !parsed)
            return QString::fromStdString(parsed.error().text());
    }
    return used == 0 ? tr("Add at least one file of your texts: .txt, or .jsonl with a text in every line.")
                     : QString();
}

void ProfileDataModel::setTokens(QMap<QString, qint64> tokens)
{
    m_tokens = std::move(tokens);
    if (!m_rows.isEmpty())
        emit dataChanged(index(0, Tokens), index(rowCount() - 1, Tokens));
}

void ProfileDataModel::setAllUsed(bool used)
{
    for (Row& row : m_rows)
        row.used = used;
    if (!m_rows.isEmpty())
        emit dataChanged(index(0, Domain), index(rowCount() - 1, Tokens));
    emit edited();
}

int ProfileDataModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ProfileDataModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ProfileDataModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const Row& row = m_rows.at(index.row());
    const bool number = index.column() == Size || index.column() == Tokens;
    switch (role) {
    case Qt::EditRole:
        if (index.column() == Domain)
            return row.domain;
        [[fallthrough]];
    case Qt::DisplayRole:
        if (index.column() == Domain)
            return row.domain;
        if (index.column() == File)
            return QFileInfo(row.path).fileName();
        if (index.column() == Size)
            return format::bytes(static_cast<std::uint64_t>(std::max<qint64>(row.bytes, 0)));
        if (!row.used)
            return format::unknown();
        return m_tokens.contains(row.domain) ? format::count(m_tokens.value(row.domain)) : QStringLiteral("…");
    case Qt::CheckStateRole:
        return index.column() == Domain ? QVariant(row.used ? Qt::Checked : Qt::Unchecked) : QVariant();
    case Qt::TextAlignmentRole:
        return int((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::ForegroundRole:
        return Theme::color(row.used ? ColorRole::Text : ColorRole::TextThird);
    case Qt::ToolTipRole:
        return index.column() == File ? row.path : QString();
    default:
        return {};
    }
}

bool ProfileDataModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!index.isValid() || index.row() >= m_rows.size() || index.column() != Domain)
        return false;
    Row& row = m_rows[index.row()];
    if (role == Qt::CheckStateRole)
        row.used = value.toInt() == Qt::Checked;
    else if (role == Qt::EditRole && !value.toString().trimmed().isEmpty())
        row.domain = value.toString().trimmed();
    else
        return false;
    emit dataChanged(this->index(index.row(), Domain), this->index(index.row(), Tokens));
    emit edited();
    return true;
}

Qt::ItemFlags ProfileDataModel::flags(const QModelIndex& index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid() && index.column() == Domain)
        flags |= Qt::ItemIsUserCheckable | Qt::ItemIsEditable;
    return flags;
}

QVariant ProfileDataModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Size || section == Tokens ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[ColumnCount] = {tr("Domain"), tr("File"), tr("Size"), tr("Tokens")};
    return section >= 0 && section < ColumnCount ? QVariant(titles[section]) : QVariant();
}

} // namespace espalier::views
