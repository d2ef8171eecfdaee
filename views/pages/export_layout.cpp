// SPDX-License-Identifier: GPL-3.0-or-later
// The export page's widgets and how they are joined; what they show is in export_page.cpp.
#include "views/pages/export_page.h"
#include "views/pages/export_texts.h"
#include "views/widgets/labels.h"

#include <QButtonGroup>
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
#include <QTableWidget>

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

QLayout* ExportPage::buildLeft()
{
    auto* column = new QVBoxLayout;
    column->setSpacing(grid::kInsideGap);
    auto* fields = new QGridLayout;
    fields->setSpacing(grid::kInsideGap);
    m_plan = new QComboBox;
    m_plan->setObjectName(QStringLiteral("plan"));
    m_plan->setAccessibleName(tr("Plan"));
    m_folder = new QLineEdit;
    m_folder->setObjectName(QStringLiteral("folder"));
    m_folder->setAccessibleName(tr("Folder"));
    auto* choose = new QPushButton(tr("Choose…"));
    fields->addWidget(new QLabel(tr("Plan")), 0, 0);
    fields->addWidget(m_plan, 0, 1, 1, 2);
    fields->addWidget(new QLabel(tr("Folder")), 1, 0);
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
    auto* note = new QFrame;
    note->setObjectName(QStringLiteral("banner"));
    note->setProperty("kind", QStringLiteral("note"));
    auto* noteBox = new QVBoxLayout(note);
    noteBox->addWidget(sectionHead(tr("Place, don’t prune")));
    noteBox->addWidget(caption(tr("If the machine has enough RAM, keep every expert: the ones this plan keeps on the "
                                  "device, the rest in RAM. No quality is lost.")));
    column->addWidget(note);
    connect(m_plan, &QComboBox::activated, this, [this] { choosePlan(m_plan->currentText()); });
    connect(m_folder, &QLineEdit::editingFinished, this, [this] { setFolder(m_folder->text()); });
    connect(choose, &QPushButton::clicked, this, [this] {
        const QString folder =
            QFileDialog::getExistingDirectory(this, tr("Empty folder for the bundle"), m_folder->text());
        if (!folder.isEmpty())
            setFolder(folder);
    });
    return column;
}

QLayout* ExportPage::buildRight()
{
    auto* column = new QVBoxLayout;
    column->setSpacing(grid::kInsideGap);
    auto* head = new QHBoxLayout;
    head->addWidget(sectionHead(tr("Bundle")));
    m_filesHead = caption(tr("files, sizes and hashes after writing"));
    head->addWidget(m_filesHead, 1);
    column->addLayout(head);
    m_files = new QTableWidget(0, 3);
    m_files->setObjectName(QStringLiteral("files"));
    m_files->setAccessibleName(tr("Files of the bundle"));
    m_files->setHorizontalHeaderLabels({tr("File"), tr("Bytes"), tr("SHA-256")});
    m_files->setEditTriggers(QAbstractItemView::NoEditTriggers);
    makePlainTable(m_files);
    m_files->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_files->horizontalHeader()->resizeSection(0, 180);
    m_files->horizontalHeader()->setStretchLastSection(true);
    column->addWidget(m_files, 3);
    auto* loadHead = new QHBoxLayout;
    loadHead->addWidget(sectionHead(tr("Load it with")));
    loadHead->addStretch(1);
    m_engine = new QButtonGroup(this);
    const std::pair<int, const char*> engines[] = {
        {ExportTexts::Transformers, "transformers"}, {ExportTexts::Vllm, "vLLM"}, {ExportTexts::LlamaCpp, "llama.cpp"}};
    for (const auto& [id, name] : engines) {
        auto* button = new QPushButton(QLatin1String(name));
        button->setCheckable(true);
        m_engine->addButton(button, id);
        loadHead->addWidget(button);
    }
    m_engine->button(ExportTexts::Transformers)->setChecked(true);
    column->addLayout(loadHead);
    m_load = commands(tr("Load it with"));
    column->addWidget(m_load, 2);
    auto* copy = new QPushButton(tr("Copy"));
    column->addWidget(copy, 0, Qt::AlignLeft);
    column->addWidget(sectionHead(tr("The same from the command line")));
    m_shell = commands(tr("The same from the command line"));
    column->addWidget(m_shell, 2);
    connect(m_engine, &QButtonGroup::idClicked, this, &ExportPage::showCommands);
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_load->toPlainText()); });
    return column;
}

} // namespace espalier::views
