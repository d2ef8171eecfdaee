// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/token_browser.h"

#include "views/theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QTextBlock>
#include <QTextCursor>
#include <QToolTip>

#include <algorithm>

namespace espalier::views {

namespace {

constexpr int kLineHeight = 150; // percent, so that grounds of two lines do not touch

/// A token as it stands in the text. What a document would take for a break of its own is made visible, so that
/// positions stay known.
QString shownToken(const std::string& token)
{
    QString text = QString::fromStdString(token);
    for (QChar& letter : text)
        if (letter == QLatin1Char('\r') || letter == QChar::ParagraphSeparator || letter == QChar::LineSeparator ||
            letter == QChar(0xFDD0) || letter == QChar(0xFDD1))
            letter = QChar(0x240D); // ␍
    return text.replace(QLatin1Char('\n'), QStringLiteral("⏎\n"));
}

} // namespace

std::vector<int> appendTokens(QTextDocument& document, const std::vector<std::string>& tokens, const QColor& color)
{
    QTextCharFormat format;
    format.setFont(Theme::font(TextStyle::Mono));
    format.setForeground(color);
    QTextBlockFormat block;
    block.setLineHeight(kLineHeight, QTextBlockFormat::ProportionalHeight);
    QTextCursor cursor(&document);
    cursor.movePosition(QTextCursor::End);
    cursor.setBlockFormat(block);
    std::vector<int> begins{cursor.position()};
    QString text;
    for (const std::string& token : tokens) {
        text += shownToken(token);
        begins.push_back(begins.front() + static_cast<int>(text.size()));
    }
    cursor.insertText(text, format);
    return begins;
}

void colourTokens(QTextDocument& document, const std::vector<int>& begins, const TokenLooks& looks)
{
    QTextCursor cursor(&document);
    cursor.beginEditBlock();
    for (std::size_t i = 0; i + 1 < begins.size(); ++i) {
        const TokenLook look = looks(i);
        cursor.setPosition(begins[i]);
        cursor.setPosition(begins[i + 1], QTextCursor::KeepAnchor);
        QTextCharFormat format;
        format.setBackground(look.ground.isValid() ? QBrush(look.ground) : QBrush(Qt::NoBrush));
        format.setFontUnderline(look.underlined);
        cursor.mergeCharFormat(format);
    }
    cursor.endEditBlock();
}

TokenBrowser::TokenBrowser(QWidget* parent) : QTextBrowser(parent)
{
    setUndoRedoEnabled(false);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
    setTabChangesFocus(true);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setCursor(Qt::ArrowCursor);
}

void TokenBrowser::setTokens(const std::vector<std::string>& tokens)
{
    document()->clear();
    m_begins = appendTokens(*document(), tokens, Theme::color(ColorRole::Text));
    m_current = tokens.empty() ? -1 : 0;
    moveCursor(QTextCursor::Start);
    showCurrent();
}

void TokenBrowser::setLooks(const TokenLooks& looks)
{
    colourTokens(*document(), m_begins, looks);
}

void TokenBrowser::setNotes(std::function<QString(std::size_t)> notes)
{
    m_notes = std::move(notes);
}

QTextCursor TokenBrowser::cursorOf(int token) const
{
    QTextCursor cursor(document());
    cursor.setPosition(m_begins[static_cast<std::size_t>(token)]);
    cursor.setPosition(m_begins[static_cast<std::size_t>(token) + 1], QTextCursor::KeepAnchor);
    return cursor;
}

QColor TokenBrowser::groundOf(int token) const
{
    QTextCursor cursor = cursorOf(token);
    if (!cursor.hasSelection())
        return {};
    cursor.setPosition(cursor.selectionStart() + 1); // the format of the letter before
    const QBrush brush = cursor.charFormat().background();
    return brush.style() == Qt::NoBrush ? QColor() : brush.color();
}

QPoint TokenBrowser::placeOf(int token) const
{
    QTextCursor begin = cursorOf(token), next = begin;
    begin.setPosition(begin.selectionStart());
    next.setPosition(begin.position() + 1);
    const QRect left = cursorRect(begin), right = cursorRect(next);
    return {(left.left() + (right.left() > left.left() ? right.left() : left.left() + 4)) / 2, left.center().y()};
}

void TokenBrowser::setCurrentToken(int token)
{
    if (token < 0 || token >= count() || token == m_current)
        return;
    m_current = token;
    QTextCursor at(document());
    at.setPosition(m_begins[static_cast<std::size_t>(token)]);
    setTextCursor(at); // scrolls there
    showCurrent();
    emit currentTokenChanged(token);
}

void TokenBrowser::showCurrent()
{
    QList<QTextEdit::ExtraSelection> marks;
    if (m_current >= 0 && hasFocus()) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = cursorOf(m_current);
        mark.format.setBackground(Theme::color(ColorRole::Accent));
        mark.format.setForeground(Theme::color(ColorRole::OnAccent));
        marks << mark;
    }
    setExtraSelections(marks);
}

int TokenBrowser::tokenOfPosition(int position) const
{
    const auto after = std::upper_bound(m_begins.begin(), m_begins.end(), position);
    const auto token = static_cast<int>(after - m_begins.begin()) - 1;
    return token >= count() ? -1 : token;
}

int TokenBrowser::tokenAt(const QPoint& place) const
{
    // The cursor goes to the nearer side of a letter: half of them lie before it.
    QTextCursor cursor = cursorForPosition(place);
    const bool before = cursorRect(cursor).left() > place.x();
    return tokenOfPosition(cursor.position() - (before && !cursor.atBlockStart() ? 1 : 0));
}

int TokenBrowser::onOtherLine(bool down) const
{
    QTextCursor cursor(document());
    cursor.setPosition(m_begins[static_cast<std::size_t>(m_current)]);
    if (!cursor.movePosition(down ? QTextCursor::Down : QTextCursor::Up))
        return m_current;
    return std::max(0, tokenOfPosition(cursor.position()));
}

void TokenBrowser::keyPressEvent(QKeyEvent* event)
{
    if (m_current < 0 || (event->modifiers() & ~Qt::KeypadModifier) != 0) {
        QTextBrowser::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Left:
        setCurrentToken(std::max(0, m_current - 1));
        return;
    case Qt::Key_Right:
        setCurrentToken(std::min(count() - 1, m_current + 1));
        return;
    case Qt::Key_Up:
    case Qt::Key_Down:
        setCurrentToken(onOtherLine(event->key() == Qt::Key_Down));
        return;
    case Qt::Key_Home:
        setCurrentToken(0);
        return;
    case Qt::Key_End:
        setCurrentToken(count() - 1);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        emit tokenChosen(m_current);
        return;
    default:
        QTextBrowser::keyPressEvent(event);
    }
}

void TokenBrowser::mouseReleaseEvent(QMouseEvent* event)
{
    QTextBrowser::mouseReleaseEvent(event);
    const int token = tokenAt(event->position().toPoint());
    if (event->button() != Qt::LeftButton || token < 0 || textCursor().hasSelection())
        return;
    setCurrentToken(token);
    emit tokenChosen(token);
}

void TokenBrowser::focusInEvent(QFocusEvent* event)
{
    QTextBrowser::focusInEvent(event);
    showCurrent();
}

void TokenBrowser::focusOutEvent(QFocusEvent* event)
{
    QTextBrowser::focusOutEvent(event);
    showCurrent();
}

bool TokenBrowser::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !m_notes)
        return QTextBrowser::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int token = tokenAt(help->pos());
    if (token >= 0)
        QToolTip::showText(help->globalPos(), m_notes(static_cast<std::size_t>(token)), this);
    return true;
}

} // namespace espalier::views
