// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"

#include <array>
#include <cmath>
#include <fmt/format.h>

namespace espalier::base {

std::string withThousands(std::uint64_t number)
{
    std::string out = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3)
        out.insert(static_cast<std::size_t>(at), 1, ',');
    return out;
}

std::string formatCount(std::uint64_t number)
{
    constexpr std::array<std::string_view, 5> kSuffixes{"", " k", " M", " B", " T"};
    if (number < 1000)
        return std::to_string(number);
    auto value = static_cast<double>(number);
    std::size_t suffix = 0;
    while (value >= 999.5 && suffix + 1 < kSuffixes.size()) { // 999.7 would be printed as 1000
        value /= 1000;
        ++suffix;
    }
    const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return fmt::format("{:.{}f}{}", value, decimals, kSuffixes[suffix]);
}

std::string formatDuration(double seconds)
{
    if (!(seconds >= 0) || seconds > 1e12)
        return "?";
    if (seconds < 9.95)
        return fmt::format("{:.1f} s", seconds);
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole < 60)
        return fmt::format("{} s", whole);
    if (whole < 3600)
        return fmt::format("{} min {:02} s", whole / 60, whole % 60);
    if (whole < 86400)
        return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
    return fmt::format("{} d {:02} h", whole / 86400, whole / 3600 % 24);
}

bool parseIndex(std::string_view text, std::int32_t& value, std::int32_t largest)
{
    if (text.empty() || text.size() > 10 || (text.size() > 1 && text[0] == '0'))
        return false;
    std::int64_t number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return false;
        number = number * 10 + (c - '0');
    }
    if (number > largest)
        return false;
    value = static_cast<std::int32_t>(number);
    return true;
}

} // namespace espalier::base
