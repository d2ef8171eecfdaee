// SPDX-License-Identifier: GPL-3.0-or-later
// A model's rows as text: the clipboard and CSV get what the table shows, numbers unrounded where the model offers
// them.
#pragma once

#include <QAbstractItemModel>
#include <QString>

namespace espalier::views {

/// Role under which a model gives the unrounded value of a cell, as it goes to the clipboard.
inline constexpr int kExactRole = Qt::UserRole + 100;

/// Header and rows. Fields with the separator, quotes or line breaks are quoted.
[[nodiscard]] QString tableText(const QAbstractItemModel& model, QChar separator);
/// The same by the file's ending: .csv, .tsv, or .json (a list of objects, numbers as numbers). UTF-8; error text or
/// empty. Replaces the file only when everything was written.
[[nodiscard]] QString writeTable(const QAbstractItemModel& model, const QString& path);
/// The same of a text that is a table already: tab separated, header first, nothing quoted.
[[nodiscard]] QString writeTsvAsTable(const QString& tsv, const QString& path);

} // namespace espalier::views
