// SPDX-License-Identifier: Apache-2.0
// GGUF files made up on the spot, honest or not: every number is written as it is given.
#pragma once

#include "core/checkpoint/gguf.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::test {

using checkpoint::GgufType;

inline std::string ggufNumber(std::uint64_t value, std::size_t bytes)
{
    std::string out;
    for (std::size_t i = 0; i < bytes; ++i)
        out += static_cast<char>(static_cast<unsigned char>(i < 8 ? value >> (8 * i) : 0));
    return out;
}
inline std::string ggufText(std::string_view text)
{
    return ggufNumber(text.size(), 8) + std::string(text);
}
inline std::string ggufEntry(std::string_view key, GgufType type, const std::string& value)
{
    return ggufText(key) + ggufNumber(static_cast<std::uint64_t>(type), 4) + value;
}
inline std::string ggufU32(std::string_view key, std::uint32_t value)
{
    return ggufEntry(key, GgufType::U32, ggufNumber(value, 4));
}
inline std::string ggufF32(std::string_view key, float value)
{
    std::string bytes(4, '\0');
    std::memcpy(bytes.data(), &value, 4);
    return ggufEntry(key, GgufType::F32, bytes);
}
inline std::string ggufString(std::string_view key, std::string_view value)
{
    return ggufEntry(key, GgufType::String, ggufText(value));
}
inline std::string ggufArray(std::string_view key, GgufType element, std::uint64_t count, const std::string& elements)
{
    return ggufEntry(key, GgufType::Array,
                     ggufNumber(static_cast<std::uint64_t>(element), 4) + ggufNumber(count, 8) + elements);
}
/// `shape` as stored: fastest first.
inline std::string ggufTensor(std::string_view name, const std::vector<std::uint64_t>& shape, std::uint32_t type,
                              std::uint64_t offset)
{
    std::string out = ggufText(name) + ggufNumber(shape.size(), 4);
    for (const std::uint64_t size : shape)
        out += ggufNumber(size, 8);
    return out + ggufNumber(type, 4) + ggufNumber(offset, 8);
}
/// The parts in order, padded to `alignment`, `dataBytes` zeros behind.
inline std::string ggufFile(const std::vector<std::string>& entries, const std::vector<std::string>& tensors,
                            std::size_t dataBytes, std::uint64_t alignment = 32, std::uint32_t version = 3)
{
    std::string out = "GGUF" + ggufNumber(version, 4) + ggufNumber(tensors.size(), 8) + ggufNumber(entries.size(), 8);
    for (const std::string& entry : entries)
        out += entry;
    for (const std::string& tensor : tensors)
        out += tensor;
    out.resize(checkpoint::paddedTo(out.size(), alignment), '\0');
    return out + std::string(dataBytes, '\0');
}

} // namespace espalier::test
