// SPDX-License-Identifier: GPL-3.0-or-later
// All shortcuts in one table, those of the window and those of the pages, searchable.
#pragma once

#include <QDialog>
#include <QList>
#include <QString>

namespace espalier::views {

struct ShortcutLine {
    QString keys, does, where;
};

class ShortcutsDialog : public QDialog {
    Q_OBJECT
public:
    explicit ShortcutsDialog(const QList<ShortcutLine>& lines, QWidget* parent = nullptr);
};

} // namespace espalier::views
