// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/device_list.h"

#include "views/models/device_list_model.h"
#include "views/widgets/labels.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPushButton>
#include <QTableView>

namespace espalier::views {

DeviceList::DeviceList(PlanEditor* editor, QWidget* parent)
    : QWidget(parent), m_editor(editor), m_model(new DeviceListModel(editor, this)), m_table(new QTableView),
      m_add(new QPushButton(tr("Add device"))), m_remove(new QPushButton(tr("Remove"))), m_note(caption())
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(grid::kInsideGap);
    m_table->setObjectName(QStringLiteral("devices"));
    m_table->setAccessibleName(tr("Devices"));
    makePlainTable(m_table);
    m_table->setModel(m_model);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                             QAbstractItemView::AnyKeyPressed);
    m_table->setColumnHidden(DeviceListModel::Layers, true); // in the bars and in the tooltip
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* header = m_table->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setSectionResizeMode(DeviceListModel::Name, QHeaderView::Stretch);
    header->resizeSection(DeviceListModel::Memory, 84);
    header->resizeSection(DeviceListModel::Needs, 84);
    m_table->installEventFilter(this);
    column->addWidget(m_table);
    column->addWidget(m_note);
    auto* buttons = new QHBoxLayout;
    m_add->setToolTip(tr("Whole layers go to several devices in order, as llama.cpp and vLLM split a model"));
    m_remove->setToolTip(tr("Take the chosen device off the list (Delete)"));
    buttons->addWidget(m_add);
    buttons->addWidget(m_remove);
    buttons->addStretch(1);
    column->addLayout(buttons);
    connect(m_add, &QPushButton::clicked, this, [this] {
        m_model->add();
        m_table->setCurrentIndex(m_model->index(m_model->rowCount() - 1, DeviceListModel::Memory));
        m_table->setFocus();
    });
    connect(m_remove, &QPushButton::clicked, this, &DeviceList::remove);
    connect(editor, &PlanEditor::changed, this, &DeviceList::show);
    show();
}

void DeviceList::show()
{
    const int rows = m_model->rowCount();
    m_table->setVisible(rows > 0);
    m_remove->setVisible(rows > 0);
    m_add->setEnabled(m_editor->ready() && rows < DeviceListModel::kMost);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + std::min(rows, 8) * grid::kRowHeight +
                            4);
    const auto& split = m_editor->split();
    QString note;
    if (split && split->assumed)
        note = tr("The study does not say what each layer holds; all but the experts is taken as equal in all layers. "
                  "Open the model for exact numbers.");
    else if (split && split->copied > 0)
        note = tr("The embedding is the head too and lies on the first and the last device.");
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

void DeviceList::remove()
{
    const int row = m_table->currentIndex().isValid() ? m_table->currentIndex().row() : m_model->rowCount() - 1;
    m_model->removeAt(row);
}

bool DeviceList::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete) {
        remove();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace espalier::views
