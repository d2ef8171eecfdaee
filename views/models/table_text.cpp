// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/table_text.h"

#include <QCoreApplication>
#include <QSaveFile>

namespace espalier::views {

namespace {

QString field(const QString& text, QChar separator)
{
    if (!text.contains(separator) && !text.contains(QLatin1Char('"')) && !text.contains(QLatin1Char('\n')))
        return text;
    QString quoted = text;
    quoted.replace(QLatin1Char('"'), QStringLiteral("\"\""));
    return QLatin1Char('"') + quoted + QLatin1Char('"');
}

} // namespace

QString tableText(const QAbstractItemModel& model, QChar separator)
{
    QString result;
    const auto addLine = [&](auto cellText) {
        QStringList fields;
        for (int column = 0; column < model.columnCount(); ++column)
            fields << field(cellText(column), separator);
        result += fields.join(separator) + QLatin1Char('\n');
    };
    addLine([&](int column) { return model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(); });
    for (int row = 0; row < model.rowCount(); ++row)
        addLine([&](int column) {
            const QModelIndex index = model.index(row, column);
            const QVariant exact = index.data(kExactRole);
            return (exact.isValid() ? exact : index.data(Qt::DisplayRole)).toString();
        });
    return result;
}

QString writeCsv(const QAbstractItemModel& model, const QString& path)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly)) {
        file.write(tableText(model, QLatin1Char(',')).toUtf8());
        if (file.commit())
            return {};
    }
    return QCoreApplication::translate("espalier::views::TableText", "%1 cannot be written: %2")
        .arg(path, file.errorString());
}

} // namespace espalier::views
