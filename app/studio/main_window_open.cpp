// SPDX-License-Identifier: GPL-3.0-or-later
// Ways to open something: dialogs, what was open before, a drop anywhere on the window.
#include "app/studio/main_window.h"

#include "views/pages/page.h"
#include "views/pages/start_page.h"
#include "views/widgets/drop_target.h"

#include <QAction>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMimeData>
#include <QSettings>

#include <algorithm>

namespace espalier::studio {
namespace {

constexpr int kMostRecent = 9;

} // namespace

void MainWindow::chooseModel()
{
    QSettings settings;
    const QString last = settings.value(QStringLiteral("folders/model")).toString();
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a model folder"), last);
    if (folder.isEmpty())
        return;
    settings.setValue(QStringLiteral("folders/model"), folder);
    m_session->openModel(folder);
}

void MainWindow::chooseStudy()
{
    const QString file = QFileDialog::getOpenFileName(
        this, tr("Open a study or a model file"), {},
        tr("Studies and models (*.espalier *.gguf *.safetensors);;Studies (*.espalier);;All files (*)"));
    if (!file.isEmpty())
        m_session->open(file);
}

void MainWindow::fillRecentMenu()
{
    m_recentMenu->clear();
    views::RecentModel* recent = m_start->recent();
    for (int row = 0; row < std::min(recent->rowCount(), kMostRecent); ++row) {
        const QString path = recent->path(row);
        const QFileInfo info(path);
        QString text = QStringLiteral("%1/%2").arg(info.dir().dirName(), info.fileName());
        QAction* entry = m_recentMenu->addAction(
            QStringLiteral("&%1  %2").arg(row + 1).arg(text.replace(QLatin1Char('&'), QLatin1String("&&"))));
        entry->setEnabled(info.exists());
        entry->setStatusTip(info.exists() ? path : tr("%1 is no longer there").arg(path));
        connect(entry, &QAction::triggered, this, [this, path] { open(path); });
    }
    m_recentMenu->setEnabled(recent->rowCount() > 0);
    m_recentMenu->addSeparator();
    QAction* clear = m_recentMenu->addAction(tr("Clear the list"));
    clear->setStatusTip(tr("Forget what was open; no file is touched"));
    connect(clear, &QAction::triggered, recent, &views::RecentModel::clear);
}

void MainWindow::buildRecentMenu(QMenu* file)
{
    m_recentMenu = new QMenu(tr("Open recent"), this);
    m_recentMenu->menuAction()->setStatusTip(tr("What was open before"));
    file->insertMenu(action(QStringLiteral("sample")), m_recentMenu);
    views::RecentModel* recent = m_start->recent();
    connect(recent, &QAbstractItemModel::modelReset, this, &MainWindow::fillRecentMenu);
    connect(recent, &QAbstractItemModel::rowsRemoved, this, &MainWindow::fillRecentMenu);
    connect(m_recentMenu, &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu); // files come and go
    fillRecentMenu();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (views::dropRefusal(views::droppedPath(event->mimeData())).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QString path = views::droppedPath(event->mimeData());
    if (!views::dropRefusal(path).isEmpty())
        return;
    event->acceptProposedAction();
    open(path);
}

} // namespace espalier::studio
