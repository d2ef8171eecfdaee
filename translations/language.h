// SPDX-License-Identifier: GPL-3.0-or-later
// The window's language. Installed before the widgets that shall speak it are made. GUI thread.
#pragma once

#include <QString>
#include <QStringList>

namespace espalier {

/// Codes of the languages in the program: "de", "en", "es", "fr", "zh" (simplified).
[[nodiscard]] QStringList languages();
/// What the language calls itself.
[[nodiscard]] QString languageName(const QString& code);
/// Installs the catalogue of `code` ("de", "de_AT"; empty = the system's) and Qt's own texts. A language that is not in
/// the program gives English. Returns the code in use.
QString installLanguage(const QString& code = {});

} // namespace espalier
