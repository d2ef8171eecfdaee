// SPDX-License-Identifier: Apache-2.0
// Writing the head of a GGUF file: metadata entries are copied as they stand unless they are edited.
#include "core/checkpoint/gguf.h"
#include "core/checkpoint/gguf_parser.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace espalier::checkpoint {

namespace {

void append(std::string& out, std::uint64_t value, std::uint64_t bytes)
{
    for (std::uint64_t i = 0; i < bytes; ++i)
        out += static_cast<char>(static_cast<unsigned char>(value >> (8 * i)));
}

void append(std::string& out, std::string_view text)
{
    append(out, text.size(), 8);
    out += text;
}

void appendText(std::string& out, std::string_view key, std::string_view text)
{
    append(out, key);
    append(out, static_cast<std::uint64_t>(GgufType::String), 4);
    append(out, text);
}

/// Largest value of a whole-number type.
std::optional<std::int64_t> largest(GgufType type)
{
    switch (type) {
    case GgufType::U8:
        return 0xff;
    case GgufType::I8:
        return 0x7f;
    case GgufType::U16:
        return 0xffff;
    case GgufType::I16:
        return 0x7fff;
    case GgufType::U32:
        return 0xffffffff;
    case GgufType::I32:
        return 0x7fffffff;
    case GgufType::U64:
    case GgufType::I64:
        return 0x7fffffffffffffff;
    default:
        return std::nullopt;
    }
}

} // namespace

Result<std::string> makeGgufHeader(const GgufMetadata& metadata, const GgufEdits& edits,
                                   const std::vector<TensorInfo>& tensors, std::uint64_t alignment)
{
    std::string entries;
    std::uint64_t count = 0;
    const auto valueOf = [](const auto& pairs, std::string_view key) {
        const auto found =
            std::find_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.first == key; });
        return found == pairs.end() ? nullptr : &found->second;
    };
    for (const auto& [key, value] : edits.integers) {
        const GgufEntry* entry = metadata.find(key);
        const auto limit = entry == nullptr ? std::nullopt : largest(entry->type);
        if (!limit || value < 0 || value > *limit)
            return base::badInput(fmt::format("{} cannot be written as this key's value", value), {}, "key " + key);
    }
    for (const GgufEntry& entry : metadata.entries()) {
        if (std::find(edits.removed.begin(), edits.removed.end(), entry.key) != edits.removed.end())
            continue;
        ++count;
        if (const std::int64_t* number = valueOf(edits.integers, entry.key)) {
            append(entries, entry.key);
            append(entries, static_cast<std::uint64_t>(entry.type), 4);
            append(entries, static_cast<std::uint64_t>(*number), ggufWidth(entry.type));
        } else if (const std::string* text = valueOf(edits.texts, entry.key)) {
            appendText(entries, entry.key, *text);
        } else {
            entries += entry.raw;
        }
    }
    for (const auto& [key, text] : edits.texts)
        if (metadata.find(key) == nullptr) {
            ++count;
            appendText(entries, key, text);
        }

    std::string out = "GGUF";
    append(out, 3, 4);
    append(out, tensors.size(), 8);
    append(out, count, 8);
    out += entries;
    std::uint64_t offset = 0;
    for (const TensorInfo& tensor : tensors) {
        const auto type = ggmlNumber(tensor.dtype);
        if (!type)
            return base::internalError(
                fmt::format("GGUF has no type {} (tensor {})", dtypeName(tensor.dtype), tensor.name));
        append(out, tensor.name);
        append(out, tensor.shape.size(), 4);
        for (auto size = tensor.shape.rbegin(); size != tensor.shape.rend(); ++size)
            append(out, static_cast<std::uint64_t>(*size), 8);
        append(out, *type, 4);
        append(out, offset, 8);
        offset = paddedTo(offset + tensor.bytes, alignment);
    }
    out.resize(static_cast<std::size_t>(paddedTo(out.size(), alignment)), '\0');
    return out;
}

} // namespace espalier::checkpoint
