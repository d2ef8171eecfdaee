// SPDX-License-Identifier: GPL-3.0-or-later
// Everything the window can do, found by typing: actions, pages, plans, domains, scores, experts. Up and Down choose,
// Return runs, Escape closes.
#pragma once

#include <QDialog>
#include <QList>

#include <functional>

class QLineEdit;
class QListView;
class QStandardItemModel;

namespace espalier::views {

struct PaletteEntry {
    QString title;
    QString group; ///< "Action", "Plan", "Domain" …
    QString keys;  ///< shortcut, may be empty
    QString tip;
    bool enabled = true;
    std::function<void()> run;
};

class CommandPalette : public QDialog {
    Q_OBJECT
public:
    /// `spoken` makes entries out of what is typed itself (an expert by its number); they stand first.
    CommandPalette(QList<PaletteEntry> entries, std::function<QList<PaletteEntry>(const QString&)> spoken,
                   QWidget* parent = nullptr);

    void setText(const QString& text);
    [[nodiscard]] QStringList shownTitles() const;

protected:
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    void filter();
    void runCurrent();
    QList<PaletteEntry> m_entries, m_shown;
    std::function<QList<PaletteEntry>(const QString&)> m_spoken;
    QLineEdit* m_edit;
    QListView* m_list;
    QStandardItemModel* m_model;
};

} // namespace espalier::views
