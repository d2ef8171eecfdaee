// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/fuzzy_match.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace espalier::views {
namespace {

constexpr int kWordBegin = 12, kSideBySide = 16, kLetter = 1, kNever = std::numeric_limits<int>::min() / 2;

bool beginsWord(const QString& text, qsizetype at)
{
    return at == 0 || (text[at].isLetterOrNumber() && !text[at - 1].isLetterOrNumber());
}

} // namespace

int fuzzyScore(const QString& typed, const QString& text)
{
    QString letters = typed.toCaseFolded();
    letters.removeIf([](QChar c) { return c.isSpace(); });
    const QString in = text.toCaseFolded();
    if (letters.isEmpty())
        return 0;
    // best[i]: best score with the letters so far, the last of them at i
    std::vector<int> best(static_cast<std::size_t>(in.size()), kNever), next(best);
    for (qsizetype l = 0; l < letters.size(); ++l) {
        int before = l == 0 ? 0 : kNever; // best of all places left of the one before
        for (qsizetype i = 0; i < in.size(); ++i) {
            const auto at = static_cast<std::size_t>(i);
            next[at] = kNever;
            if (in[i] == letters[l]) {
                const int side = l > 0 && i > 0 ? best[at - 1] + kSideBySide : kNever;
                const int reached = std::max(before, side);
                if (reached > kNever / 2)
                    next[at] = reached + kLetter + (beginsWord(in, i) ? kWordBegin : 0);
            }
            if (l > 0)
                before = std::max(before, best[at]);
        }
        best.swap(next);
    }
    const int score = best.empty() ? kNever : *std::max_element(best.begin(), best.end());
    // Of equal matches the shorter text says less besides
    return score <= kNever / 2 ? -1 : score * 256 + std::max<int>(0, 255 - static_cast<int>(in.size()));
}

} // namespace espalier::views
