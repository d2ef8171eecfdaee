// SPDX-License-Identifier: GPL-3.0-or-later
// One message under a page's title instead of a modal box: what, which file, why, what to do; can be copied and closed.
#pragma once

#include <QFrame>
#include <QList>
#include <QString>

#include <functional>
#include <utility>

class QBoxLayout;
class QLabel;
class QPushButton;

namespace espalier::views {

class Banner : public QFrame {
    Q_OBJECT
public:
    enum class Kind { Error, Warning, Note };
    explicit Banner(QWidget* parent = nullptr);

    /// Long details (a log) stay folded until asked for. `word` stands beside the colour, for what is no error.
    void showMessage(Kind kind, const QString& text, const QString& details = {}, const QString& word = {});
    void clear();
    /// As clear(), but a note that waits for an answer stays.
    void clearError();
    /// Buttons of the present message; choosing one closes it.
    void setActions(const QList<std::pair<QString, std::function<void()>>>& actions);
    [[nodiscard]] QString text() const;
    [[nodiscard]] QString details() const { return m_details; }

private:
    QString m_details;
    QLabel* m_mark = nullptr;
    QLabel* m_text = nullptr;
    QLabel* m_detailsLabel = nullptr;
    QPushButton* m_more = nullptr;
    QBoxLayout* m_actionLine = nullptr;
    QList<QPushButton*> m_actions;
};

} // namespace espalier::views
