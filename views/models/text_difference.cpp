// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/models/text_difference.h"

#include <QStringList>

#include <algorithm>
#include <cstdint>

namespace espalier::views {

namespace {

QStringList words(const QString& text)
{
    QStringList list;
    qsizetype begin = 0;
    for (qsizetype i = 1; i <= text.size(); ++i)
        if (i == text.size() || (text.at(i - 1).isSpace() && !text.at(i).isSpace())) {
            list << text.mid(begin, i - begin);
            begin = i;
        }
    return list;
}

void append(TextPieces& pieces, const QString& text, bool same)
{
    if (!pieces.empty() && pieces.back().same == same)
        pieces.back().text += text;
    else
        pieces.push_back({text, same});
}

/// White space behind the last word is no difference worth red.
bool equal(const QString& a, const QString& b)
{
    return a == b || a.trimmed() == b.trimmed();
}

} // namespace

std::pair<TextPieces, TextPieces> textDifference(const QString& left, const QString& right)
{
    const QStringList a = words(left), b = words(right);
    const std::size_t n = std::min<std::size_t>(static_cast<std::size_t>(a.size()), kWordLimit);
    const std::size_t m = std::min<std::size_t>(static_cast<std::size_t>(b.size()), kWordLimit);
    // length[i][j]: words that a from i and b from j have in common, in order
    std::vector<std::uint16_t> length((n + 1) * (m + 1), 0);
    const auto at = [&](std::size_t i, std::size_t j) -> std::uint16_t& { return length[i * (m + 1) + j]; };
    const auto word = [](const QStringList& list, std::size_t i) { return list.at(static_cast<qsizetype>(i)); };
    for (std::size_t i = n; i-- > 0;)
        for (std::size_t j = m; j-- > 0;)
            at(i, j) = equal(word(a, i), word(b, j)) ? static_cast<std::uint16_t>(at(i + 1, j + 1) + 1)
                                                     : std::max(at(i + 1, j), at(i, j + 1));
    std::pair<TextPieces, TextPieces> result;
    std::size_t i = 0, j = 0;
    while (i < n || j < m) {
        if (i < n && j < m && equal(word(a, i), word(b, j))) {
            append(result.first, word(a, i++), true);
            append(result.second, word(b, j++), true);
        } else if (j >= m || (i < n && at(i + 1, j) >= at(i, j + 1)))
            append(result.first, word(a, i++), false);
        else
            append(result.second, word(b, j++), false);
    }
    for (auto k = static_cast<qsizetype>(n); k < a.size(); ++k)
        append(result.first, a.at(k), false);
    for (auto k = static_cast<qsizetype>(m); k < b.size(); ++k)
        append(result.second, b.at(k), false);
    return result;
}

QString markedHtml(const TextPieces& pieces, const QString& color)
{
    QString html;
    for (const TextPiece& piece : pieces) {
        QString text = piece.text.toHtmlEscaped();
        text.replace(QLatin1Char('\n'), QStringLiteral("<br/>"));
        html += piece.same ? text : QStringLiteral("<b style=\"color:%1\">%2</b>").arg(color, text);
    }
    return html;
}

} // namespace espalier::views
