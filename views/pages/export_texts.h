// SPDX-License-Identifier: GPL-3.0-or-later
// Commands and names on the export page: how engines load a bundle, checks in the user's language.
#pragma once

#include "core/bundle/targets.h"

#include <QCoreApplication>
#include <QString>
#include <QStringList>

namespace espalier::views {

class ExportTexts {
    Q_DECLARE_TR_FUNCTIONS(espalier::views::ExportTexts)
public:
    /// Code or command that loads the folder. `gguf`: the bundle is a GGUF file; `remoteCode`: it brings a modelling
    /// file.
    [[nodiscard]] static QString loadCommand(bundle::Target target, const QString& folder, bool gguf = false,
                                             bool remoteCode = false);
    /// Command that runs the whole model with experts of some layers in main memory. `gguf`: the file, or empty.
    [[nodiscard]] static QString placeCommand(const QString& model, const QString& gguf, const QString& override);
    /// Name of a check of core/bundle in the user's language; unknown ones as they are.
    [[nodiscard]] static QString checkName(const QString& name);
    /// What a check found, in the user's language; sentences that are not known (of rare failures) as they are.
    [[nodiscard]] static QString found(const QString& detail);
    /// True when found() knows the sentence.
    [[nodiscard]] static bool isKnown(const QString& detail);
    /// Shell words, quoted where needed, one option per line.
    [[nodiscard]] static QString shellCommand(const QStringList& arguments);
};

} // namespace espalier::views
