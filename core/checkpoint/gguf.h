// SPDX-License-Identifier: Apache-2.0
// GGUF files (ggml docs/gguf.md), versions 2 and 3, little-endian: metadata and tensor table, at least as strict as
// ggml's own reader. Keys and tensor names are unique, dimensions and sizes are checked products, tensors lie packed
// and aligned in the order of the table, everything stays inside the file. Data are never read here.
#pragma once

#include "core/base/result.h"
#include "core/checkpoint/safetensors.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace espalier::checkpoint {

enum class GgufType : std::uint32_t { U8, I8, U16, I16, U32, I32, F32, Bool, String, Array, U64, I64, F64 };

/// One metadata value in stored form. Views last as long as the metadata.
struct GgufEntry {
    std::string_view key;
    GgufType type = GgufType::U8;    ///< of the value; Array says that `count` elements follow
    GgufType element = GgufType::U8; ///< of an array's elements, else equal to `type`
    std::uint64_t count = 1;
    std::string_view value; ///< stored bytes; of a String its text, of an Array all elements (strings with lengths)
    std::string_view raw;   ///< key, type and value as they stand in the file
};

/// Metadata in file order. Cheap to copy: the bytes are shared. Any thread may read.
class GgufMetadata {
public:
    GgufMetadata() = default;

    [[nodiscard]] const std::vector<GgufEntry>& entries() const { return m_entries; }
    [[nodiscard]] const GgufEntry* find(std::string_view key) const;
    /// Nothing when the key is absent or of another kind. Whole numbers of any width; values over 2^63 - 1 are absent.
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const;
    /// Floats, and whole numbers as floats.
    [[nodiscard]] std::optional<double> real(std::string_view key) const;
    [[nodiscard]] std::optional<bool> boolean(std::string_view key) const;
    [[nodiscard]] std::optional<std::string_view> text(std::string_view key) const;
    /// Elements of an array; nothing when the key is absent or holds something else.
    [[nodiscard]] std::optional<std::vector<std::string_view>> texts(std::string_view key) const;
    [[nodiscard]] std::optional<std::vector<std::int64_t>> integers(std::string_view key) const;
    [[nodiscard]] std::optional<std::vector<double>> reals(std::string_view key) const;

private:
    friend class GgufParser;
    std::shared_ptr<const std::string> m_bytes;
    std::vector<GgufEntry> m_entries;
    std::unordered_map<std::string_view, std::size_t> m_byKey;
};

struct GgufHeader {
    std::uint32_t version = 3;
    std::uint64_t alignment = 32;
    GgufMetadata metadata;
    std::vector<TensorInfo> tensors; ///< in file order; shapes in PyTorch order (the stored one reversed)
    std::uint64_t dataBegin = 0;     ///< from the start of the file
    std::uint64_t fileBytes = 0;
    std::vector<std::string> warnings;
};

/// Reads and checks the header of one file. BadInput names the file and the key or tensor.
[[nodiscard]] Result<GgufHeader> readGgufHeader(const std::filesystem::path& path);

/// The same on a buffer: `head` is the file's beginning (the header at least), `fileBytes` its length. Used by tests
/// and fuzzing.
[[nodiscard]] Result<GgufHeader> parseGgufHeader(std::string_view head, std::uint64_t fileBytes,
                                                 const std::string& file);

/// Changes on the way from one file to another. Types of replaced numbers are kept.
struct GgufEdits {
    std::vector<std::pair<std::string, std::int64_t>> integers; ///< the key must be there as a whole number
    std::vector<std::pair<std::string, std::string>> texts;     ///< replaced, or added at the end
    std::vector<std::string> removed;                           ///< keys that need not be there
};

/// Header of version 3 for these tensors in the given order (offsets are laid out in that order, `offset` of the input
/// is ignored), padded to the alignment: tensor data follow directly, each padded to the alignment too. Shapes in
/// PyTorch order; dtypes must be GGUF's. BadInput when an edited key is absent or its new value does not fit its type.
[[nodiscard]] Result<std::string> makeGgufHeader(const GgufMetadata& metadata, const GgufEdits& edits,
                                                 const std::vector<TensorInfo>& tensors, std::uint64_t alignment);

[[nodiscard]] constexpr std::uint64_t paddedTo(std::uint64_t bytes, std::uint64_t alignment)
{
    return (bytes + alignment - 1) / alignment * alignment;
}

} // namespace espalier::checkpoint
