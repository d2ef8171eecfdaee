// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/dialogs/shortcuts_dialog.h"

#include <QBoxLayout>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTableView>

namespace espalier::views {

ShortcutsDialog::ShortcutsDialog(const QList<ShortcutLine>& lines, QWidget* parent) : QDialog(parent)
{
    setWindowTitle(tr("Keyboard shortcuts"));
    resize(680, 560);
    auto* model = new QStandardItemModel(0, 3, this);
    model->setHorizontalHeaderLabels({tr("Keys"), tr("Does"), tr("Where")});
    for (const auto& line : lines)
        model->appendRow({new QStandardItem(line.keys), new QStandardItem(line.does), new QStandardItem(line.where)});
    auto* shown = new QSortFilterProxyModel(this);
    shown->setSourceModel(model);
    shown->setFilterKeyColumn(-1);
    shown->setFilterCaseSensitivity(Qt::CaseInsensitive);
    auto* column = new QVBoxLayout(this);
    auto* edit = new QLineEdit;
    edit->setPlaceholderText(tr("Find"));
    edit->setAccessibleName(tr("Find a shortcut"));
    edit->setClearButtonEnabled(true);
    connect(edit, &QLineEdit::textChanged, shown, &QSortFilterProxyModel::setFilterFixedString);
    column->addWidget(edit);
    auto* table = new QTableView;
    table->setModel(shown);
    table->setAccessibleName(tr("Keyboard shortcuts"));
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setShowGrid(false);
    table->verticalHeader()->hide();
    table->setColumnWidth(0, 170);
    table->setColumnWidth(1, 340);
    table->horizontalHeader()->setStretchLastSection(true);
    column->addWidget(table, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
}

} // namespace espalier::views
