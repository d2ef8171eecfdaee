// SPDX-License-Identifier: GPL-3.0-or-later
// Actions and menus of the window.
#include "app/studio/main_window.h"

#include "core/base/version.h"
#include "views/dialogs/manual_dialog.h"
#include "views/pages/page.h"
#include "views/pages/planner_page.h"
#include "views/theme/theme.h"
#include "views/widgets/guide_bar.h"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QFileDialog>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>

namespace espalier::studio {

QAction* MainWindow::add(const QString& key, const QString& text, const QKeySequence& shortcut, const QString& tip,
                         const std::function<void()>& run)
{
    auto* action = new QAction(text, this);
    action->setObjectName(key);
    action->setShortcut(shortcut);
    action->setStatusTip(tip);
    connect(action, &QAction::triggered, this, [run] { run(); });
    addAction(action);
    m_actions.insert(key, action);
    return action;
}

void MainWindow::buildActions()
{
    add(QStringLiteral("open"), tr("Open model…"), QKeySequence::Open, tr("Open a model folder; only headers are read"),
        [this] { chooseModel(); });
    add(QStringLiteral("open-study"), tr("Open file…"), QKeySequence(tr("Ctrl+Shift+O")),
        tr("Open a .espalier study, or a model that is one .gguf file"), [this] { chooseStudy(); });
    add(QStringLiteral("sample"), tr("Open sample"), {}, tr("Open the model that comes with the program"),
        [this] { openSample(); });
    add(QStringLiteral("export-figure"), tr("Export figure…"), QKeySequence(tr("Ctrl+Shift+E")),
        tr("Write the figure of this page as PNG, SVG or PDF"), [this] { exportFigure(); });
    add(QStringLiteral("export-table"), tr("Export table…"), QKeySequence(tr("Ctrl+Shift+T")),
        tr("Write the table of this page as CSV, TSV or JSON"), [this] { exportTable(); });
    add(QStringLiteral("report"), tr("Report…"), QKeySequence(tr("Ctrl+Shift+R")),
        tr("Write the study as one web page or PDF: maps, plans, validations, commands"), [this] { chooseReport(); });
    add(QStringLiteral("quit"), tr("Quit"), QKeySequence::Quit, tr("Close the window"), [this] { close(); });
    add(QStringLiteral("copy"), tr("Copy as table"), QKeySequence::Copy,
        tr("Copy what the page shows as tab separated values"), [this] { copy(); });
    add(QStringLiteral("profile"), tr("Profile…"), QKeySequence(tr("Ctrl+P")),
        tr("Measure what every expert does on your texts"), [this] { showProfileDialog(); });
    add(QStringLiteral("weights"), tr("Score the weights"), {},
        tr("Read every expert once and score it without texts, for a first look"), [this] { scoreWeights(); });
    addFirstLookAction();
    add(QStringLiteral("import"), tr("Import statistics…"), QKeySequence(tr("Ctrl+I")),
        tr("Add what llama.cpp, vLLM, ESFT or a table of counts says about the experts"),
        [this] { importStatistics(); });
    add(QStringLiteral("trace"), tr("Trace texts…"), {},
        tr("Remember which experts single tokens choose, to read texts coloured by expert"), [this] { traceTexts(); });
    add(QStringLiteral("reload"), tr("Read the study again"), QKeySequence(tr("Ctrl+R")),
        tr("Read measurements and plans from the study file"), [this] { m_session->reload(); });
    add(QStringLiteral("new-plan"), tr("New plan"), QKeySequence::New, tr("Begin a plan with the planner's defaults"),
        [this] {
            showPage(QStringLiteral("planner"));
            m_planner->newPlan();
        });
    add(QStringLiteral("save-plan"), tr("Save plan"), QKeySequence::Save, tr("Save the plan in the study"),
        [this] { m_planner->savePlan(); });
    add(QStringLiteral("cancel-job"), tr("Cancel the running job"), {}, tr("What it has saved so far is kept"), [this] {
        if (views::Job* job = m_session->jobs().running())
            job->cancel();
    });
    add(QStringLiteral("reset-layout"), tr("Reset layout"), {}, tr("Put the docks back in their places"),
        [this] { resetLayout(); });
    add(QStringLiteral("next-area"), tr("Next area"), QKeySequence(Qt::Key_F6), tr("Rail, page, jobs"),
        [this] { focusNextArea(); });
    add(QStringLiteral("about"), tr("About Espalier"), {}, tr("Version and licences"), [this] {
        QMessageBox::about(this, tr("About Espalier"),
                           tr("<p><b>Espalier Studio %1</b></p><p>Measures which experts of a Mixture-of-Experts model "
                              "serve which texts, cuts the others, and checks the cut.</p><p>The window is under "
                              "GPL-3.0-or-later (it uses QCustomPlot), the core and the command line under "
                              "Apache-2.0.</p>")
                               .arg(QLatin1String(base::kVersion)));
    });
    add(QStringLiteral("palette"), tr("Command palette…"), QKeySequence(tr("Ctrl+K")),
        tr("Find an action, page, plan, domain, score or expert by typing"), [this] { showPalette(); });
    add(QStringLiteral("shortcuts"), tr("Keyboard shortcuts"), QKeySequence(tr("Ctrl+/")),
        tr("All keys of the window and its pages"), [this] { showShortcuts(); });
    add(QStringLiteral("guide"), tr("First steps"), {}, tr("Show the steps from a model to a bundle under the rail"),
        [this] { m_guide->setWanted(true); });
    add(QStringLiteral("manual"), tr("Manual"), QKeySequence::HelpContents, tr("Read the manual"), [this] {
        auto* dialog = new views::ManualDialog(this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->show();
    });
    for (int i = 0; i < m_pages.size(); ++i)
        add(QStringLiteral("page-") + m_keys.at(i), m_pages.at(i)->title(), QKeySequence(Qt::ALT | (Qt::Key_1 + i)),
            tr("Show the page “%1”").arg(m_pages.at(i)->title()), [this, i] { showIndex(i); });
}

void MainWindow::buildMenus()
{
    const auto menu = [this](const QString& title, const QStringList& keys) {
        QMenu* made = menuBar()->addMenu(title);
        for (const QString& key : keys) {
            if (key.isEmpty())
                made->addSeparator();
            else if (QAction* entry = action(key))
                made->addAction(entry);
        }
        return made;
    };
    const auto k = [](const char* key) { return QString::fromLatin1(key); };
    QMenu* file = menu(tr("&File"), {k("open"),
                                     k("open-study"),
                                     k("sample"),
                                     {},
                                     k("export-figure"),
                                     k("export-table"),
                                     k("report"),
                                     {},
                                     k("quit")});
    buildRecentMenu(file);
    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    QAction* undo = m_planner->editor().undoStack()->createUndoAction(this, tr("Undo"));
    undo->setShortcut(QKeySequence::Undo);
    undo->setStatusTip(tr("Take back the last step of the plan"));
    QAction* redo = m_planner->editor().undoStack()->createRedoAction(this, tr("Redo"));
    redo->setShortcuts({QKeySequence(tr("Ctrl+Y")), QKeySequence(tr("Ctrl+Shift+Z"))});
    redo->setStatusTip(tr("Do the step again"));
    edit->addActions({undo, redo});
    addActions({undo, redo});
    edit->addSeparator();
    edit->addAction(action(k("copy")));
    QMenu* view = menuBar()->addMenu(tr("&View"));
    for (const QString& key : m_keys)
        view->addAction(action(QStringLiteral("page-") + key));
    view->addSeparator();
    QAction* jobs = m_jobsDock->toggleViewAction();
    jobs->setStatusTip(tr("Show or hide the jobs"));
    view->addAction(jobs);
    view->addAction(action(k("reset-layout")));
    view->addAction(action(k("next-area")));
    view->addAction(action(k("palette")));
    QMenu* theme = view->addMenu(tr("Theme"));
    auto* group = new QActionGroup(this);
    const std::pair<QString, QString> themes[] = {
        {k("system"), tr("As the desktop")}, {k("light"), tr("Light")}, {k("dark"), tr("Dark")}};
    const QString chosen = QSettings().value(k("theme"), k("system")).toString();
    for (const auto& [id, title] : themes) {
        QAction* entry = theme->addAction(title);
        entry->setStatusTip(tr("Colours of the window"));
        entry->setCheckable(true);
        entry->setChecked(id == chosen);
        group->addAction(entry);
        connect(entry, &QAction::triggered, this, [name = id] {
            QSettings().setValue(QStringLiteral("theme"), name);
            views::Theme::apply(*qApp, views::themeFromName(name));
        });
    }
    buildLanguageMenu(view);
    menu(tr("&Study"), {k("profile"), k("weights"), k("weights-on-opening"), k("import"), k("trace"), {}, k("reload")});
    menu(tr("&Plan"), {k("new-plan"), k("save-plan")});
    menu(tr("&Jobs"), {k("cancel-job")});
    menu(tr("&Help"), {k("manual"), k("guide"), k("shortcuts"), k("about")});
}

void MainWindow::updateActions()
{
    const auto enable = [this](const char* key, bool on) {
        if (QAction* entry = action(QLatin1String(key)))
            entry->setEnabled(on);
    };
    const views::Page* page = currentPage();
    enable("profile", m_session->hasModel());
    enable("reload", m_session->hasModel());
    enable("weights", !m_session->modelFolder().isEmpty());
    enable("import", m_session->hasModel());
    enable("trace", !m_session->modelFolder().isEmpty());
    enable("report", m_session->hasModel());
    enable("export-figure", page->hasFigure());
    enable("export-table", page->hasTable());
    const bool planning = m_planner->editor().ready();
    enable("new-plan", planning);
    enable("save-plan", planning);
}

void MainWindow::runAction(const QString& key)
{
    if (QAction* entry = action(key))
        entry->trigger();
}

void MainWindow::copy()
{
    const QString text = currentPage()->copyText();
    if (!text.isEmpty())
        QApplication::clipboard()->setText(text);
}

void MainWindow::exportFigure()
{
    views::Page* page = currentPage();
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Export figure"), page->proposedFileName() + QStringLiteral(".png"),
                                     tr("Figures (*.png *.svg *.pdf)"));
    if (!path.isEmpty())
        page->showError(page->exportFigure(path));
}

void MainWindow::exportTable()
{
    views::Page* page = currentPage();
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Export table"), page->proposedFileName() + QStringLiteral(".csv"), tr("Tables (*.csv *.tsv *.json)"));
    if (!path.isEmpty())
        page->showError(page->exportTable(path));
}

} // namespace espalier::studio
