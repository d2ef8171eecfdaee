// SPDX-License-Identifier: GPL-3.0-or-later
// The validation page's answers: what the whole model and a plan say to the same prompt, side by side, differing words
// marked. Each answer is an `espalier generate` job; the base's answer is kept and asked for once.
#pragma once

#include "views/session/session.h"

#include <QHash>
#include <QWidget>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTextBrowser;

namespace espalier::views {

class NumberBox;
struct AnswerPair {
    QString prompt, plan;
    int maxTokens = 0;
    QString base, cut; ///< empty until they are there
    QString expected;  ///< of the task's item; empty for prompts typed by hand
    QString fault;     ///< why there is no answer
    bool baseDone = false, cutDone = false;
};

class AnswersPanel : public QWidget {
    Q_OBJECT
public:
    explicit AnswersPanel(QWidget* parent = nullptr);

    /// Plans and example prompts of the session; answers of another model are thrown away.
    void setSession(Session* session);
    void choosePlan(const QString& name);
    void setPrompt(const QString& text);
    /// Starts what is missing: the base's answer, the plan's answer.
    void ask();
    [[nodiscard]] const std::vector<AnswerPair>& answers() const { return m_answers; }
    /// Prompts with both answers, tab separated, one per line.
    [[nodiscard]] QString toTsv() const;

signals:
    void answersChanged();

private:
    [[nodiscard]] QLayout* buildQuestion();
    void readExamples();
    void start(std::size_t pair, bool base);
    void finished(std::size_t pair, bool base, const Job& job);
    void showAnswers();
    void showReady();
    [[nodiscard]] QString toHtml(const AnswerPair& pair) const;

    Session* m_session = nullptr;
    QString m_model; ///< folder the answers belong to
    std::vector<AnswerPair> m_answers;
    QHash<QString, QString> m_expected; ///< prompt -> answer of the task
    QComboBox* m_plan;
    QComboBox* m_examples;
    QPlainTextEdit* m_prompt;
    NumberBox* m_tokens;
    QPushButton* m_ask;
    QTextBrowser* m_view;
};

} // namespace espalier::views
