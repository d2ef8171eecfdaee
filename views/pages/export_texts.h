// SPDX-License-Identifier: GPL-3.0-or-later
// Commands and names on the export page: how engines load a bundle, checks in the user's language.
#pragma once

#include <QCoreApplication>
#include <QString>

namespace espalier::views {

class ExportTexts {
    Q_DECLARE_TR_FUNCTIONS(espalier::views::ExportTexts)
public:
    enum Engine { Transformers, Vllm, LlamaCpp };
    /// Code or command that loads the folder.
    [[nodiscard]] static QString loadCommand(Engine engine, const QString& folder);
    /// Name of a check of core/bundle in the user's language; unknown ones as they are.
    [[nodiscard]] static QString checkName(const QString& name);
    /// Shell words, quoted where needed, one option per line.
    [[nodiscard]] static QString shellCommand(const QStringList& arguments);
};

} // namespace espalier::views
