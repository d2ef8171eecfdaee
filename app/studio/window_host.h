// SPDX-License-Identifier: GPL-3.0-or-later
// Owns the window, and makes it anew in another language: texts are set where widgets are made, so a new window is the
// one way in which none can be forgotten. Model, study, page, place and size stay.
#pragma once

#include "app/studio/main_window.h"

#include <memory>

namespace espalier::studio {

/// Installs the texts of `code` ("" = the desktop's) and the way numbers are written. Returns the code in use.
QString applyLanguage(const QString& code);

class WindowHost : public QObject {
    Q_OBJECT
public:
    WindowHost();
    /// The window in use; another one after a language was chosen.
    [[nodiscard]] MainWindow& window() { return *m_window; }
    void show() { m_window->show(); }

signals:
    void windowReplaced();

private:
    void make();
    void replace(const QString& code);
    std::unique_ptr<MainWindow> m_window;
};

} // namespace espalier::studio
