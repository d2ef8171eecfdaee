// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/table_text.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

namespace espalier::views {

namespace {

using Rows = QList<QStringList>;

QString field(const QString& text, QChar separator)
{
    if (!text.contains(separator) && !text.contains(QLatin1Char('"')) && !text.contains(QLatin1Char('\n')))
        return text;
    QString quoted = text;
    quoted.replace(QLatin1Char('"'), QStringLiteral("\"\""));
    return QLatin1Char('"') + quoted + QLatin1Char('"');
}

/// Header first; exact values where the model has them.
Rows rowsOf(const QAbstractItemModel& model)
{
    Rows rows;
    const auto add = [&](auto cellText) {
        QStringList fields;
        for (int column = 0; column < model.columnCount(); ++column)
            fields << cellText(column);
        rows << fields;
    };
    add([&](int column) { return model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(); });
    for (int row = 0; row < model.rowCount(); ++row)
        add([&](int column) {
            const QModelIndex index = model.index(row, column);
            const QVariant exact = index.data(kExactRole);
            return (exact.isValid() ? exact : index.data(Qt::DisplayRole)).toString();
        });
    return rows;
}

QString joined(const Rows& rows, QChar separator)
{
    QString result;
    for (const QStringList& row : rows) {
        QStringList fields;
        for (const QString& text : row)
            fields << field(text, separator);
        result += fields.join(separator) + QLatin1Char('\n');
    }
    return result;
}

/// Keys in the order of the columns; a column without a name is called after its number.
QByteArray asJson(const Rows& rows)
{
    QJsonArray list;
    for (qsizetype r = 1; r < rows.size(); ++r) {
        QJsonObject object;
        for (qsizetype c = 0; c < rows.at(r).size(); ++c) {
            QString key = c < rows.first().size() ? rows.first().at(c) : QString();
            if (key.isEmpty() || object.contains(key))
                key += QString::number(c + 1);
            const QString& text = rows.at(r).at(c);
            bool number = false;
            const double value = text.toDouble(&number);
            object.insert(key, number ? QJsonValue(value) : QJsonValue(text));
        }
        list.append(object);
    }
    return QJsonDocument(list).toJson();
}

QString writeRows(const Rows& rows, const QString& path)
{
    const QString ending = QFileInfo(path).suffix().toLower();
    QByteArray text;
    if (ending == QLatin1String("csv"))
        text = joined(rows, QLatin1Char(',')).toUtf8();
    else if (ending == QLatin1String("tsv"))
        text = joined(rows, QLatin1Char('\t')).toUtf8();
    else if (ending == QLatin1String("json"))
        text = asJson(rows);
    else
        return QCoreApplication::translate("espalier::views::TableText",
                                           "%1: tables are written as .csv, .tsv or .json")
            .arg(path);
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit())
        return {};
    return QCoreApplication::translate("espalier::views::TableText",
                                       "%1 could not be written: %2. Choose a folder you may write to.")
        .arg(path, file.errorString());
}

} // namespace

QString tableText(const QAbstractItemModel& model, QChar separator)
{
    return joined(rowsOf(model), separator);
}

QString writeTable(const QAbstractItemModel& model, const QString& path)
{
    return writeRows(rowsOf(model), path);
}

QString writeTsvAsTable(const QString& tsv, const QString& path)
{
    Rows rows;
    for (const QString& line : tsv.split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        rows << line.split(QLatin1Char('\t'));
    return writeRows(rows, path);
}

} // namespace espalier::views
