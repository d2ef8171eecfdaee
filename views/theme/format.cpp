// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme/format.h"

#include <QCoreApplication>

#include <array>
#include <cmath>
#include <limits>

namespace espalier::views::format {
namespace {

constexpr QChar kThin(0x2009);
constexpr QChar kNoBreak(0x00A0);
constexpr QChar kMinus(0x2212);

QLocale& current()
{
    static QLocale value = [] {
        QLocale l(QLocale::English, QLocale::UnitedStates);
        return l;
    }();
    return value;
}

/// Replaces the locale's group separator by a thin space and the hyphen by a minus sign. `text` was made without
/// grouping.
QString dress(QString text)
{
    const QString point = current().decimalPoint();
    const bool negative = text.startsWith(current().negativeSign()) || text.startsWith(QLatin1Char('-'));
    if (negative)
        text.remove(0, text.startsWith(QLatin1Char('-')) ? 1 : current().negativeSign().size());
    const auto pointAt = text.indexOf(point);
    const auto integers = pointAt < 0 ? text.size() : pointAt;
    for (auto at = integers - 3; at > 0; at -= 3)
        text.insert(at, kThin);
    if (negative)
        text.prepend(kMinus);
    return text;
}

QString plain(double value, int decimals)
{
    QLocale l = current();
    l.setNumberOptions(QLocale::OmitGroupSeparator);
    // −0.00 is 0.00
    const double scale = std::pow(10.0, decimals);
    if (std::abs(value) * scale < 0.5)
        value = 0;
    return l.toString(value, 'f', decimals);
}

} // namespace

void setLocale(const QLocale& value)
{
    current() = value;
    QLocale::setDefault(value); // spin boxes and what Qt writes by itself
}

const QLocale& locale()
{
    return current();
}

QString unknown()
{
    return QStringLiteral("–");
}

QString count(std::int64_t number)
{
    QLocale l = current();
    l.setNumberOptions(QLocale::OmitGroupSeparator);
    return dress(l.toString(static_cast<qlonglong>(number)));
}

QString fixed(double value, int decimals)
{
    return std::isfinite(value) ? dress(plain(value, decimals)) : unknown();
}

QString significant(double value, int digits)
{
    if (!std::isfinite(value))
        return unknown();
    if (value == 0)
        return fixed(0, 0);
    const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(value))));
    if (magnitude < -4) {
        QLocale l = current();
        return l.toString(value, 'e', digits - 1).replace(QLatin1Char('-'), kMinus);
    }
    return fixed(value, std::max(0, digits - 1 - magnitude));
}

QString shortCount(double number)
{
    if (!std::isfinite(number))
        return unknown();
    static constexpr std::array<const char*, 4> kUnits{"", "k", "M", "G"};
    std::size_t unit = 0;
    double value = number;
    while (std::abs(value) >= 999.5 && unit + 1 < kUnits.size()) {
        value /= 1000;
        ++unit;
    }
    const int decimals = unit > 0 && std::abs(value) < 9.95 ? 1 : 0;
    QString text = fixed(value, decimals);
    if (unit > 0)
        text += kNoBreak + QLatin1String(kUnits.at(unit));
    return text;
}

QString percent(double fraction, int decimals)
{
    return std::isfinite(fraction) ? fixed(fraction * 100, decimals) + kNoBreak + QLatin1Char('%') : unknown();
}

QString ratio(double value)
{
    return std::isfinite(value) ? fixed(value, 2) + kNoBreak + QChar(0x00D7) : unknown();
}

QString byteUnit(int unit)
{
    static constexpr std::array<const char*, 5> kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
    return QLatin1String(kUnits.at(static_cast<std::size_t>(unit)));
}

int byteUnitFor(std::uint64_t largest)
{
    int unit = 0;
    double value = static_cast<double>(largest);
    while (value >= 1024 && unit < 4) {
        value /= 1024;
        ++unit;
    }
    return unit;
}

QString bytesIn(std::uint64_t size, int unit, int decimals)
{
    return fixed(static_cast<double>(size) / std::pow(1024.0, unit), unit == 0 ? 0 : decimals);
}

QString bytes(std::uint64_t size, bool headline)
{
    const int unit = byteUnitFor(size);
    return bytesIn(size, unit, headline ? 1 : 2) + kNoBreak + byteUnit(unit);
}

QString plusMinus(double value, int decimals)
{
    return std::isfinite(value) ? QChar(0x00B1) + QString(kNoBreak) + fixed(value, decimals) : QString();
}

namespace {
QString smallest(double value)
{
    if (!std::isfinite(value))
        return unknown();
    if (value >= 0 && value < 0.001)
        return value == 0 ? fixed(0, 3) : QStringLiteral("<") + kNoBreak + fixed(0.001, 3);
    return value < 1 ? fixed(value, 3) : significant(value, 3);
}
} // namespace

QString kl(double value)
{
    return smallest(value);
}

QString pValue(double value)
{
    if (std::isfinite(value) && value >= 0 && value < 0.001)
        return QStringLiteral("<") + kNoBreak + fixed(0.001, 3);
    return fixed(value, 3);
}

QString duration(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0)
        return unknown();
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    const QString nb(kNoBreak);
    if (whole < 60)
        return QCoreApplication::translate("Format", "%1 s").arg(whole).replace(QLatin1Char(' '), nb);
    const auto two = [](std::int64_t n) { return QStringLiteral("%1").arg(n, 2, 10, QLatin1Char('0')); };
    if (whole < 3600)
        return QCoreApplication::translate("Format", "%1 min %2 s")
            .arg(whole / 60)
            .arg(two(whole % 60))
            .replace(QLatin1Char(' '), nb);
    return QCoreApplication::translate("Format", "%1 h %2 min")
        .arg(whole / 3600)
        .arg(two(whole % 3600 / 60))
        .replace(QLatin1Char(' '), nb);
}

QString exact(double value)
{
    return std::isfinite(value) ? QString::number(value, 'g', QLocale::FloatingPointShortest) : QString();
}

} // namespace espalier::views::format
