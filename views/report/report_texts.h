// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a report in the window's language. Any thread, while the language stays as it is.
#pragma once

#include "core/report/texts.h"

#include <QStringList>

#include <string>

namespace espalier::views {

[[nodiscard]] report::Texts reportTexts();
/// "de", for the reader's browser.
[[nodiscard]] std::string reportLanguage();
/// The English texts that the catalogues hold.
[[nodiscard]] QStringList reportSources();

} // namespace espalier::views
