// SPDX-License-Identifier: GPL-3.0-or-later
// The export page's widgets and how they are joined; what they show is in export_page.cpp.
#include "views/pages/export_bundle.h"
#include "views/pages/export_page.h"
#include "views/pages/export_placement.h"
#include "views/widgets/labels.h"

#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>
#include <QTableView>

namespace espalier::views {

namespace {

QPlainTextEdit* commands(const QString& name)
{
    auto* edit = new QPlainTextEdit;
    edit->setReadOnly(true);
    edit->setFont(Theme::font(TextStyle::Mono));
    edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    edit->setAccessibleName(name);
    edit->setTabChangesFocus(true);
    edit->setMinimumHeight(96);
    return edit;
}

} // namespace

ExportPage::ExportPage(Session* session, QWidget* parent) : Page(session, tr("Export"), parent)
{
    auto* again = new QPushButton(tr("Check again"));
    m_export = new QPushButton(tr("Export"));
    m_export->setObjectName(QStringLiteral("export"));
    m_export->setEnabled(false);
    Theme::setPrimary(m_export);
    titleActions()->addWidget(again);
    titleActions()->addWidget(m_export);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(grid::kColumnGap);
    columns->addLayout(buildLeft(), 6);
    columns->addWidget(rule(Qt::Vertical));
    columns->addLayout(buildRight(), 5);
    contentLayout()->addLayout(columns, 1);
    connect(again, &QPushButton::clicked, this, &ExportPage::check);
    connect(m_export, &QPushButton::clicked, this, &ExportPage::start);
    auto* key = new QShortcut(QKeySequence(Qt::Key_F5), this);
    key->setWhatsThis(tr("Check again what is known before writing"));
    key->setContext(Qt::WidgetWithChildrenShortcut);
    connect(key, &QShortcut::activated, this, &ExportPage::check);
}

QTableView* ExportPage::buildTargets()
{
    m_targets = new ExportTargetModel(this);
    auto* table = new QTableView;
    table->setObjectName(QStringLiteral("targets"));
    table->setAccessibleName(tr("Target engine"));
    makePlainTable(table);
    table->setModel(m_targets);
    auto* header = table->horizontalHeader();
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setMinimumSectionSize(24);
    header->resizeSection(ExportTargetModel::Mark, 28);
    for (const auto column : {ExportTargetModel::Engine, ExportTargetModel::Counts, ExportTargetModel::Files})
        header->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    header->setStretchLastSection(true);
    table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table->setFixedHeight(m_targets->rowCount() * grid::kRowHeight + header->sizeHint().height() + 4);
    table->selectRow(0);
    connect(table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) { chooseTarget(m_targets->targetAt(index.row())); });
    return table;
}

QLayout* ExportPage::buildLeft()
{
    auto* column = new QVBoxLayout;
    column->setSpacing(grid::kInsideGap);
    column->addWidget(buildTargets());
    auto* fields = new QGridLayout;
    fields->setSpacing(grid::kInsideGap);
    m_plan = new QComboBox;
    m_plan->setObjectName(QStringLiteral("plan"));
    m_plan->setAccessibleName(tr("Plan"));
    m_folder = new QLineEdit;
    m_folder->setObjectName(QStringLiteral("folder"));
    m_folder->setAccessibleName(tr("Folder"));
    m_place = new QLabel(tr("Folder"));
    auto* choose = new QPushButton(tr("Choose…"));
    fields->addWidget(new QLabel(tr("Plan")), 0, 0);
    fields->addWidget(m_plan, 0, 1, 1, 2);
    fields->addWidget(m_place, 1, 0);
    fields->addWidget(m_folder, 1, 1);
    fields->addWidget(choose, 1, 2);
    fields->setColumnStretch(1, 1);
    column->addLayout(fields);
    m_progress = new QProgressBar;
    m_progress->setTextVisible(false);
    m_progress->hide();
    m_phase = caption();
    m_phase->hide();
    column->addWidget(m_progress);
    column->addWidget(m_phase);
    auto* head = new QHBoxLayout;
    head->addWidget(sectionHead(tr("Checks")));
    m_summary = caption();
    head->addWidget(m_summary, 1);
    column->addLayout(head);
    m_checks = new ExportCheckModel(this);
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("checks"));
    m_table->setAccessibleName(tr("Checks"));
    makePlainTable(m_table);
    m_table->setModel(m_checks);
    m_table->horizontalHeader()->hide();
    m_table->horizontalHeader()->resizeSection(ExportCheckModel::Mark, 28);
    m_table->horizontalHeader()->setSectionResizeMode(ExportCheckModel::Word, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(ExportCheckModel::Name, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setStretchLastSection(true);
    column->addWidget(m_table, 1);
    m_placement = new PlacementNote;
    column->addWidget(m_placement);
    connect(m_placement, &PlacementNote::failed, this, &Page::showError);
    connect(m_plan, &QComboBox::activated, this, [this] { choosePlan(m_plan->currentText()); });
    connect(m_folder, &QLineEdit::editingFinished, this, [this] { setFolder(m_folder->text()); });
    connect(choose, &QPushButton::clicked, this, [this] {
        const QString place =
            isList() ? QFileDialog::getSaveFileName(this, tr("File for the keep list"), m_folder->text())
                     : QFileDialog::getExistingDirectory(this, tr("Empty folder for the bundle"), m_folder->text());
        if (!place.isEmpty())
            setFolder(place);
    });
    return column;
}

QLayout* ExportPage::buildRight()
{
    auto* column = new QVBoxLayout;
    column->setSpacing(grid::kInsideGap);
    m_bundle = new BundleView;
    column->addWidget(m_bundle, 3);
    m_loadHead = sectionHead(tr("Load it with %1").arg(ExportTargetModel::title(m_targets->chosen())));
    column->addWidget(m_loadHead);
    m_load = commands(tr("Command that loads it"));
    column->addWidget(m_load, 2);
    auto* copy = new QPushButton(tr("Copy"));
    column->addWidget(copy, 0, Qt::AlignLeft);
    column->addWidget(sectionHead(tr("The same from the command line")));
    m_shell = commands(tr("The same from the command line"));
    column->addWidget(m_shell, 2);
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_load->toPlainText()); });
    return column;
}

} // namespace espalier::views
