// SPDX-License-Identifier: GPL-3.0-or-later
// How well a few typed letters name something: letters in order, better at the beginnings of words and side by side.
#pragma once

#include <QString>

namespace espalier::views {

/// −1 when `typed` is not contained letter by letter, in order and without regard to case, spaces and accents' case;
/// else larger is better. Nothing typed matches everything with 0.
[[nodiscard]] int fuzzyScore(const QString& typed, const QString& text);

} // namespace espalier::views
