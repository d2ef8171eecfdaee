// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace espalier::base {

/// A word as a POSIX shell reads it back: in single quotes unless it is of harmless characters only.
[[nodiscard]] std::string shellQuoted(const std::string& word);

} // namespace espalier::base
