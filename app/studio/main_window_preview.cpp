// SPDX-License-Identifier: GPL-3.0-or-later
// The first look: scores from the weights alone, begun by itself when a small model is opened. It never stands in the
// way of what a person asks for: another job, another model or closing the window ends it.
#include "app/studio/main_window.h"

#include "views/widgets/weight_preview.h"

#include <QAction>
#include <QDir>
#include <QFileInfo>
#include <QSettings>

namespace espalier::studio {
namespace {

const QString kOnOpening = QStringLiteral("weights/onOpening");

} // namespace

void MainWindow::addFirstLookAction()
{
    QAction* toggle = add(QStringLiteral("weights-on-opening"), tr("Score weights on opening"), {},
                          tr("Begin a first look without texts by itself when a model with up to 4 GiB of experts is "
                             "opened"),
                          [] {});
    toggle->setCheckable(true);
    toggle->setChecked(QSettings().value(kOnOpening, true).toBool());
    connect(toggle, &QAction::toggled, this, [this](bool on) {
        QSettings().setValue(kOnOpening, on);
        if (on)
            beginFirstLook();
    });
    connect(m_session, &views::Session::opened, this, &MainWindow::beginFirstLook);
    connect(&m_session->jobs(), &views::JobRunner::jobAdded, this, [this](const views::Job* added) {
        for (views::Job* job : m_session->jobs().jobs())
            if (job->spec().unasked && job != added)
                job->cancel(); // does nothing when it has ended
    });
}

void MainWindow::beginFirstLook()
{
    const views::Job* running = m_session->jobs().running();
    if (!QSettings().value(kOnOpening, true).toBool() || !views::wantsWeightScores(*m_session) ||
        (running != nullptr && !running->spec().unasked) || views::JobRunner::engineProgram().isEmpty())
        return;
    if (running != nullptr && running == views::weightJob(*m_session))
        return;
    // Nobody asked for it: where no study can be made, the button says so when it is pressed.
    if (QDir().mkpath(QFileInfo(m_session->studyPath()).absolutePath()))
        m_session->jobs().start(weightsSpec(true));
}

views::JobSpec MainWindow::weightsSpec(bool unasked) const
{
    return {tr("Score the weights"),
            {QStringLiteral("weights"), m_session->modelFolder(), QStringLiteral("--study"), m_session->studyPath()},
            QStringLiteral("weights"),
            unasked};
}

void MainWindow::scoreWeights()
{
    if (!m_session->modelFolder().isEmpty())
        startProfile(weightsSpec(false));
}

} // namespace espalier::studio
