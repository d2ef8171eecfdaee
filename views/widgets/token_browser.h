// SPDX-License-Identifier: GPL-3.0-or-later
// Running text made of tokens, each with a ground of its own and a note; a token is chosen by click, or by arrows and
// Enter. Tab leaves.
#pragma once

#include <QTextBrowser>

#include <functional>
#include <string>
#include <vector>

namespace espalier::views {

struct TokenLook {
    QColor ground; ///< invalid = none
    bool underlined = false;
};
using TokenLooks = std::function<TokenLook(std::size_t token)>;

/// Appends the tokens to a document, line breaks shown; where each begins, and the end.
std::vector<int> appendTokens(QTextDocument& document, const std::vector<std::string>& tokens, const QColor& color);
void colourTokens(QTextDocument& document, const std::vector<int>& begins, const TokenLooks& looks);

class TokenBrowser : public QTextBrowser {
    Q_OBJECT
public:
    explicit TokenBrowser(QWidget* parent = nullptr);

    /// Another text; the cursor goes to its first token.
    void setTokens(const std::vector<std::string>& tokens);
    /// Other colours for the same text.
    void setLooks(const TokenLooks& looks);
    /// What a token's tooltip says.
    void setNotes(std::function<QString(std::size_t token)> notes);
    [[nodiscard]] int currentToken() const { return m_current; } ///< -1 without tokens
    void setCurrentToken(int token);
    /// Background of a token; invalid when it has none.
    [[nodiscard]] QColor groundOf(int token) const;
    /// Middle of a token in the viewport.
    [[nodiscard]] QPoint placeOf(int token) const;

signals:
    void currentTokenChanged(int token);
    void tokenChosen(int token);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    [[nodiscard]] int count() const { return static_cast<int>(m_begins.size()) - 1; }
    [[nodiscard]] int tokenAt(const QPoint& place) const;
    [[nodiscard]] int tokenOfPosition(int position) const;
    [[nodiscard]] int onOtherLine(bool down) const;
    [[nodiscard]] QTextCursor cursorOf(int token) const;
    void showCurrent();

    std::vector<int> m_begins{0};
    int m_current = -1;
    std::function<QString(std::size_t)> m_notes;
};

} // namespace espalier::views
