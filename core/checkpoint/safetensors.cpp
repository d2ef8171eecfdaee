// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/safetensors.h"

#include "core/base/byte_size.h"
#include "core/base/file.h"
#include "core/checkpoint/header_sax.h"
#include "core/checkpoint/pread.h"

#include <algorithm>
#include <fmt/format.h>
#include <span>
#include <tuple>

namespace espalier::checkpoint {

namespace {

constexpr std::uint64_t kLargestHeader = 100'000'000;
constexpr std::string_view kDownloadAgain = "The file is damaged or was not downloaded completely; fetch it again";

std::uint64_t littleEndian(std::string_view eight)
{
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;)
        value = value << 8U | static_cast<unsigned char>(eight[i]);
    return value;
}

/// Length of the JSON part, checked against the file's length before anything is allocated.
Result<std::uint64_t> headerLength(std::string_view eight, std::uint64_t fileBytes, const std::string& file)
{
    if (fileBytes < 8 || eight.size() < 8)
        return base::badInput(fmt::format("a file of {} bytes is too short for a safetensors file", fileBytes), file,
                              "header", std::string(kDownloadAgain));
    if (eight.substr(0, 8) == "version ")
        return base::badInput("is a Git LFS pointer, not the weights themselves", file, {},
                              "Run git lfs pull in the folder");
    const std::uint64_t length = littleEndian(eight);
    if (length > kLargestHeader)
        return base::badInput(fmt::format("the header claims {} bytes, at most {} are allowed", length, kLargestHeader),
                              file, "header", std::string(kDownloadAgain));
    if (length > fileBytes - 8)
        return base::badInput(
            fmt::format("the header claims {} bytes but only {} follow in the file", length, fileBytes - 8), file,
            "header", std::string(kDownloadAgain));
    return length;
}

Error tensorError(const TensorInfo& tensor, const std::string& file, std::string message, std::string_view remedy = {})
{
    return base::badInput(std::move(message), file, "tensor " + tensor.name, std::string(remedy));
}

Result<void> checkSize(const TensorInfo& tensor, const std::string& file)
{
    std::uint64_t bits = static_cast<std::uint64_t>(bitsPerElement(tensor.dtype));
    for (const std::int64_t dimension : tensor.shape)
        // A later 0 must not hide an overflow: the reference library refuses such shapes too
        if (base::multiplyOverflows(bits, static_cast<std::uint64_t>(dimension), bits))
            return tensorError(tensor, file, "the product of the dimensions is too large");
    if (bits % 8 != 0)
        return tensorError(tensor, file, fmt::format("{} bits do not fill whole bytes", bits));
    if (bits / 8 != tensor.bytes)
        return tensorError(tensor, file,
                           fmt::format("shape and dtype need {} bytes, data_offsets span {}", bits / 8, tensor.bytes));
    return {};
}

/// Offsets must tile the data exactly: no hole, no overlap, nothing behind the last tensor.
Result<void> checkTiling(const std::vector<TensorInfo>& tensors, std::uint64_t dataBytes, const std::string& file)
{
    std::uint64_t expected = 0;
    for (const TensorInfo& tensor : tensors) {
        if (tensor.offset > expected)
            return tensorError(tensor, file,
                               fmt::format("a hole of {} bytes lies before it", tensor.offset - expected));
        if (tensor.offset < expected)
            return tensorError(tensor, file,
                               fmt::format("overlaps the tensor before it by {} bytes", expected - tensor.offset));
        expected = tensor.offset + tensor.bytes; // no overflow: this is the stored end
        if (expected > dataBytes)
            return tensorError(tensor, file,
                               fmt::format("ends at byte {} of the data, the file holds only {}", expected, dataBytes),
                               kDownloadAgain);
    }
    if (expected != dataBytes)
        return base::badInput(fmt::format("{} bytes follow behind the last tensor", dataBytes - expected), file,
                              "end of file");
    return {};
}

Result<void> checkUniqueNames(const std::vector<TensorInfo>& tensors, const std::string& file)
{
    std::vector<std::string_view> names;
    names.reserve(tensors.size());
    for (const TensorInfo& tensor : tensors)
        names.emplace_back(tensor.name);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end())
        return base::badInput("the name stands twice in the header", file, "tensor " + std::string(*twice));
    return {};
}

Result<SafetensorsHeader> parseJsonPart(std::string_view json, std::uint64_t fileBytes, const std::string& file)
{
    if (json.empty() || json.front() != '{')
        return base::badInput("the header does not begin with '{'", file, "header", "Is this a safetensors file?");
    if (std::size_t bad = 0; !base::isUtf8(json, &bad))
        return base::badInput("the header is not valid UTF-8", file, fmt::format("byte {} of the header", bad));
    // The lexer takes a zero byte for the end of the text and would not look at what follows.
    if (const auto zero = json.find('\0'); zero != std::string_view::npos)
        return base::badInput("the header holds a zero byte", file, fmt::format("byte {} of the header", zero));
    HeaderSax sax;
    if (!base::Json::sax_parse(json.begin(), json.end(), &sax))
        return base::badInput(sax.message, file, sax.place);

    SafetensorsHeader header;
    header.fileBytes = fileBytes;
    header.tensors = std::move(sax.tensors);
    header.metadata = std::move(sax.metadata);
    ESPALIER_CHECK(checkUniqueNames(header.tensors, file));
    for (const TensorInfo& tensor : header.tensors)
        ESPALIER_CHECK(checkSize(tensor, file));
    // Empty tensors share their offset with a neighbour: by length second, so that they come before it
    std::sort(header.tensors.begin(), header.tensors.end(), [](const TensorInfo& a, const TensorInfo& b) {
        return std::tie(a.offset, a.bytes, a.name) < std::tie(b.offset, b.bytes, b.name);
    });
    const std::uint64_t dataBegin = 8 + json.size();
    ESPALIER_CHECK(checkTiling(header.tensors, fileBytes - dataBegin, file));
    for (TensorInfo& tensor : header.tensors)
        tensor.offset += dataBegin;
    return header;
}

} // namespace

std::int64_t TensorInfo::elements() const
{
    std::int64_t product = 1; // cannot overflow: the header check bounds it by the file's length
    for (const std::int64_t dimension : shape)
        product *= dimension;
    return product;
}

Result<SafetensorsHeader> parseSafetensorsHeader(std::string_view head, std::uint64_t fileBytes,
                                                 const std::string& file)
{
    ESPALIER_TRY(const std::uint64_t length, headerLength(head, fileBytes, file));
    if (head.size() - 8 < length)
        return base::badInput("the header is cut off", file, "header", std::string(kDownloadAgain));
    return parseJsonPart(head.substr(8, length), fileBytes, file);
}

Result<SafetensorsHeader> readSafetensorsHeader(const std::filesystem::path& path)
{
    ESPALIER_TRY(const OpenFile file, OpenFile::open(path));
    const std::uint64_t fileBytes = file.bytes();
    std::string eight(static_cast<std::size_t>(std::min<std::uint64_t>(8, fileBytes)), '\0');
    ESPALIER_CHECK(file.readAt(0, std::as_writable_bytes(std::span(eight))));
    ESPALIER_TRY(const std::uint64_t length, headerLength(eight, fileBytes, path.string()));
    std::string json(static_cast<std::size_t>(length), '\0');
    ESPALIER_CHECK(file.readAt(8, std::as_writable_bytes(std::span(json))));
    return parseJsonPart(json, fileBytes, path.string());
}

std::string makeSafetensorsHeader(const std::vector<TensorInfo>& tensors,
                                  const std::map<std::string, std::string>& metadata)
{
    std::string json = "{";
    if (!metadata.empty())
        json += "\"__metadata__\":" + base::Json(metadata).dump() + (tensors.empty() ? "" : ",");
    std::uint64_t offset = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const TensorInfo& tensor = tensors[i];
        fmt::format_to(std::back_inserter(json), "{}{}:{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{},{}]}}",
                       i == 0 ? "" : ",", base::Json(tensor.name).dump(), dtypeName(tensor.dtype),
                       fmt::join(tensor.shape, ","), offset, offset + tensor.bytes);
        offset += tensor.bytes;
    }
    json += '}';
    json.append((8 - json.size() % 8) % 8, ' ');
    std::string out;
    for (unsigned shift = 0; shift < 64; shift += 8)
        out += static_cast<char>(static_cast<unsigned char>(json.size() >> shift));
    return out + json;
}

} // namespace espalier::checkpoint
