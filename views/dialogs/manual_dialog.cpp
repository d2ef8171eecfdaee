// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/dialogs/manual_dialog.h"

#include "views/theme/theme.h"

#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>
#include <QTextBrowser>

static void initManual()
{
    Q_INIT_RESOURCE(manual); // lies in a static library
}

namespace espalier::views {

ManualDialog::ManualDialog(QWidget* parent) : QDialog(parent), m_list(new QListWidget), m_text(new QTextBrowser)
{
    initManual();
    setWindowTitle(tr("Manual"));
    resize(920, 680);
    const QStringList titles{tr("Contents"),     tr("Start"),          tr("Overview"), tr("Planner"),
                             tr("Validation"),   tr("Export"),         tr("Concepts"), tr("Command line"),
                             tr("File formats"), tr("Troubleshooting")};
    m_list->addItems(titles);
    m_list->setFixedWidth(176);
    m_list->setAccessibleName(tr("Pages of the manual"));
    m_text->setAccessibleName(tr("Manual"));
    m_text->setOpenExternalLinks(true);
    m_text->document()->setDocumentMargin(grid::kPagePadding);
    auto* back = new QPushButton(tr("Back"));
    auto* close = new QPushButton(tr("Close"));
    back->setEnabled(false);
    auto* side = new QVBoxLayout;
    side->addWidget(m_list, 1);
    side->addWidget(back);
    side->addWidget(close);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(grid::kGroupGap, grid::kGroupGap, grid::kGroupGap, grid::kGroupGap);
    row->setSpacing(grid::kGroupGap);
    row->addLayout(side);
    row->addWidget(m_text, 1);
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int index) { showPage(pages().value(index)); });
    connect(back, &QPushButton::clicked, m_text, &QTextBrowser::backward);
    connect(m_text, &QTextBrowser::backwardAvailable, back, &QWidget::setEnabled);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_text, &QTextBrowser::sourceChanged, this, &ManualDialog::sourceChanged);
    showPage({});
}

QStringList ManualDialog::pages()
{
    return {QStringLiteral("index"),          QStringLiteral("start"),        QStringLiteral("overview"),
            QStringLiteral("planner"),        QStringLiteral("validation"),   QStringLiteral("export"),
            QStringLiteral("concepts"),       QStringLiteral("command-line"), QStringLiteral("formats"),
            QStringLiteral("troubleshooting")};
}

QString ManualDialog::page() const
{
    return QFileInfo(m_text->source().path()).completeBaseName();
}

void ManualDialog::showPage(const QString& name)
{
    const QString known = pages().contains(name) ? name : pages().first();
    if (known != page())
        m_text->setSource(QUrl(QStringLiteral("qrc:/manual/%1.md").arg(known)), QTextDocument::MarkdownResource);
}

void ManualDialog::sourceChanged()
{
    const QSignalBlocker quiet(m_list);
    m_list->setCurrentRow(static_cast<int>(pages().indexOf(page())));
}

} // namespace espalier::views
