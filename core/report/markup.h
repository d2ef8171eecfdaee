// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace espalier::report {

/// Text for HTML and SVG: the five reserved characters escaped; what XML 1.0 cannot hold at all (bytes that are no
/// UTF-8, control characters) becomes U+FFFD. Names come from files that anyone may have written.
[[nodiscard]] std::string markup(std::string_view text);

} // namespace espalier::report
