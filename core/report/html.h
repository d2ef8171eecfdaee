// SPDX-License-Identifier: Apache-2.0
// A report as one HTML page that needs nothing else: no script, no network, figures inline. Well-formed as XML, too.
#pragma once

#include "core/report/document.h"

#include <string>

namespace espalier::report {

/// Light and dark follow the reader's system; printed it is always light. Everything is escaped here, figures excepted.
[[nodiscard]] std::string toHtml(const Document& document);

} // namespace espalier::report
