// SPDX-License-Identifier: GPL-3.0-or-later
// Names of methods, allocators and protectors in the user's language. The core's own titles are English; an id that is
// not listed here (a newly added method) shows the core's title.
#pragma once

#include <QString>

#include <string_view>

namespace espalier::views {

[[nodiscard]] QString methodTitle(std::string_view id);
/// One line saying what the score is, for people; the paper stands in methodPaper.
[[nodiscard]] QString methodMeaning(std::string_view id);
[[nodiscard]] QString methodPaper(std::string_view id);
[[nodiscard]] QString allocatorTitle(std::string_view id);
[[nodiscard]] QString allocatorMeaning(std::string_view id);
[[nodiscard]] QString protectorTitle(std::string_view id);

} // namespace espalier::views
