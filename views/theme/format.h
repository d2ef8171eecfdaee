// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as the window shows them: the locale decides separators, a thin space groups thousands, a true minus sign, a
// no-break space before units. Values that are not known are an en dash, never 0. Unrounded values go to the clipboard.
#pragma once

#include <QLocale>
#include <QString>

#include <cstdint>

namespace espalier::views::format {

/// The locale in use for numbers; set by the program when the language is chosen.
void setLocale(const QLocale& locale);
[[nodiscard]] const QLocale& locale();

/// "–": not known or not measured.
[[nodiscard]] QString unknown();
/// 38848 -> "38 848" (thin space), −5 with a true minus sign.
[[nodiscard]] QString count(std::int64_t number);
/// Fixed decimals; "–" for NaN and infinities.
[[nodiscard]] QString fixed(double value, int decimals);
/// Significant digits, never in scientific form above 1e-4: 112719.4 -> "112 719", 7.79 -> "7.790" (4 digits).
[[nodiscard]] QString significant(double value, int digits = 4);
/// 64123 -> "64 k", 1.2e6 -> "1.2 M": only where space is short.
[[nodiscard]] QString shortCount(double number);
/// Fraction 0 … 1 -> "9.31 %".
[[nodiscard]] QString percent(double fraction, int decimals = 2);
/// "2.98 ×"
[[nodiscard]] QString ratio(double value);
/// "22.27 MiB" (tables), headline: one decimal.
[[nodiscard]] QString bytes(std::uint64_t size, bool headline = false);
/// The number alone in a given unit, for table columns whose header carries the unit: 1 = KiB, 2 = MiB, 3 = GiB.
[[nodiscard]] QString bytesIn(std::uint64_t size, int unit, int decimals = 2);
[[nodiscard]] QString byteUnit(int unit);
/// Unit that suits the largest of a table's sizes.
[[nodiscard]] int byteUnitFor(std::uint64_t largest);
/// "± 0.07"; empty for NaN.
[[nodiscard]] QString plusMinus(double value, int decimals = 2);
/// KL divergence: 3 digits, then "< 0.001".
[[nodiscard]] QString kl(double value);
/// p value: 3 digits, then "< 0.001".
[[nodiscard]] QString pValue(double value);
/// "41 s", "2 min 03 s", "1 h 05 min".
[[nodiscard]] QString duration(double seconds);
/// Shortest form that reads back as the same number, decimal point, for clipboard and CSV; empty for NaN.
[[nodiscard]] QString exact(double value);

} // namespace espalier::views::format
