// SPDX-License-Identifier: Apache-2.0
// What the study commands say about imported statistics.
#pragma once

#include "core/base/json.h"
#include "core/stats/statistics.h"

#include <string>

namespace espalier::cli {

/// Lines for people about where an imported run comes from: form, files with hash, what it does not hold.
[[nodiscard]] std::string describeSource(const base::OrderedJson& source);

/// Tokens of a domain; null where its source has not counted them.
[[nodiscard]] base::OrderedJson tokensOf(const stats::DomainStats& domain);
/// "  code    1234 tokens in 5 windows"
[[nodiscard]] std::string domainLine(const stats::DomainStats& domain);

/// Adds to a domain's JSON: layers_measured, statistics[], methods[]; of an import also imported_from, and lines for
/// people about what can and cannot be had from it.
void describeAbilities(const stats::DomainStats& domain, base::OrderedJson& json, std::string& text);

} // namespace espalier::cli
