// SPDX-License-Identifier: GPL-3.0-or-later
// The planner's widgets and how they are joined; what they show is in planner_page.cpp.
#include "views/models/plan_cut_model.h"
#include "views/models/plan_domain_model.h"
#include "views/models/plan_list_model.h"
#include "views/models/plan_mass_delegate.h"
#include "views/pages/planner_page.h"
#include "views/pages/planner_request.h"
#include "views/plan/plan_texts.h"
#include "views/plots/device_bars.h"
#include "views/plots/heatmap_widget.h"
#include "views/plots/layer_counts.h"
#include "views/plots/stack_bar.h"
#include "views/widgets/labels.h"
#include "views/widgets/plan_history.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QTableView>

namespace espalier::views {

namespace {

constexpr int kDomainRow = 22; // the table of domains leaves room for the map

QWidget* scrolled(QWidget* content, int width)
{
    auto* area = new QScrollArea;
    area->setWidget(content);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFixedWidth(width);
    area->setFrameShape(QFrame::NoFrame);
    return area;
}

} // namespace

void PlannerPage::buildActions()
{
    auto* undo = new QPushButton(tr("Undo"));
    auto* redo = new QPushButton(tr("Redo"));
    m_save = new QPushButton(tr("Save plan"));
    m_save->setObjectName(QStringLiteral("save"));
    m_validate = new QPushButton(tr("Validate…"));
    Theme::setPrimary(m_validate);
    QUndoStack* stack = m_editor.undoStack();
    undo->setEnabled(false);
    redo->setEnabled(false);
    connect(undo, &QPushButton::clicked, stack, &QUndoStack::undo);
    connect(redo, &QPushButton::clicked, stack, &QUndoStack::redo);
    connect(stack, &QUndoStack::canUndoChanged, undo, &QWidget::setEnabled);
    connect(stack, &QUndoStack::canRedoChanged, redo, &QWidget::setEnabled);
    connect(stack, &QUndoStack::undoTextChanged, undo, &QWidget::setToolTip);
    connect(stack, &QUndoStack::redoTextChanged, redo, &QWidget::setToolTip);
    connect(m_save, &QPushButton::clicked, this, &PlannerPage::savePlan);
    connect(m_validate, &QPushButton::clicked, this, [this] {
        savePlan();
        emit validationRequested(QString::fromStdString(m_editor.state().request.name));
        emit pageRequested(QStringLiteral("validation"));
    });
    for (QPushButton* button : {undo, redo, m_save, m_validate})
        titleActions()->addWidget(button);
    // Undo, redo and save are actions of the window; a second shortcut here would make them ambiguous.
    const auto key = [this](const QKeySequence& keys, const QString& does, auto slot) {
        auto* shortcut = new QShortcut(keys, this);
        shortcut->setWhatsThis(does);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, this, slot);
    };
    key(QKeySequence(Qt::Key_U), tr("The same count in every layer"), [this] { m_editor.makeUniform(); });
    key(QKeySequence(Qt::Key_F9), tr("Save and validate the plan"), [this] { m_validate->click(); });
}

void PlannerPage::buildColumns()
{
    auto* columns = new QHBoxLayout;
    columns->setSpacing(grid::kColumnGap / 2);
    columns->addWidget(scrolled(new PlannerRequest(&m_editor), 288));
    columns->addWidget(rule(Qt::Vertical));
    columns->addWidget(buildAnswers(), 1);
    columns->addWidget(rule(Qt::Vertical));
    columns->addWidget(buildSide());
    contentLayout()->addLayout(columns, 1);
}

QWidget* PlannerPage::buildAnswers()
{
    auto* widget = new QWidget;
    auto* column = new QVBoxLayout(widget);
    column->setContentsMargins(grid::kInsideGap, 0, grid::kInsideGap, 0);
    column->setSpacing(4);
    auto* head = new QHBoxLayout;
    m_memoryHead = new QLabel;
    Theme::setTextStyle(m_memoryHead, TextStyle::Key);
    m_memoryText = caption();
    m_memoryVerdict = sectionHead();
    head->addWidget(m_memoryHead);
    head->addWidget(m_memoryText, 1);
    head->addWidget(m_memoryVerdict);
    column->addLayout(head);
    m_bar = new StackBar;
    column->addWidget(m_bar);
    m_deviceBars = new DeviceBars;
    m_deviceBars->hide();
    column->addWidget(m_deviceBars);
    column->addSpacing(grid::kInsideGap);

    auto* expertsHead = new QHBoxLayout;
    expertsHead->addWidget(sectionHead(tr("Experts")));
    expertsHead->addWidget(caption(tr("hatched: dropped · square: lock · ring: super expert")), 1);
    auto* perLayer = new QLabel(tr("Kept per layer"));
    Theme::setTextStyle(perLayer, TextStyle::Label, ColorRole::TextSecond);
    expertsHead->addWidget(perLayer);
    column->addLayout(expertsHead);
    auto* map = new QHBoxLayout;
    map->setSpacing(grid::kInsideGap);
    m_heatmap = new HeatmapWidget;
    m_heatmap->setObjectName(QStringLiteral("plannerMap"));
    m_heatmap->setAccessibleName(tr("Experts, kept and dropped"));
    m_heatmap->setMinimumHeight(220);
    m_counts = new LayerCounts;
    m_counts->setFixedWidth(m_counts->sizeHint().width());
    m_counts->setRowGeometry([this](int row) {
        const QRect cell = m_heatmap->cellRect(row, 0);
        const QPoint top = m_counts->mapFromGlobal(m_heatmap->mapToGlobal(cell.topLeft()));
        return cell.isEmpty() ? QRect() : QRect(0, top.y(), m_counts->width(), cell.height());
    });
    map->addWidget(m_heatmap, 1);
    map->addWidget(m_counts);
    column->addLayout(map, 5);
    column->addSpacing(grid::kInsideGap);

    m_domains = new PlanDomainModel(&m_editor, this);
    m_domainTable = new QTableView;
    m_domainTable->setObjectName(QStringLiteral("domains"));
    m_domainTable->setAccessibleName(tr("Gate weight kept per domain"));
    makePlainTable(m_domainTable);
    m_domainTable->setModel(m_domains);
    m_domainTable->verticalHeader()->setMinimumSectionSize(kDomainRow);
    m_domainTable->verticalHeader()->setDefaultSectionSize(kDomainRow);
    m_domainTable->setItemDelegateForColumn(PlanDomainModel::Bar, new PlanMassDelegate(m_domainTable));
    auto* header = m_domainTable->horizontalHeader();
    header->setSectionResizeMode(QHeaderView::Fixed);
    header->setSectionResizeMode(PlanDomainModel::Bar, QHeaderView::Stretch);
    const std::pair<int, int> widths[] = {{PlanDomainModel::Domain, 142},
                                          {PlanDomainModel::Weight, 60},
                                          {PlanDomainModel::Kept, 64},
                                          {PlanDomainModel::Lowest, 72},
                                          {PlanDomainModel::Verdict, 84}};
    for (const auto& [section, width] : widths)
        header->resizeSection(section, width);
    // As tall as its rows, so that the map gets what is left; many domains scroll.
    const auto fit = [this] {
        m_domainTable->setMaximumHeight(m_domains->rowCount() * kDomainRow + grid::kRowHeight + 10);
    };
    connect(m_domains, &QAbstractItemModel::modelReset, m_domainTable, fit);
    fit();
    column->addWidget(m_domainTable, 6);
    column->addWidget(
        caption(tr("Mean over layers of the share of routed gate weight that stays; tick: lowest layer; red "
                   "line: floor, 95 % weighted, 80 % others. Association, not cause: validate before use."),
                ColorRole::TextThird));

    m_heatmap->setToolTipProvider([this](int row, int expert) { return PlanTexts::toolTip(m_editor, row, expert); });
    connect(m_heatmap, &HeatmapWidget::toggleRequested, &m_editor, &PlanEditor::toggle);
    connect(m_heatmap, &HeatmapWidget::lockRequested, &m_editor, &PlanEditor::toggleLock);
    connect(m_heatmap, &HeatmapWidget::cellActivated, &m_editor, &PlanEditor::toggle);
    connect(m_heatmap, &HeatmapWidget::cursorMoved, this, &PlannerPage::showReadout);
    connect(m_heatmap, &HeatmapWidget::hovered, this, [this](int row, int expert) {
        const QPoint cursor = m_heatmap->cursorCell();
        showReadout(row >= 0 ? row : cursor.y(), row >= 0 ? expert : cursor.x());
    });
    connect(m_heatmap, &HeatmapWidget::blockSelected, this, [this](const QRect& cells) {
        // The corner where the drag began decides: a block of kept experts is dropped, else it is kept.
        m_editor.setBlock(cells, !m_editor.kept(cells.top(), cells.left()));
    });
    connect(m_counts, &LayerCounts::countEdited, &m_editor, &PlanEditor::setLayerCount);
    return widget;
}

QWidget* PlannerPage::buildSide()
{
    auto* widget = new QWidget;
    widget->setFixedWidth(272);
    auto* column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(grid::kInsideGap);
    auto* head = new QHBoxLayout;
    head->addWidget(sectionHead(tr("Plans")));
    head->addStretch(1);
    auto* fresh = new QPushButton(tr("New"));
    Theme::setLink(fresh);
    head->addWidget(fresh);
    column->addLayout(head);
    m_plans = new PlanListModel(this);
    m_planTable = new QTableView;
    m_planTable->setObjectName(QStringLiteral("plans"));
    m_planTable->setAccessibleName(tr("Plans"));
    makePlainTable(m_planTable);
    m_planTable->setModel(m_plans);
    m_planTable->setTextElideMode(Qt::ElideMiddle);
    m_planTable->horizontalHeader()->setSectionResizeMode(PlanListModel::Name, QHeaderView::Stretch);
    m_planTable->horizontalHeader()->resizeSection(PlanListModel::Memory, 58);
    m_planTable->horizontalHeader()->resizeSection(PlanListModel::State, 74);
    column->addWidget(m_planTable, 3);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(grid::kInsideGap);
    auto* rename = new QPushButton(tr("Rename…"));
    auto* remove = new QPushButton(tr("Delete"));
    buttons->addWidget(rename);
    buttons->addWidget(remove);
    buttons->addStretch(1);
    column->addLayout(buttons);
    column->addWidget(rule(Qt::Horizontal));

    auto* historyHead = new QHBoxLayout;
    historyHead->addWidget(sectionHead(tr("History")));
    historyHead->addStretch(1);
    m_journal = new QLabel;
    Theme::setTextStyle(m_journal, TextStyle::Label, ColorRole::TextSecond);
    historyHead->addWidget(m_journal);
    column->addLayout(historyHead);
    column->addWidget(new PlanHistory(m_editor.undoStack()), 4);
    column->addWidget(rule(Qt::Horizontal));

    column->addWidget(sectionHead(tr("Removed, nearest the cut")));
    m_cut = new PlanCutModel(&m_editor, this);
    m_cutTable = new QTableView;
    m_cutTable->setObjectName(QStringLiteral("cut"));
    m_cutTable->setAccessibleName(tr("Removed experts nearest the cut"));
    makePlainTable(m_cutTable);
    m_cutTable->setModel(m_cut);
    m_cutTable->horizontalHeader()->resizeSection(PlanCutModel::Expert, 60);
    m_cutTable->horizontalHeader()->resizeSection(PlanCutModel::Tokens, 76);
    m_cutTable->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_cutTable->setMinimumHeight((PlanCutModel::kRows + 1) * grid::kRowHeight + 8);
    m_cutTable->horizontalHeader()->setStretchLastSection(true);
    column->addWidget(m_cutTable);

    const auto selected = [this] { return m_plans->nameAt(m_planTable->currentIndex().row()); };
    connect(fresh, &QPushButton::clicked, this, &PlannerPage::newPlan);
    connect(rename, &QPushButton::clicked, this, &PlannerPage::renamePlan);
    connect(m_planTable, &QTableView::activated, this, [this, selected] { openPlan(selected()); });
    connect(m_planTable, &QTableView::clicked, this, [this, selected] { openPlan(selected()); });
    connect(remove, &QPushButton::clicked, this, [this, selected] {
        if (!selected().isEmpty())
            session()->removePlan(selected());
    });
    connect(m_cutTable, &QTableView::clicked, this, [this](const QModelIndex& index) {
        const QPoint cell = m_cut->cellAt(index.row());
        m_heatmap->setCursorCell(cell.y(), cell.x());
    });
    return widget;
}

} // namespace espalier::views
