// SPDX-License-Identifier: GPL-3.0-or-later
// Two texts word by word: what both have, and what only one has.
#pragma once

#include <QString>

#include <utility>
#include <vector>

namespace espalier::views {

struct TextPiece {
    QString text;
    bool same = true;
    bool operator==(const TextPiece&) const = default;
};
using TextPieces = std::vector<TextPiece>;

/// Longest common sequence of words; white space belongs to the word before it. The pieces of each side joined are that
/// text again. Of very long texts only the first kWordLimit words are matched, the rest counts as different.
[[nodiscard]] std::pair<TextPieces, TextPieces> textDifference(const QString& left, const QString& right);
inline constexpr std::size_t kWordLimit = 2000;

/// The pieces as HTML, what differs marked with <b> in the colour (red alone says nothing to many).
[[nodiscard]] QString markedHtml(const TextPieces& pieces, const QString& color);

} // namespace espalier::views
