// SPDX-License-Identifier: Apache-2.0
// The report of a study: model, what was measured, plans, validations, where everything comes from and the commands
// that repeat it. Every number is the study's own. English, like everything the command line writes, unless a reader's
// words are given.
#pragma once

#include "core/base/result.h"
#include "core/report/document.h"
#include "core/report/texts.h"
#include "core/study/study.h"

#include <string>
#include <vector>

namespace espalier::report {

/// A domain breaks above this mean KL divergence (nats per token), or when a task loses more than this share of its
/// items and the paired test says that it is no accident: the limits of the window's validation page.
inline constexpr double kKlLimit = 0.2, kAccuracyDrop = 0.05, kSignificance = 0.05;

struct ReportRequest {
    std::string method = "frequency"; ///< score of the maps and of the experts that are named
    std::vector<std::string> domains; ///< domains that get a map; empty = all
    Texts texts;
    std::string language = "en"; ///< that of the texts
};

/// Reads the study and writes nothing. Usage error for an unknown method or domain. A plan that does not fit the
/// study's model is named with the reason instead of shown. What was not measured is said, never filled in. The
/// study's thread.
[[nodiscard]] Result<Document> makeReport(const study::Study& study, const ReportRequest& request = {});

} // namespace espalier::report
