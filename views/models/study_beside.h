// SPDX-License-Identifier: GPL-3.0-or-later
// Another study beside the open one, so that what two runs measured can be compared: before and after other texts,
// other arithmetic, another training of the same model. Any thread.
#pragma once

#include "core/base/result.h"
#include "core/stats/statistics.h"

#include <memory>
#include <string>

namespace espalier::views {

/// The domains of both, with sums per expert only; those of `other` are called "name (label)". BadInput, naming the
/// difference, for other layers, experts, top-k or another tokenizer: their counts mean something else.
[[nodiscard]] Result<std::shared_ptr<const stats::Statistics>>
besideStudy(const stats::Statistics& own, const stats::Statistics& other, const std::string& label);

/// Reads a study file and puts it beside `own`; the label is the file's name.
[[nodiscard]] Result<std::shared_ptr<const stats::Statistics>>
besideStudyFile(const std::shared_ptr<const stats::Statistics>& own, const std::string& path);

} // namespace espalier::views
