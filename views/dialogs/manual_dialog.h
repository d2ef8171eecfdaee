// SPDX-License-Identifier: GPL-3.0-or-later
// The manual, compiled into the program: pages at the left, text at the right, links and a way back.
#pragma once

#include <QDialog>

class QListWidget;
class QTextBrowser;

namespace espalier::views {

class ManualDialog : public QDialog {
    Q_OBJECT
public:
    explicit ManualDialog(QWidget* parent = nullptr);

    /// "planner", "concepts", …; an unknown name shows the first page.
    void showPage(const QString& name);
    [[nodiscard]] QString page() const;
    /// Names of all pages, in the order of the list.
    [[nodiscard]] static QStringList pages();

private:
    void sourceChanged();
    QListWidget* m_list;
    QTextBrowser* m_text;
};

} // namespace espalier::views
