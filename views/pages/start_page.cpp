// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/pages/start_page.h"

#include "core/base/machine.h"
#include "core/base/resource_folder.h"
#include "views/models/table_text.h"
#include "views/pages/start_memory.h"
#include "views/session/machine_devices.h"
#include "views/theme/format.h"
#include "views/theme/theme.h"
#include "views/widgets/drop_target.h"
#include "views/widgets/weight_preview.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QTableView>

namespace espalier::views {

QString sampleModelFolder()
{
    const auto folder = base::resourceFolder("demo");
    return folder ? QString::fromStdString((*folder / "model").string()) : QString();
}

StartPage::StartPage(Session* session, QWidget* parent)
    : Page(session, tr("Start"), parent), m_recent(new RecentModel(this))
{
    setSubtitle(tr("Open a checkpoint. Only headers are read until you run something."));
    auto* columns = new QHBoxLayout;
    columns->setSpacing(grid::kColumnGap);
    columns->addWidget(leftColumn(), 2);
    auto* rule = new QFrame;
    rule->setObjectName(QStringLiteral("rule"));
    rule->setFixedWidth(1);
    columns->addWidget(rule);

    m_memory = new StartMemory;
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setWidget(m_memory);
    m_right = scroll;
    auto* nothing = new QLabel(tr("No model is open. Here you will see what it needs to run, part by part, and how "
                                  "many experts fit this machine."));
    nothing->setWordWrap(true);
    nothing->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    Theme::setTextStyle(nothing, TextStyle::Body, ColorRole::TextSecond);
    m_nothing = nothing;
    columns->addWidget(m_right, 4);
    columns->addWidget(m_nothing, 4);
    contentLayout()->addLayout(columns);
    m_right->hide();

    connect(m_memory, &StartMemory::profileRequested, this,
            [this] { emit actionRequested(QStringLiteral("profile")); });
    connect(m_preview, &WeightPreview::scoreRequested, this,
            [this] { emit actionRequested(QStringLiteral("weights")); });
    connect(m_memory, &StartMemory::planRequested, this, &StartPage::planRequested);
    connect(session, &Session::opened, this, [this](const QString& path) {
        m_recent->add(path);
        emit stateChanged();
    });
}

QWidget* StartPage::leftColumn()
{
    auto* column = new QWidget;
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(grid::kInsideGap);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(grid::kInsideGap);
    auto* open = new QPushButton(tr("Open model…   Ctrl+O"));
    Theme::setPrimary(open);
    auto* study = new QPushButton(tr("Open file…"));
    buttons->addWidget(open);
    buttons->addWidget(study);
    buttons->addStretch();
    layout->addLayout(buttons);
    auto* drop = new DropTarget;
    layout->addWidget(drop);
    layout->addSpacing(grid::kGroupGap);

    auto* head = new QHBoxLayout;
    auto* recentHead = new QLabel(tr("Recent"));
    Theme::setTextStyle(recentHead, TextStyle::SectionHead);
    auto* clear = new QPushButton(tr("Clear"));
    Theme::setLink(clear);
    head->addWidget(recentHead);
    head->addStretch();
    head->addWidget(clear);
    layout->addLayout(head);
    m_recentView = new QTableView;
    setUpPlainTable(m_recentView, tr("Recent models and studies"));
    m_recentView->setModel(m_recent);
    m_recentView->installEventFilter(this);
    auto* header = m_recentView->horizontalHeader();
    header->setSectionResizeMode(RecentModel::Size, QHeaderView::Fixed);
    header->setSectionResizeMode(RecentModel::Opened, QHeaderView::Fixed);
    header->resizeSection(RecentModel::Size, 90);
    header->resizeSection(RecentModel::Opened, 100);
    auto* none = new QLabel(tr("Nothing was opened yet."));
    Theme::setTextStyle(none, TextStyle::Body, ColorRole::TextSecond);
    layout->addWidget(none);
    layout->addWidget(m_recentView);
    const auto fit = [this, none, clear] {
        fitHeightToRows(m_recentView);
        m_recentView->setVisible(m_recent->rowCount() > 0);
        clear->setVisible(m_recent->rowCount() > 0);
        none->setVisible(m_recent->rowCount() == 0);
    };
    connect(m_recent, &QAbstractItemModel::modelReset, this, fit);
    connect(m_recent, &QAbstractItemModel::rowsRemoved, this, fit);
    fit();

    layout->addSpacing(grid::kGroupGap);
    m_sample = new QWidget;
    auto* sampleBox = new QVBoxLayout(m_sample);
    sampleBox->setContentsMargins(0, 0, 0, 0);
    sampleBox->setSpacing(grid::kInsideGap);
    auto* sampleHead = new QLabel(tr("Sample"));
    Theme::setTextStyle(sampleHead, TextStyle::SectionHead);
    sampleBox->addWidget(sampleHead);
    const bool haveSample = !sampleModelFolder().isEmpty();
    auto* about = new QLabel(haveSample ? tr("A small trained model of 6 layers with 32 experts, 22 MiB, with texts "
                                             "of 12 domains. Every page works with it, on a CPU, in some minutes.")
                                        : tr("The sample was not found beside the program. Install the program, or "
                                             "set ESPALIER_RESOURCES to its resources folder."));
    about->setWordWrap(true);
    Theme::setTextStyle(about, TextStyle::Body, ColorRole::TextSecond);
    sampleBox->addWidget(about);
    auto* line = new QHBoxLayout;
    auto* sample = new QPushButton(tr("Open sample"));
    sample->setEnabled(haveSample);
    line->addWidget(sample);
    line->addStretch();
    sampleBox->addLayout(line);
    layout->addWidget(m_sample);
    m_preview = new WeightPreview(session());
    m_preview->hide();
    layout->addWidget(m_preview, 100);
    layout->addStretch(1);

    connect(open, &QPushButton::clicked, this, [this] { emit actionRequested(QStringLiteral("open")); });
    connect(study, &QPushButton::clicked, this, [this] { emit actionRequested(QStringLiteral("open-study")); });
    connect(sample, &QPushButton::clicked, this, [this] { emit actionRequested(QStringLiteral("sample")); });
    connect(clear, &QPushButton::clicked, m_recent, &RecentModel::clear);
    connect(drop, &DropTarget::dropped, this, [this](const QString& path) { session()->open(path); });
    const auto openRow = [this](const QModelIndex& index) {
        const QString path = m_recent->path(index.row());
        if (!path.isEmpty())
            session()->open(path); // a missing one answers with the reason in the banner
    };
    connect(m_recentView, &QTableView::activated, this, openRow);
    connect(m_recentView, &QTableView::clicked, this, openRow);
    return column;
}

bool StartPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_recentView && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Delete) {
        m_recent->removeAt(m_recentView->currentIndex().row());
        return true;
    }
    return Page::eventFilter(watched, event);
}

void StartPage::refresh()
{
    const bool open = session()->hasModel();
    m_nothing->setVisible(!open);
    m_right->setVisible(open);
    m_sample->setVisible(!open); // its place goes to the first look; File > Open sample stays
    m_preview->refresh();
    if (!open)
        return;
    if (m_devices == nullptr && MachineDevices::haveDriver()) {
        m_devices = new MachineDevices(this);
        connect(m_devices, &MachineDevices::found, this, [this] { m_memory->setDevices(m_devices->devices()); });
        m_devices->ask();
    }
    m_memory->setModel(session()->model(), base::describeMachine().memory.value());
    setReadout(session()->modelFolder().isEmpty() ? session()->studyPath() : session()->modelFolder());
}

QString StartPage::stateText() const
{
    return m_recent->rowCount() == 0 ? tr("nothing opened yet") : tr("%n recent", nullptr, m_recent->rowCount());
}

QString StartPage::copyText() const
{
    return session()->hasModel() ? m_memory->parts()->toTsv() : QString();
}

QString StartPage::exportTable(const QString& path)
{
    return writeTsvAsTable(m_memory->parts()->toTsv(), path);
}

bool StartPage::hasTable() const
{
    return session() != nullptr && session()->hasModel();
}

} // namespace espalier::views
