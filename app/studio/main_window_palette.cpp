// SPDX-License-Identifier: GPL-3.0-or-later
// What the command palette finds, and the list of shortcuts.
#include "app/studio/main_window.h"

#include "core/method/score.h"
#include "views/dialogs/shortcuts_dialog.h"
#include "views/pages/overview_page.h"
#include "views/pages/planner_page.h"
#include "views/plan/method_texts.h"
#include "views/plots/heatmap_widget.h"
#include "views/widgets/command_palette.h"

#include <QAction>
#include <QRegularExpression>
#include <QShortcut>

namespace espalier::studio {
namespace {

/// Menu texts carry an ampersand for their letter and an ellipsis for a dialog.
QString plain(QString text)
{
    return text.remove(QLatin1Char('&'));
}

} // namespace

bool MainWindow::showExpert(int layer, int expert)
{
    showPage(QStringLiteral("overview"));
    views::HeatmapWidget* map = m_overview->heatmap();
    const int row = map->rowOf(layer);
    if (!m_overview->usable() || row < 0 || expert < 0 || !m_session->model() || expert >= m_session->model()->experts)
        return false;
    m_overview->showTable(false);
    map->setFocus();
    map->setCursorCell(row, expert);
    return true;
}

QList<views::PaletteEntry> MainWindow::paletteEntries()
{
    QList<views::PaletteEntry> entries;
    for (int i = 0; i < m_pages.size(); ++i)
        entries << views::PaletteEntry{
            m_pages.at(i)->title(),
            tr("Page"),
            action(QStringLiteral("page-") + m_keys.at(i))->shortcut().toString(QKeySequence::NativeText),
            m_pages.at(i)->stateText(),
            true,
            [this, i] { showIndex(i); }};
    QStringList keys = m_actions.keys();
    keys.sort();
    for (const QString& key : std::as_const(keys)) {
        QAction* entry = m_actions.value(key);
        if (key.startsWith(QLatin1String("page-")) || key == QLatin1String("palette"))
            continue;
        entries << views::PaletteEntry{
            plain(entry->text()), tr("Action"),       entry->shortcut().toString(QKeySequence::NativeText),
            entry->statusTip(),   entry->isEnabled(), [entry] { entry->trigger(); }};
    }
    for (const auto& plan : m_session->plans()) {
        const QString name = QString::fromStdString(plan.name);
        entries << views::PaletteEntry{name, tr("Plan"), {}, tr("Open this plan in the planner"), true, [this, name] {
                                           showPage(QStringLiteral("planner"));
                                           m_planner->openPlan(name);
                                       }};
    }
    if (m_overview->usable())
        for (const auto& domain : m_session->statistics()->domains) {
            const QString name = QString::fromStdString(domain.name);
            entries << views::PaletteEntry{
                name, tr("Domain"), {}, tr("Show this domain in the overview"), true, [this, name] {
                    showPage(QStringLiteral("overview"));
                    m_overview->chooseDomain(name);
                }};
        }
    if (m_planner->editor().ready())
        for (const auto& method : method::scoreMethods())
            entries << views::PaletteEntry{views::methodTitle(method.id),
                                           tr("Score"),
                                           {},
                                           views::methodMeaning(method.id),
                                           true,
                                           [this, id = std::string(method.id)] {
                                               showPage(QStringLiteral("planner"));
                                               m_planner->editor().setMethod(id);
                                           }};
    return entries;
}

QList<views::PaletteEntry> MainWindow::spokenEntries(const QString& typed)
{
    static const QRegularExpression form(
        QStringLiteral("^\\s*[Ll]?\\s*(\\d{1,4})\\s*[,.: ]*\\s*[Ee]?\\s*(\\d{1,5})\\s*$"));
    static const QRegularExpression apart(QStringLiteral("\\d[^\\d]+\\d")); // "12" alone is no expert
    const auto match = form.match(typed);
    if (!match.hasMatch() || !apart.match(typed).hasMatch())
        return {};
    const int layer = match.captured(1).toInt(), expert = match.captured(2).toInt();
    const bool there = m_overview->usable() && m_session->model() &&
                       m_session->model()->moePosition(LayerIndex(layer)) >= 0 && expert < m_session->model()->experts;
    return {{tr("Layer %1, expert %2").arg(layer).arg(expert),
             tr("Expert"),
             {},
             there ? tr("Show this expert in the overview") : tr("The study has no such expert"),
             there,
             [this, layer, expert] { showExpert(layer, expert); }}};
}

void MainWindow::showPalette()
{
    auto* palette = new views::CommandPalette(
        paletteEntries(), [this](const QString& typed) { return spokenEntries(typed); }, this);
    palette->setAttribute(Qt::WA_DeleteOnClose);
    palette->open();
}

void MainWindow::showShortcuts()
{
    QList<views::ShortcutLine> lines;
    QList<QAction*> sorted = actions();
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const QAction* a, const QAction* b) { return a->text() < b->text(); });
    for (const QAction* entry : std::as_const(sorted))
        for (const QKeySequence& keys : entry->shortcuts())
            lines << views::ShortcutLine{keys.toString(QKeySequence::NativeText), plain(entry->text()),
                                         tr("everywhere")};
    const std::pair<QString, QString> map[] = {
        {tr("Arrows"), tr("Move the cursor")},
        {tr("Home, End"), tr("First and last expert")},
        {tr("Page Up, Page Down"), tr("Eight layers up and down")},
        {tr("Return"), tr("Open what the cursor stands on")},
        {tr("Space"), tr("Keep or drop the expert (planner)")},
        {tr("L"), tr("Lock or unlock the expert (planner)")},
    };
    for (const auto& [keys, does] : map)
        lines << views::ShortcutLine{keys, does, tr("maps")};
    for (const views::Page* page : std::as_const(m_pages))
        for (const QShortcut* shortcut : page->findChildren<QShortcut*>())
            if (!shortcut->whatsThis().isEmpty())
                lines << views::ShortcutLine{shortcut->key().toString(QKeySequence::NativeText), shortcut->whatsThis(),
                                             page->title()};
    auto* dialog = new views::ShortcutsDialog(lines, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

} // namespace espalier::studio
