// SPDX-License-Identifier: GPL-3.0-or-later
// Base of the pages in the window: title line with actions at the right, banner, 4 px progress line, the page's own
// content below, and an empty state that takes the place of the content. A page reads the session's snapshots and
// refreshes on its signals; hidden pages refresh when they are shown.
#pragma once

#include "views/session/session.h"

#include <QList>
#include <QPointer>
#include <QString>
#include <QWidget>

#include <functional>
#include <utility>

class QBoxLayout;
class QLabel;
class QPushButton;

namespace espalier::views {

class Banner;

class Page : public QWidget {
    Q_OBJECT
public:
    /// `title` is translated already.
    Page(Session* session, QString title, QWidget* parent = nullptr);
    ~Page() override;

    [[nodiscard]] QString title() const { return m_title; }
    [[nodiscard]] Session* session() const { return m_session; }
    /// Connects to another session's signals and refreshes.
    void setSession(Session* session);

    /// What the rail says under the page's name: "needs a profile", "12 domains".
    [[nodiscard]] virtual QString stateText() const { return {}; }
    /// False greys the rail entry; the page stays reachable to read why.
    [[nodiscard]] virtual bool usable() const { return true; }
    /// Left side of the status line while the page is shown.
    [[nodiscard]] QString readout() const { return m_readout; }
    /// Right side of the status line: the keys that work here.
    [[nodiscard]] virtual QString keysText() const { return {}; }
    /// Copy as tab separated values (Ctrl+C), empty when there is nothing to copy.
    [[nodiscard]] virtual QString copyText() const { return {}; }
    /// Writes the page's figure to a path chosen by the user (Ctrl+Shift+E); error text or empty.
    [[nodiscard]] virtual QString exportFigure(const QString& path);
    /// Writes the page's table as CSV; error text or empty.
    [[nodiscard]] virtual QString exportTable(const QString& path);
    [[nodiscard]] virtual bool hasFigure() const { return false; }
    [[nodiscard]] virtual bool hasTable() const { return false; }
    /// File name without ending that export dialogs propose.
    [[nodiscard]] virtual QString proposedFileName() const;

    /// A banner under the title: what, which file, why, what to do. Empty hides it.
    void showError(const QString& text);
    /// The same place for something that is no error, with what can be done about it; choosing one closes it.
    void showNote(const QString& text, const QList<std::pair<QString, std::function<void()>>>& actions);
    /// Shown in place of the content; `action` may be empty. showContent() goes back.
    void showEmpty(const QString& sentence, const QString& action = {}, std::function<void()> run = {});
    void showContent();
    [[nodiscard]] bool isEmptyShown() const;

signals:
    void stateChanged();
    void readoutChanged(const QString& text);
    /// Asks the window to go to another page by its key: "start", "overview", "planner", "validation", "export".
    void pageRequested(const QString& key);
    /// Asks the window to run one of its actions: "profile", "open", "sample".
    void actionRequested(const QString& key);

protected:
    /// Rebuilds what is shown from the session. Called when the page is shown and the session has changed, never while
    /// hidden.
    virtual void refresh() = 0;
    /// Marks the page as out of date: refreshes now when visible, else when shown.
    void invalidate();
    void setReadout(const QString& text);
    void setSubtitle(const QString& text);
    /// Right part of the title line, for buttons.
    [[nodiscard]] QBoxLayout* titleActions() const { return m_titleActions; }
    /// Parent and layout of the page's own widgets.
    [[nodiscard]] QWidget* content() const { return m_content; }
    [[nodiscard]] QBoxLayout* contentLayout() const { return m_contentLayout; }
    [[nodiscard]] QWidget* emptyView() const { return m_empty; }

    void showEvent(QShowEvent* event) override;

private:
    QPointer<Session> m_session;
    QString m_title;
    QString m_readout;
    bool m_stale = true;
    QLabel* m_subtitle = nullptr;
    QBoxLayout* m_titleActions = nullptr;
    Banner* m_banner = nullptr;
    QWidget* m_content = nullptr;
    QBoxLayout* m_contentLayout = nullptr;
    QWidget* m_empty = nullptr;
    QLabel* m_emptyText = nullptr;
    QPushButton* m_emptyAction = nullptr;
    std::function<void()> m_emptyRun;
};

} // namespace espalier::views
