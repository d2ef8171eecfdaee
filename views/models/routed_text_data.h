// SPDX-License-Identifier: GPL-3.0-or-later
// A traced text as the window shows it: which experts take most of its tokens in a layer, and a row per token for the
// table twin. Pure functions, any thread.
#pragma once

#include "core/stats/routing_sample.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace espalier::views {

/// Experts that are the first choice of most tokens of a text, most first; at most `most`.
struct TextExpert {
    int expert = 0, tokens = 0;
};
[[nodiscard]] std::vector<TextExpert> leadingExperts(const stats::SampleText& text, std::size_t layer, int topK,
                                                     std::size_t most);
/// Weight that a token gives to an expert; 0 when it did not choose it.
[[nodiscard]] float gateOf(const stats::SampleText& text, std::size_t layer, int topK, std::size_t token, int expert);
/// "domain, document 3 (128 tokens)", and the part where a document has several.
[[nodiscard]] QStringList textNames(const stats::RoutingSample& sample);
/// Header and a line per token: position, text, and expert and weight of every choice.
[[nodiscard]] QString routedTextTsv(const stats::RoutingSample& sample, std::size_t text, std::size_t layer);
/// A token with blanks and line breaks made visible, for lists; says so when it is but a part of a character.
[[nodiscard]] QString visibleToken(const std::string& token);
/// The words around a token, the token itself apart: {before, token, after}.
struct TokenContext {
    QString before, token, after;
};
[[nodiscard]] TokenContext contextOf(const stats::SampleText& text, std::size_t token, int letters);

} // namespace espalier::views
