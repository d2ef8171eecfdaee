// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/numpy_array.h"

#include <charconv>
#include <cstring>
#include <fmt/format.h>

namespace espalier::exchange {
namespace {

/// What stands behind 'key': in the header's dictionary, without leading blanks.
std::string_view valueOf(std::string_view header, std::string_view key)
{
    for (const char quote : {'\'', '"'}) {
        const std::string wanted = fmt::format("{}{}{}:", quote, key, quote);
        const auto at = header.find(wanted);
        if (at == std::string_view::npos)
            continue;
        header.remove_prefix(at + wanted.size());
        header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
        return header;
    }
    return {};
}

bool parseShape(std::string_view text, std::vector<std::int64_t>& shape)
{
    const auto close = text.find(')');
    if (!text.starts_with('(') || close == std::string_view::npos)
        return false;
    text = text.substr(1, close - 1);
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        if (text.empty())
            return true;
        std::int64_t value = -1;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || value < 0 || shape.size() == 32)
            return false;
        shape.push_back(value);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        if (text.empty())
            return true;
        if (text.front() != ',')
            return false;
        text.remove_prefix(1);
    }
}

} // namespace

std::int64_t NumpyIntegers::at(std::uint64_t index) const
{
    const char* from = data.data() + index * static_cast<std::uint64_t>(width);
    std::uint64_t raw = 0;
    std::memcpy(&raw, from, static_cast<std::size_t>(width));
    if (isSigned && width < 8 && ((raw >> static_cast<unsigned>(8 * width - 1)) & 1U) != 0)
        raw |= ~std::uint64_t{0} << static_cast<unsigned>(8 * width);
    return static_cast<std::int64_t>(raw);
}

Result<NumpyIntegers> parseNumpy(std::string_view bytes, const std::string& file, const std::string& place)
{
    constexpr const char* kRemedy = "Save it with numpy.save";
    if (bytes.size() < 12 || !bytes.starts_with("\x93NUMPY"))
        return badInput("is no NumPy array", file, place, kRemedy);
    const int version = static_cast<unsigned char>(bytes[6]);
    if (version < 1 || version > 3)
        return badInput(fmt::format("is a NumPy array of version {}", version), file, place, kRemedy);
    std::uint32_t length = 0;
    const std::size_t width = version == 1 ? 2 : 4;
    std::memcpy(&length, bytes.data() + 8, width);
    if (length > bytes.size() - 8 - width)
        return badInput("the header reaches behind the end of the file", file, place,
                        "It is cut off or damaged: save it again");
    const std::string_view header = bytes.substr(8 + width, length);
    NumpyIntegers out;
    out.data = bytes.substr(8 + width + length);
    const std::string_view type = valueOf(header, "descr").substr(0, 6);
    const bool known = type.size() >= 5 && (type[0] == '\'' || type[0] == '"') && type[4] == type[0];
    const char order = known ? type[1] : '?', kind = known ? type[2] : '?', size = known ? type[3] : '?';
    const bool whole = (kind == 'i' || kind == 'u') && (size == '1' || size == '2' || size == '4' || size == '8') &&
                       (order == '<' || order == '|' || (order == '=' && size == '1'));
    if (!whole)
        return badInput(fmt::format("its elements are of type {}, not whole numbers in little-endian order",
                                    type.substr(0, type.find(','))),
                        file, place, "Convert it with array.astype('<i4')");
    out.width = size - '0';
    out.isSigned = kind == 'i';
    if (!valueOf(header, "fortran_order").starts_with("False"))
        return badInput("is in Fortran order", file, place, "Convert it with numpy.ascontiguousarray");
    if (!parseShape(valueOf(header, "shape"), out.shape))
        return badInput("its header has no shape", file, place, kRemedy);
    std::uint64_t elements = 1;
    for (const std::int64_t n : out.shape)
        if (__builtin_mul_overflow(elements, static_cast<std::uint64_t>(n), &elements))
            return badInput("its shape is larger than any file", file, place, kRemedy);
    if (elements > out.data.size() || elements * static_cast<std::uint64_t>(out.width) != out.data.size())
        return badInput(fmt::format("its shape asks for {} elements of {} bytes, there are {} bytes", elements,
                                    out.width, out.data.size()),
                        file, place, "It is cut off or damaged: save it again");
    return out;
}

} // namespace espalier::exchange
