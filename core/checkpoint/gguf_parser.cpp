// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/gguf_parser.h"

#include "core/base/byte_size.h"
#include "core/base/file.h"
#include "core/checkpoint/header_sax.h"

#include <algorithm>
#include <array>
#include <bit>
#include <fmt/format.h>
#include <limits>
#include <unordered_set>

namespace espalier::checkpoint {

namespace {

constexpr std::uint64_t kLongestKey = 65535;
constexpr std::uint64_t kLongestTensorName = 64; // ggml's limit
constexpr std::uint64_t kMostDimensions = 4;
constexpr std::uint64_t kMostEntries = 1'000'000;
constexpr std::uint64_t kLargestAlignment = 1U << 20U;
constexpr std::string_view kDownloadAgain = "The file is damaged or was not downloaded completely; fetch it again";
/// Least bytes of a metadata entry and of a tensor's description: bounds on counts before anything is allocated.
constexpr std::uint64_t kLeastEntry = 8 + 1 + 4 + 1;
constexpr std::uint64_t kLeastTensor = 8 + 1 + 4 + 4 + 8;

std::string shown(std::string_view text)
{
    std::string out(text.substr(0, 80));
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f)
            c = '?';
    return out;
}

} // namespace

std::uint64_t ggufWidth(GgufType type)
{
    constexpr std::array<std::uint64_t, 13> kWidths{1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
    return kWidths[static_cast<std::size_t>(type)];
}

GgufParser::GgufParser(std::shared_ptr<const std::string> head, std::uint64_t fileBytes, const std::string& file)
    : m_head(std::move(head)), m_file(file)
{
    m_header.fileBytes = fileBytes;
}

Error GgufParser::error(std::string message, std::string place, std::string remedy) const
{
    return base::badInput(std::move(message), m_file, std::move(place), std::move(remedy));
}

Result<std::string_view> GgufParser::take(std::uint64_t bytes)
{
    if (bytes > m_header.fileBytes - m_at)
        return error(fmt::format("{} bytes are needed here, {} follow in the file", bytes, m_header.fileBytes - m_at),
                     fmt::format("byte {}", m_at), std::string(kDownloadAgain));
    if (bytes > m_head->size() - m_at) {
        m_wantsMore = true;
        return error("the header is cut off", fmt::format("byte {}", m_at), std::string(kDownloadAgain));
    }
    const std::string_view part(m_head->data() + m_at, static_cast<std::size_t>(bytes));
    m_at += bytes;
    return part;
}

Result<std::uint64_t> GgufParser::number(std::uint64_t bytes)
{
    ESPALIER_TRY(const std::string_view stored, take(bytes));
    std::uint64_t value = 0;
    for (std::size_t i = stored.size(); i-- > 0;)
        value = value << 8U | static_cast<unsigned char>(stored[i]);
    return value;
}

Result<std::string_view> GgufParser::text(std::uint64_t longest, std::string_view what)
{
    const std::uint64_t begin = m_at;
    ESPALIER_TRY(const std::uint64_t length, number(8));
    if (length > longest)
        return error(fmt::format("{} claims {} bytes, at most {} are allowed", what, length, longest),
                     fmt::format("byte {}", begin), std::string(kDownloadAgain));
    return take(length);
}

Result<GgufType> GgufParser::type(std::string_view key)
{
    ESPALIER_TRY(const std::uint64_t stored, number(4));
    if (stored > static_cast<std::uint64_t>(GgufType::F64))
        return error(fmt::format("metadata type {} does not exist", stored), "key " + shown(key));
    return static_cast<GgufType>(stored);
}

Result<void> GgufParser::value(GgufEntry& entry)
{
    ESPALIER_TRY(entry.type, type(entry.key));
    entry.element = entry.type;
    const std::string place = "key " + shown(entry.key);
    if (entry.type == GgufType::Array) {
        ESPALIER_TRY(entry.element, type(entry.key));
        if (entry.element == GgufType::Array)
            return error("arrays of arrays are not read", place);
        ESPALIER_TRY(entry.count, number(8));
    }
    const std::uint64_t begin = m_at;
    if (entry.element == GgufType::String) {
        if (entry.count > (m_header.fileBytes - m_at) / 8)
            return error(fmt::format("{} strings do not fit into the file", entry.count), place,
                         std::string(kDownloadAgain));
        std::string_view last;
        for (std::uint64_t i = 0; i < entry.count; ++i) {
            ESPALIER_TRY(last, text(m_header.fileBytes, "a string"));
        }
        if (entry.type == GgufType::String) {
            entry.value = last;
            return {};
        }
        entry.value = std::string_view(*m_head).substr(begin, m_at - begin);
        return {};
    }
    std::uint64_t bytes = 0;
    if (base::multiplyOverflows(entry.count, ggufWidth(entry.element), bytes))
        return error(fmt::format("an array of {} elements is too large", entry.count), place);
    ESPALIER_TRY(entry.value, take(bytes));
    if (entry.element == GgufType::Bool &&
        std::any_of(entry.value.begin(), entry.value.end(), [](char c) { return c != 0 && c != 1; }))
        return error("a truth value is neither 0 nor 1", place);
    return {};
}

Result<void> GgufParser::metadata(std::uint64_t count)
{
    GgufMetadata& all = m_header.metadata;
    all.m_bytes = m_head;
    all.m_entries.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t begin = m_at;
        GgufEntry entry;
        ESPALIER_TRY(entry.key, text(kLongestKey, "a key"));
        if (entry.key.empty() || !base::isUtf8(entry.key) || entry.key.find('\0') != std::string_view::npos)
            return error("a key is empty or not text", fmt::format("byte {}", begin));
        ESPALIER_CHECK(value(entry));
        entry.raw = std::string_view(*m_head).substr(begin, m_at - begin);
        if (!all.m_byKey.emplace(entry.key, all.m_entries.size()).second)
            return error("the key stands twice in the file", "key " + shown(entry.key));
        all.m_entries.push_back(entry);
    }
    return {};
}

Result<void> GgufParser::alignment()
{
    constexpr std::string_view kKey = "general.alignment";
    const GgufEntry* entry = m_header.metadata.find(kKey);
    if (entry == nullptr)
        return {};
    const auto stored = m_header.metadata.integer(kKey);
    if (entry->type != GgufType::U32 || !stored || !std::has_single_bit(static_cast<std::uint64_t>(*stored)) ||
        static_cast<std::uint64_t>(*stored) > kLargestAlignment)
        return error("the alignment is not a power of two", "key " + std::string(kKey));
    m_header.alignment = static_cast<std::uint64_t>(*stored);
    return {};
}

Result<TensorInfo> GgufParser::tensor()
{
    TensorInfo info;
    const std::uint64_t begin = m_at;
    ESPALIER_TRY(const std::string_view name, text(kLongestTensorName, "a tensor's name"));
    if (name.empty() || !base::isUtf8(name) || name.find('\0') != std::string_view::npos)
        return error("a tensor's name is empty or not text", fmt::format("byte {}", begin));
    info.name = name;
    const std::string place = "tensor " + shown(name);
    ESPALIER_TRY(const std::uint64_t rank, number(4));
    if (rank > kMostDimensions)
        return error(fmt::format("{} dimensions, at most {} are allowed", rank, kMostDimensions), place);
    for (std::uint64_t i = 0; i < rank; ++i) {
        ESPALIER_TRY(const std::uint64_t size, number(8));
        if (size > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return error("a dimension is too large", place);
        info.shape.insert(info.shape.begin(), static_cast<std::int64_t>(size)); // stored fastest first
    }
    ESPALIER_TRY(const std::uint64_t number32, number(4));
    const auto dtype = dtypeFromGgml(static_cast<std::uint32_t>(number32));
    if (!dtype)
        return error(fmt::format("tensor type {} is not known", number32), place,
                     "The file was made for a newer or much older program");
    info.dtype = *dtype;
    const BlockSize block = blockSize(*dtype);
    const std::uint64_t row = info.shape.empty() ? 1 : static_cast<std::uint64_t>(info.shape.back());
    if (row % block.elements != 0)
        return error(fmt::format("rows of {} elements do not divide into blocks of {} ({})", row, block.elements,
                                 dtypeName(*dtype)),
                     place);
    std::uint64_t elements = 1;
    for (const std::int64_t size : info.shape)
        if (base::multiplyOverflows(elements, static_cast<std::uint64_t>(size), elements) ||
            elements > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            return error("the product of the dimensions is too large", place);
    if (base::multiplyOverflows(elements / block.elements, block.bytes, info.bytes))
        return error("the product of the dimensions is too large", place);
    ESPALIER_TRY(info.offset, number(8));
    return info;
}

Result<void> GgufParser::tensors(std::uint64_t count)
{
    m_header.tensors.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < count; ++i) {
        ESPALIER_TRY(TensorInfo info, tensor());
        m_header.tensors.push_back(std::move(info));
    }
    std::unordered_set<std::string_view> names;
    names.reserve(m_header.tensors.size());
    for (const TensorInfo& info : m_header.tensors)
        if (!names.insert(info.name).second)
            return error("the name stands twice in the file", "tensor " + shown(info.name));
    return {};
}

/// Tensors lie in the order of the table, each padded to the alignment: ggml's reader insists on it too.
Result<void> GgufParser::layOut()
{
    const std::uint64_t begin = paddedTo(m_at, m_header.alignment);
    if (begin > m_header.fileBytes && !m_header.tensors.empty())
        return error("the file ends before the tensors' data", "end of file", std::string(kDownloadAgain));
    m_header.dataBegin = std::min(begin, m_header.fileBytes);
    const std::uint64_t dataBytes = m_header.fileBytes - m_header.dataBegin;
    std::uint64_t expected = 0;
    for (TensorInfo& info : m_header.tensors) {
        const std::string place = "tensor " + shown(info.name);
        if (info.offset != expected)
            return error(fmt::format("its data begin at {}, behind the tensor before it they must begin at {}",
                                     info.offset, expected),
                         place);
        if (info.offset > dataBytes || info.bytes > dataBytes - info.offset)
            return error(fmt::format("its {} bytes reach beyond the end of the file", info.bytes), place,
                         std::string(kDownloadAgain));
        expected = paddedTo(info.offset + info.bytes, m_header.alignment); // no overflow: bounded by the file
        info.offset += m_header.dataBegin;
    }
    if (dataBytes > expected)
        m_header.warnings.push_back(fmt::format("{} bytes follow behind the last tensor", dataBytes - expected));
    return {};
}

Result<GgufHeader> GgufParser::parse()
{
    ESPALIER_TRY(const std::string_view magic, take(4));
    if (magic != "GGUF")
        return error(magic == "vers" ? "is a Git LFS pointer, not the weights themselves"
                                     : "does not begin with the letters GGUF",
                     "header",
                     magic == "vers" ? "Run git lfs pull in the folder"
                     : magic == "ggjt" || magic == "lmgg"
                         ? "This is llama.cpp's format before GGUF; convert the model again"
                         : "Is this a GGUF file?");
    ESPALIER_TRY(const std::uint64_t version, number(4));
    if (version != 2 && version != 3)
        return error((version & 0xffffU) == 0 ? "is a big-endian GGUF file"
                                              : fmt::format("GGUF version {} is not supported", version),
                     "header", "Convert the model again with a current converter");
    m_header.version = static_cast<std::uint32_t>(version);
    ESPALIER_TRY(const std::uint64_t tensorCount, number(8));
    ESPALIER_TRY(const std::uint64_t entryCount, number(8));
    const std::uint64_t rest = m_header.fileBytes - m_at;
    if (tensorCount > kMostTensors || entryCount > kMostEntries || entryCount > rest / kLeastEntry ||
        tensorCount > rest / kLeastTensor)
        return error(fmt::format("the header claims {} tensors and {} metadata entries in {} bytes", tensorCount,
                                 entryCount, rest),
                     "header", std::string(kDownloadAgain));
    ESPALIER_CHECK(metadata(entryCount));
    ESPALIER_CHECK(alignment());
    ESPALIER_CHECK(tensors(tensorCount));
    ESPALIER_CHECK(layOut());
    return std::move(m_header);
}

} // namespace espalier::checkpoint
