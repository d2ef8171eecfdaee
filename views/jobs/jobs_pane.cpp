// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/jobs/jobs_pane.h"

#include "views/theme/theme.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QHeaderView>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <QTableView>

namespace espalier::views {
namespace {

/// Percent as text over a 4 px line.
class ProgressDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const double percent = index.data(JobsModel::PercentRole).toDouble();
        const QRect track(option.rect.left() + 8, option.rect.center().y() - 1, option.rect.width() - 64, 4);
        if (track.width() < 20)
            return;
        painter->fillRect(track, Theme::color(ColorRole::Sunken));
        if (percent > 0)
            painter->fillRect(QRect(track.topLeft(), QSize(static_cast<int>(track.width() * percent / 100), 4)),
                              Theme::color(ColorRole::Accent));
    }
};

} // namespace

JobsPane::JobsPane(JobRunner* runner, QWidget* parent)
    : QWidget(parent), m_model(new JobsModel(runner, this)), m_table(new QTableView), m_log(new QPlainTextEdit),
      m_cancel(new QPushButton(tr("Cancel"))), m_copy(new QPushButton(tr("Copy as command"))),
      m_showLog(new QPushButton(tr("Log")))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 8, 16, 8);
    layout->setSpacing(grid::kInsideGap);
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Jobs"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(grid::kRowHeight);
    m_table->setItemDelegateForColumn(JobsModel::Progress, new ProgressDelegate(this));
    auto* header = m_table->horizontalHeader();
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setHighlightSections(false);
    header->setStretchLastSection(true);
    const int widths[] = {240, 220, 160, 120, 110};
    for (int i = 0; i < 5; ++i)
        m_table->setColumnWidth(i, widths[i]);
    m_log->setReadOnly(true);
    m_log->setFont(Theme::font(TextStyle::Mono));
    m_log->setAccessibleName(tr("Log of the job"));
    m_log->hide();
    m_showLog->setCheckable(true);
    layout->addWidget(m_table, 3);
    layout->addWidget(m_log, 2);
    auto* buttons = new QVBoxLayout;
    buttons->setSpacing(4);
    for (QPushButton* button : {m_cancel, m_showLog, m_copy})
        buttons->addWidget(button);
    buttons->addStretch();
    layout->addLayout(buttons);

    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (Job* job = currentJob())
            job->cancel();
    });
    connect(m_copy, &QPushButton::clicked, this, [this] {
        if (const Job* job = currentJob())
            QApplication::clipboard()->setText(job->commandLine());
    });
    connect(m_showLog, &QPushButton::toggled, m_log, &QWidget::setVisible);
    connect(m_model, &QAbstractItemModel::rowsInserted, this, [this] { m_table->selectRow(0); });
    const auto update = [this] {
        updateButtons();
        updateLog();
    };
    connect(m_model, &QAbstractItemModel::dataChanged, this, update);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, update);
    updateButtons();
}

Job* JobsPane::currentJob() const
{
    return m_model->job(m_table->currentIndex().isValid() ? m_table->currentIndex().row() : 0);
}

void JobsPane::updateButtons()
{
    const Job* job = currentJob();
    const bool active = job != nullptr && (job->state() == Job::State::Queued || job->state() == Job::State::Running ||
                                           job->state() == Job::State::Cancelling);
    m_cancel->setEnabled(active);
    m_copy->setEnabled(job != nullptr);
    m_showLog->setEnabled(job != nullptr);
}

void JobsPane::updateLog()
{
    const Job* job = currentJob();
    const QString text = job == nullptr ? QString() : job->log().join(QLatin1Char('\n'));
    if (text == m_log->toPlainText())
        return;
    m_log->setPlainText(text);
    m_log->verticalScrollBar()->setValue(m_log->verticalScrollBar()->maximum());
}

} // namespace espalier::views
