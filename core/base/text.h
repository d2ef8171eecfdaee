// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them in tables, messages and reports. Always with a decimal point, independent of the locale,
// so that outputs of two machines compare equal; the window formats its own numbers with QLocale.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace espalier::base {

/// 1234567 -> "1,234,567".
[[nodiscard]] std::string withThousands(std::uint64_t number);

/// 30532122624 -> "30.5 B", 1310720 -> "1.31 M", 950 -> "950": three significant digits, for parameters and tokens.
[[nodiscard]] std::string formatCount(std::uint64_t number);

/// "0.4 s", "12 s", "2 min 03 s", "1 h 05 min", "3 d 04 h"; "?" for negative (unknown) values.
[[nodiscard]] std::string formatDuration(double seconds);

/// Unsigned decimal integer without sign, spaces or leading zeros ("0" itself is fine); false for anything else and for
/// values over `largest`. For numbers inside tensor names and option values.
[[nodiscard]] bool parseIndex(std::string_view text, std::int32_t& value, std::int32_t largest = 0x7fffffff);

} // namespace espalier::base
