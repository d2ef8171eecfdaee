// SPDX-License-Identifier: GPL-3.0-or-later
// View > Language.
#include "app/studio/main_window.h"

#include "translations/language.h"
#include "views/pages/page.h"
#include "views/pages/planner_page.h"

#include <QAction>
#include <QActionGroup>
#include <QMenu>
#include <QSettings>
#include <QUndoStack>

namespace espalier::studio {

void MainWindow::buildLanguageMenu(QMenu* view)
{
    QMenu* menu = view->addMenu(tr("Language"));
    auto* group = new QActionGroup(this);
    const QString chosen = QSettings().value(QStringLiteral("language")).toString();
    const auto entry = [&](const QString& code, const QString& title) {
        QAction* action = menu->addAction(title);
        action->setObjectName(QStringLiteral("language-") + code);
        action->setStatusTip(tr("Language of the window; it opens anew at the same page"));
        action->setCheckable(true);
        action->setChecked(code == chosen);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, code] { chooseLanguage(code); });
    };
    entry({}, tr("As the desktop"));
    for (const QString& code : languages())
        entry(code, languageName(code)); // by its own name, which its readers find in any language
}

void MainWindow::chooseLanguage(const QString& code)
{
    QSettings().setValue(QStringLiteral("language"), code);
    if (const auto* job = m_session->jobs().running(); job != nullptr && !job->spec().unasked)
        currentPage()->showError(tr("A job is running: the language changes when the window is opened next."));
    else if (!m_planner->editor().undoStack()->isClean()) // a new window begins without them
        currentPage()->showError(
            tr("The plan has steps that are not saved. Save it and choose the language again; else it "
               "changes when the window is opened next."));
    else
        emit languageChosen(code);
}

} // namespace espalier::studio
