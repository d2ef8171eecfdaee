// SPDX-License-Identifier: GPL-3.0-or-later
// File > Report: written beside the window's thread, so that a large study does not freeze it.
#include "app/studio/main_window.h"

#include "views/pages/page.h"
#include "views/report/report_pdf.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QFutureWatcher>
#include <QStatusBar>
#include <QtConcurrentRun>

namespace espalier::studio {

void MainWindow::chooseReport()
{
    const QString study = m_session->studyPath();
    const QString proposed = QFileInfo(study).completeBaseName() + QStringLiteral(".html");
    QString kind;
    QString path =
        QFileDialog::getSaveFileName(this, tr("Write report"), proposed, tr("Web page (*.html);;PDF (*.pdf)"), &kind);
    if (path.isEmpty())
        return;
    if (QFileInfo(path).suffix().isEmpty())
        path += kind.contains(QLatin1String("pdf")) ? QStringLiteral(".pdf") : QStringLiteral(".html");
    writeReport(path);
}

void MainWindow::writeReport(const QString& path)
{
    const QString study = m_session->studyPath();
    if (!QFileInfo::exists(study)) {
        currentPage()->showError(
            tr("There is no study yet. Profile the model first, then there is something to report."));
        return;
    }
    statusBar()->showMessage(tr("Writing %1…").arg(path));
    auto* watcher = new QFutureWatcher<QString>(this);
    connect(watcher, &QFutureWatcher<QString>::finished, this, [this, watcher, path] {
        const QString fault = watcher->result();
        watcher->deleteLater();
        if (fault.isEmpty())
            statusBar()->showMessage(tr("Report written: %1").arg(path), 10000);
        else
            statusBar()->clearMessage();
        currentPage()->showError(fault);
        emit reportFinished(path, fault);
    });
    watcher->setFuture(QtConcurrent::run([study, path]() -> QString {
        const auto written = views::writeReport(study, path);
        return written ? QString() : QString::fromStdString(written.error().text());
    }));
}

} // namespace espalier::studio
