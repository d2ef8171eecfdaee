// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/gguf.h"

#include "core/checkpoint/gguf_parser.h"
#include "core/checkpoint/pread.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>

namespace espalier::checkpoint {

namespace {

constexpr std::uint64_t kFirstRead = 4U << 20U;
constexpr std::uint64_t kLargestHeader = 1U << 30U; // vocabularies take tens of MiB

bool isWhole(GgufType type)
{
    return type != GgufType::F32 && type != GgufType::F64 && type != GgufType::Bool && type != GgufType::String &&
           type != GgufType::Array;
}

std::optional<std::int64_t> wholeAt(GgufType type, const char* at)
{
    const auto read = [at](auto value) {
        std::memcpy(&value, at, sizeof value);
        return value;
    };
    switch (type) {
    case GgufType::U8:
        return read(std::uint8_t{});
    case GgufType::I8:
        return read(std::int8_t{});
    case GgufType::U16:
        return read(std::uint16_t{});
    case GgufType::I16:
        return read(std::int16_t{});
    case GgufType::U32:
        return read(std::uint32_t{});
    case GgufType::I32:
        return read(std::int32_t{});
    case GgufType::I64:
        return read(std::int64_t{});
    case GgufType::U64: {
        const auto value = read(std::uint64_t{});
        if (value >> 63U == 0)
            return static_cast<std::int64_t>(value);
        return std::nullopt;
    }
    default:
        return std::nullopt;
    }
}

std::optional<double> realAt(GgufType type, const char* at)
{
    if (type == GgufType::F32) {
        float value = 0;
        std::memcpy(&value, at, sizeof value);
        return value;
    }
    if (type == GgufType::F64) {
        double value = 0;
        std::memcpy(&value, at, sizeof value);
        return value;
    }
    const auto whole = wholeAt(type, at);
    return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
}

/// Elements of an array by `read`; nothing when one of them cannot be read.
template <typename T, typename Read>
std::optional<std::vector<T>> elements(const GgufEntry* entry, const Read& read)
{
    if (entry == nullptr || entry->type != GgufType::Array)
        return std::nullopt;
    const std::uint64_t width = ggufWidth(entry->element);
    if (width == 0)
        return std::nullopt;
    std::vector<T> values;
    values.reserve(static_cast<std::size_t>(entry->count));
    for (std::uint64_t i = 0; i < entry->count; ++i) {
        const std::optional<T> value = read(entry->element, entry->value.data() + i * width);
        if (!value)
            return std::nullopt;
        values.push_back(*value);
    }
    return values;
}

} // namespace

const GgufEntry* GgufMetadata::find(std::string_view key) const
{
    const auto found = m_byKey.find(key);
    return found == m_byKey.end() ? nullptr : &m_entries[found->second];
}

std::optional<std::int64_t> GgufMetadata::integer(std::string_view key) const
{
    const GgufEntry* entry = find(key);
    return entry == nullptr || !isWhole(entry->type) ? std::nullopt : wholeAt(entry->type, entry->value.data());
}

std::optional<double> GgufMetadata::real(std::string_view key) const
{
    const GgufEntry* entry = find(key);
    return entry == nullptr || entry->type == GgufType::String || entry->type == GgufType::Array
               ? std::nullopt
               : realAt(entry->type, entry->value.data());
}

std::optional<bool> GgufMetadata::boolean(std::string_view key) const
{
    const GgufEntry* entry = find(key);
    return entry == nullptr || entry->type != GgufType::Bool ? std::nullopt : std::optional(entry->value.front() != 0);
}

std::optional<std::string_view> GgufMetadata::text(std::string_view key) const
{
    const GgufEntry* entry = find(key);
    return entry == nullptr || entry->type != GgufType::String ? std::nullopt : std::optional(entry->value);
}

std::optional<std::vector<std::string_view>> GgufMetadata::texts(std::string_view key) const
{
    const GgufEntry* entry = find(key);
    if (entry == nullptr || entry->type != GgufType::Array || entry->element != GgufType::String)
        return std::nullopt;
    std::vector<std::string_view> values;
    values.reserve(static_cast<std::size_t>(entry->count));
    std::string_view rest = entry->value;
    for (std::uint64_t i = 0; i < entry->count; ++i) { // lengths were checked when the header was read
        std::uint64_t length = 0;
        std::memcpy(&length, rest.data(), sizeof length);
        values.push_back(rest.substr(8, length));
        rest.remove_prefix(8 + length);
    }
    return values;
}

std::optional<std::vector<std::int64_t>> GgufMetadata::integers(std::string_view key) const
{
    return elements<std::int64_t>(find(key), wholeAt);
}

std::optional<std::vector<double>> GgufMetadata::reals(std::string_view key) const
{
    return elements<double>(find(key), realAt);
}

Result<GgufHeader> parseGgufHeader(std::string_view head, std::uint64_t fileBytes, const std::string& file)
{
    return GgufParser(std::make_shared<const std::string>(head), fileBytes, file).parse();
}

Result<GgufHeader> readGgufHeader(const std::filesystem::path& path)
{
    static_assert(std::endian::native == std::endian::little, "metadata are read as they stand in the file");
    ESPALIER_TRY(const OpenFile file, OpenFile::open(path));
    std::string head;
    for (std::uint64_t bytes = kFirstRead;; bytes *= 4) {
        const std::uint64_t begin = head.size();
        head.resize(static_cast<std::size_t>(std::min({bytes, kLargestHeader, file.bytes()})));
        ESPALIER_CHECK(file.readAt(begin, std::as_writable_bytes(std::span(head)).subspan(begin)));
        GgufParser parser(std::make_shared<const std::string>(head), file.bytes(), path.string());
        auto header = parser.parse();
        if (header || !parser.wantsMore() || head.size() == kLargestHeader)
            return header;
    }
}

} // namespace espalier::checkpoint
