// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/window_host.h"

#include "translations/language.h"
#include "views/pages/page.h"
#include "views/theme/format.h"

#include <QLocale>

namespace espalier::studio {

QString applyLanguage(const QString& code)
{
    const QString language = installLanguage(code);
    // Numbers follow the system where it speaks the window's language, else the window's language.
    const QLocale system = QLocale::system();
    views::format::setLocale(system.name().startsWith(language) ? system : QLocale(language));
    return language;
}

WindowHost::WindowHost()
{
    make();
}

void WindowHost::make()
{
    m_window = std::make_unique<MainWindow>();
    // Queued: the window is not replaced while its own menu is still at work.
    connect(m_window.get(), &MainWindow::languageChosen, this, &WindowHost::replace, Qt::QueuedConnection);
}

void WindowHost::replace(const QString& code)
{
    const QString folder = m_window->session().modelFolder(), study = m_window->session().studyPath();
    const bool opened = m_window->session().hasModel(), shown = m_window->isVisible();
    const QByteArray geometry = m_window->saveGeometry();
    QString page;
    for (const QString& key : m_window->pageKeys())
        if (m_window->page(key) == m_window->currentPage())
            page = key;
    m_window.reset();
    applyLanguage(code);
    make();
    m_window->restoreGeometry(geometry);
    m_window->showPage(page);
    if (shown)
        m_window->show();
    if (opened && !folder.isEmpty())
        m_window->session().openModel(folder, study);
    else if (opened)
        m_window->open(study);
    emit windowReplaced();
}

} // namespace espalier::studio
