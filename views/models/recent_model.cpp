// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/recent_model.h"

#include "views/theme/format.h"
#include "views/theme/theme.h"

#include <QDir>
#include <QFileInfo>
#include <QSettings>

namespace espalier::views {
namespace {

constexpr int kMost = 12;
const QString kKey = QStringLiteral("recent");

} // namespace

RecentModel::RecentModel(QObject* parent) : QAbstractTableModel(parent)
{
    QSettings settings;
    const int count = settings.beginReadArray(kKey);
    for (int i = 0; i < std::min(count, kMost); ++i) {
        settings.setArrayIndex(i);
        m_entries << describe(settings.value(QStringLiteral("path")).toString(),
                              settings.value(QStringLiteral("opened")).toDateTime());
    }
    settings.endArray();
}

RecentModel::Entry RecentModel::describe(const QString& path, const QDateTime& opened)
{
    Entry entry{path, opened, QFileInfo::exists(path), 0};
    const QFileInfo info(path);
    if (info.isFile())
        entry.bytes = info.size();
    else
        for (const QFileInfo& file : QDir(path).entryInfoList({QStringLiteral("*.safetensors")}, QDir::Files))
            entry.bytes += file.size();
    return entry;
}

void RecentModel::store() const
{
    QSettings settings;
    settings.remove(kKey);
    settings.beginWriteArray(kKey, static_cast<int>(m_entries.size()));
    for (int i = 0; i < m_entries.size(); ++i) {
        settings.setArrayIndex(i);
        settings.setValue(QStringLiteral("path"), m_entries.at(i).path);
        settings.setValue(QStringLiteral("opened"), m_entries.at(i).opened);
    }
    settings.endArray();
}

void RecentModel::add(const QString& path)
{
    beginResetModel();
    m_entries.removeIf([&](const Entry& entry) { return entry.path == path; });
    m_entries.prepend(describe(path, QDateTime::currentDateTime()));
    while (m_entries.size() > kMost)
        m_entries.removeLast();
    endResetModel();
    store();
}

void RecentModel::removeAt(int row)
{
    if (row < 0 || row >= m_entries.size())
        return;
    beginRemoveRows({}, row, row);
    m_entries.removeAt(row);
    endRemoveRows();
    store();
}

void RecentModel::clear()
{
    beginResetModel();
    m_entries.clear();
    endResetModel();
    store();
}

QString RecentModel::path(int row) const
{
    return row >= 0 && row < m_entries.size() ? m_entries.at(row).path : QString();
}

bool RecentModel::exists(int row) const
{
    return row >= 0 && row < m_entries.size() && m_entries.at(row).exists;
}

int RecentModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int RecentModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RecentModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= m_entries.size())
        return {};
    const Entry& entry = m_entries.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == Name) {
            const QFileInfo info(entry.path);
            // A folder called just "model" says nothing: its parent does.
            const QString name = info.fileName() == QLatin1String("model")
                                     ? info.dir().dirName() + QStringLiteral("/model")
                                     : info.fileName();
            return entry.exists ? name : tr("%1, not found").arg(name);
        }
        if (index.column() == Size)
            return entry.exists ? format::bytes(static_cast<std::uint64_t>(entry.bytes), true) : format::unknown();
        if (entry.opened.date() == QDate::currentDate())
            return tr("today %1").arg(entry.opened.toString(QStringLiteral("HH:mm")));
        return format::locale().toString(entry.opened.date(), QStringLiteral("d MMM"));
    case Qt::ToolTipRole:
        return entry.exists ? entry.path
                            : tr("%1 does not exist any more. Delete removes it from the list.").arg(entry.path);
    case Qt::TextAlignmentRole:
        return int((index.column() == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case Qt::ForegroundRole:
        return Theme::color(entry.exists ? ColorRole::Text : ColorRole::TextThird);
    default:
        return {};
    }
}

QVariant RecentModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((section == Name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Study or model") : section == Size ? tr("Size") : tr("Opened");
}

Qt::ItemFlags RecentModel::flags(const QModelIndex& index) const
{
    return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren : Qt::NoItemFlags;
}

} // namespace espalier::views
