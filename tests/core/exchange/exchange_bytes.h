// SPDX-License-Identifier: Apache-2.0
// Files of other programs written byte by byte, honest or not: every number is written as it is given.
#pragma once

#include "tests/core/exchange/exchange_support.h"
#include "tests/support/gguf_file.h"

#include <utility>

namespace espalier::test {

inline std::string int32(std::int32_t value)
{
    return ggufNumber(static_cast<std::uint32_t>(value), 4);
}

/// One stacked weight of an importance matrix: `counts` per expert, its sums all 1.
inline std::string imatrix(const std::vector<float>& counts, std::uint32_t columns = 6,
                           const std::string& kind = "imatrix", const std::string& name = "blk.1.ffn_down_exps.weight",
                           std::uint32_t type = 0)
{
    const std::uint64_t experts = counts.size();
    const std::uint64_t first = checkpoint::paddedTo(4 * experts, 32);
    std::string file = ggufFile({ggufString("general.type", kind)},
                                {ggufTensor(name + ".counts", {1, experts}, type, 0),
                                 ggufTensor(name + ".in_sum2", {columns, experts}, 0, first)},
                                0);
    std::string data = raw(counts);
    data.resize(first);
    data += raw(std::vector<float>(experts * columns, 1.0F));
    data.resize(checkpoint::paddedTo(data.size(), 32));
    return file + data;
}

/// One entry of the older form of importance matrices.
inline std::string legacyEntry(const std::string& name, std::int32_t calls, const std::vector<float>& values)
{
    return int32(static_cast<std::int32_t>(name.size())) + name + int32(calls) +
           int32(static_cast<std::int32_t>(values.size())) + raw(values);
}

/// As zip archives have it.
inline std::uint32_t crc32(const std::string& bytes)
{
    std::uint32_t crc = 0xffffffffU;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1U) ^ (0xEDB88320U & (0U - (crc & 1U)));
    }
    return ~crc;
}

struct ZipPart {
    std::string name, content;
    std::uint32_t claimed = 0; ///< bytes unpacked
    std::uint16_t method = 0;
    std::uint32_t crc = 0;
};
inline ZipPart honest(std::string name, std::string content)
{
    const auto size = static_cast<std::uint32_t>(content.size());
    const std::uint32_t crc = crc32(content);
    return {std::move(name), std::move(content), size, 0, crc};
}
inline std::string zip(const std::vector<ZipPart>& parts)
{
    const auto n16 = [](std::uint64_t v) { return ggufNumber(v, 2); };
    const auto n32 = [](std::uint64_t v) { return ggufNumber(v, 4); };
    std::string local, directory;
    for (const auto& part : parts) {
        const std::string sizes = n32(part.crc) + n32(part.content.size()) + n32(part.claimed) + n16(part.name.size());
        directory += "PK\x01\x02" + n16(20) + n16(20) + n16(0) + n16(part.method) + n32(0) + sizes + n16(0) + n16(0) +
                     n16(0) + n16(0) + n32(0) + n32(local.size()) + part.name;
        local +=
            "PK\x03\x04" + n16(20) + n16(0) + n16(part.method) + n32(0) + sizes + n16(0) + part.name + part.content;
    }
    return local + directory + "PK\x05\x06" + n16(0) + n16(0) + n16(parts.size()) + n16(parts.size()) +
           n32(directory.size()) + n32(local.size()) + n16(0);
}
inline std::string zip(const std::string& name, const std::string& content, std::uint32_t claimed,
                       std::uint16_t method = 0, std::uint32_t crc = 0)
{
    return zip({{name, content, claimed, method, crc}});
}

/// torch.save's archive around a program and one storage, "0".
inline std::string torchFile(const std::string& pickle, const std::string& storage = {})
{
    return zip({honest("p/data.pkl", pickle), honest("p/data/0", storage)});
}

} // namespace espalier::test
