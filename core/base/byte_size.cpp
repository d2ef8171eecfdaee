// SPDX-License-Identifier: Apache-2.0
#include "core/base/byte_size.h"

#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace espalier::base {

namespace {

struct Unit {
    std::string_view name; // lower case
    std::uint64_t bytes;
};
constexpr std::array<Unit, 9> kUnits{{{"b", 1},
                                      {"kib", 1ULL << 10U},
                                      {"mib", 1ULL << 20U},
                                      {"gib", 1ULL << 30U},
                                      {"tib", 1ULL << 40U},
                                      {"kb", 1'000ULL},
                                      {"mb", 1'000'000ULL},
                                      {"gb", 1'000'000'000ULL},
                                      {"tb", 1'000'000'000'000ULL}}};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

Error refuse(std::string_view text, std::string_view why)
{
    return usageError(fmt::format("\"{}\" is not a size: {}", text, why),
                      "Write a number with an optional unit B, KiB, MiB, GiB, TiB, KB, MB, GB or TB, for example 8GiB");
}

} // namespace

bool multiplyOverflows(std::uint64_t a, std::uint64_t b, std::uint64_t& product)
{
    return __builtin_mul_overflow(a, b, &product);
}

bool addOverflows(std::uint64_t a, std::uint64_t b, std::uint64_t& sum)
{
    return __builtin_add_overflow(a, b, &sum);
}

Result<ByteSize> parseByteSize(std::string_view text)
{
    std::size_t i = 0;
    std::uint64_t whole = 0;
    while (i < text.size() && isDigit(text[i])) {
        std::uint64_t next = 0;
        if (multiplyOverflows(whole, 10, next) || addOverflows(next, static_cast<std::uint64_t>(text[i] - '0'), whole))
            return refuse(text, "the number is too large");
        ++i;
    }
    bool digits = i > 0;
    double fraction = 0;
    bool hasFraction = false;
    if (i < text.size() && text[i] == '.') {
        ++i;
        for (double place = 0.1; i < text.size() && isDigit(text[i]); ++i, place /= 10) {
            fraction += place * (text[i] - '0');
            hasFraction = digits = true;
        }
        if (!hasFraction)
            return refuse(text, "a digit is missing after the point");
    }
    if (!digits)
        return refuse(text, "it must begin with a digit");
    if (i < text.size() && text[i] == ' ')
        ++i;
    std::string unit;
    for (const char c : text.substr(i))
        unit += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    std::uint64_t scale = 1;
    if (!unit.empty()) {
        scale = 0;
        for (const Unit& known : kUnits)
            if (known.name == unit)
                scale = known.bytes;
        if (scale == 0)
            return refuse(text, fmt::format("unknown unit \"{}\"", text.substr(i)));
    }
    if (hasFraction && scale == 1)
        return refuse(text, "bytes have no fractions");
    std::uint64_t bytes = 0;
    const auto rest = static_cast<std::uint64_t>(std::llround(fraction * static_cast<double>(scale)));
    if (multiplyOverflows(whole, scale, bytes) || addOverflows(bytes, rest, bytes))
        return refuse(text, "the number is too large");
    return ByteSize(bytes);
}

std::string formatByteSize(ByteSize size)
{
    constexpr std::array<std::string_view, 7> kNames{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (size.value() < 1024)
        return fmt::format("{} B", size.value());
    auto number = static_cast<double>(size.value());
    std::size_t unit = 0;
    // 1023.996 would be printed as "1024.00", so the step up happens before rounding does it
    while (number >= 1023.995 && unit + 1 < kNames.size()) {
        number /= 1024;
        ++unit;
    }
    return fmt::format("{:.2f} {}", number, kNames[unit]);
}

} // namespace espalier::base
