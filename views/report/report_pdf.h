// SPDX-License-Identifier: GPL-3.0-or-later
// A report as PDF: A4 landscape, figures as vectors, long twins of figures left out. Any thread, also without a window
// (a QGuiApplication must live, for the fonts).
#pragma once

#include "core/base/result.h"
#include "core/report/document.h"

#include <QString>

namespace espalier::views {

/// Writes to a temporary sibling and renames. Errors name the file.
[[nodiscard]] Result<void> writeReportPdf(const report::Document& document, const QString& path);

/// Reads the study and writes its report in the window's language, as PDF when the name ends so, else as HTML. Any
/// thread.
[[nodiscard]] Result<void> writeReport(const QString& study, const QString& path);

} // namespace espalier::views
