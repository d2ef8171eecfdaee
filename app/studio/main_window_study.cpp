// SPDX-License-Identifier: GPL-3.0-or-later
// What brings numbers into the study besides a profile: statistics of other programs, traced texts; and where the guide
// leads.
#include "app/studio/main_window.h"

#include "views/widgets/guide_bar.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>

#include <algorithm>

namespace espalier::studio {
namespace {

/// Enough to read, little enough to answer soon: several short pieces of every domain.
constexpr int kTraceContext = 128;
constexpr int kTraceTokens = 384;

} // namespace

void MainWindow::guideTo(int step)
{
    using Guide = views::GuideBar;
    if (step == Guide::Profile && !m_session->modelFolder().isEmpty()) {
        showProfileDialog();
        return;
    }
    static const QHash<int, QString> pages{{Guide::See, QStringLiteral("overview")},
                                           {Guide::Plan, QStringLiteral("planner")},
                                           {Guide::Validate, QStringLiteral("validation")},
                                           {Guide::Export, QStringLiteral("export")}};
    showPage(pages.value(step, QStringLiteral("start")));
}

void MainWindow::traceTexts()
{
    if (m_session->modelFolder().isEmpty())
        return;
    auto texts = m_session->measuredTexts();
    if (texts.empty())
        for (const QString& path :
             QFileDialog::getOpenFileNames(this, tr("Texts to trace"), {}, tr("Texts (*.txt *.jsonl)")))
            texts.emplace_back(QFileInfo(path).completeBaseName(), path);
    if (!texts.empty())
        startTrace(texts);
}

void MainWindow::startTrace(const std::vector<std::pair<QString, QString>>& texts)
{
    QStringList arguments{QStringLiteral("trace"), m_session->modelFolder()};
    for (const auto& [domain, path] : texts)
        arguments << QStringLiteral("--text") << domain + QLatin1Char('=') + path;
    arguments << QStringLiteral("--context") << QString::number(std::min(kTraceContext, m_session->suggestedContext()))
              << QStringLiteral("--max-tokens") << QString::number(kTraceTokens) << QStringLiteral("--out")
              << m_session->samplePath();
    startProfile({tr("Trace %n text(s)", nullptr, static_cast<int>(texts.size())), arguments, QStringLiteral("trace")});
}

void MainWindow::startImport(const QStringList& files, const QString& domain)
{
    if (files.isEmpty() || !m_session->hasModel())
        return;
    QStringList arguments{QStringLiteral("study"), QStringLiteral("import")};
    arguments << files << QStringLiteral("--study") << m_session->studyPath();
    if (!m_session->modelFolder().isEmpty())
        arguments << QStringLiteral("--model") << m_session->modelFolder();
    if (!domain.isEmpty())
        arguments << QStringLiteral("--domain") << domain;
    startProfile({tr("Import %1").arg(QFileInfo(files.first()).fileName()), arguments, QStringLiteral("import")});
}

void MainWindow::importStatistics()
{
    const QStringList files = QFileDialog::getOpenFileNames(
        this, tr("Import statistics"), QFileInfo(m_session->studyPath()).absolutePath(),
        tr("Importance matrices (*.gguf *.dat *.imatrix);;ESFT traces (expert_weights_*.txt);;Routed experts (*.npy "
           "*.npz);;Counts (*.csv *.json);;All files (*)"));
    if (files.isEmpty())
        return;
    bool chosen = false;
    const QString domain = QInputDialog::getText(
        this, tr("Import statistics"), tr("Name of the domain. Left empty, the file says it, or its name is taken."),
        QLineEdit::Normal, {}, &chosen);
    if (chosen)
        startImport(files, domain.trimmed());
}

} // namespace espalier::studio
