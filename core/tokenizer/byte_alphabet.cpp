// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/byte_alphabet.h"

namespace espalier::tokenizer {
namespace {

/// Printable Latin-1 stands for itself; the other bytes follow from U+0100 in byte order.
std::array<std::uint32_t, 256> codePoints()
{
    std::array<std::uint32_t, 256> out{};
    std::uint32_t next = 256;
    for (std::uint32_t b = 0; b < 256; ++b) {
        const bool printable = (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
        out[b] = printable ? b : next++;
    }
    return out;
}

std::string utf8(std::uint32_t c)
{
    if (c < 0x80)
        return {static_cast<char>(c)};
    return {static_cast<char>(0xC0U | (c >> 6U)), static_cast<char>(0x80U | (c & 0x3FU))};
}

} // namespace

const std::array<std::string, 256>& byteCharacters()
{
    static const std::array<std::string, 256> characters = [] {
        std::array<std::string, 256> out;
        const auto points = codePoints();
        for (std::size_t b = 0; b < 256; ++b)
            out[b] = utf8(points[b]);
        return out;
    }();
    return characters;
}

std::string bytesToAlphabet(std::string_view bytes)
{
    std::string out;
    for (const char c : bytes)
        out += byteCharacters()[static_cast<unsigned char>(c)];
    return out;
}

std::optional<std::string> alphabetToBytes(std::string_view entry)
{
    static const std::array<std::int16_t, 512> bytes = [] {
        std::array<std::int16_t, 512> out{};
        out.fill(-1);
        const auto points = codePoints();
        for (std::size_t b = 0; b < 256; ++b)
            out[points[b]] = static_cast<std::int16_t>(b);
        return out;
    }();
    std::string out;
    for (std::size_t i = 0; i < entry.size(); ++i) {
        std::uint32_t c = static_cast<unsigned char>(entry[i]);
        if (c >= 0x80) {
            if ((c & 0xE0U) != 0xC0U || i + 1 >= entry.size())
                return std::nullopt;
            c = ((c & 0x1FU) << 6U) | (static_cast<unsigned char>(entry[++i]) & 0x3FU);
        }
        if (c >= bytes.size() || bytes[c] < 0)
            return std::nullopt;
        out += static_cast<char>(bytes[c]);
    }
    return out;
}

} // namespace espalier::tokenizer
