// SPDX-License-Identifier: Apache-2.0
// Safetensors headers, as strict as the reference library (model-format rules: header <= 100 MB, UTF-8 JSON object that
// begins with '{', offsets contiguous from 0 without holes or overlaps, end = file end, checked products, no
// duplicate names, known dtypes, __metadata__ string -> string) plus caps on rank and name length. Data are never read
// here.
#pragma once

#include "core/base/result.h"
#include "core/base/strong_index.h"
#include "core/checkpoint/dtype.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::checkpoint {

/// One tensor as the header describes it.
struct TensorInfo {
    std::string name;
    Dtype dtype = Dtype::F32;
    std::vector<std::int64_t> shape; ///< PyTorch order [rows(out), cols(in)]; empty = scalar
    std::uint32_t shard = 0;         ///< index into Checkpoint::shards()
    std::uint64_t offset = 0;        ///< of the first byte, from the start of the file
    std::uint64_t bytes = 0;

    [[nodiscard]] std::int64_t elements() const;
};

struct SafetensorsHeader {
    std::vector<TensorInfo> tensors; ///< ascending by offset; shard is 0
    std::map<std::string, std::string> metadata;
    std::uint64_t fileBytes = 0;
};

/// Reads and checks the header of one file. BadInput names the file and the tensor.
[[nodiscard]] Result<SafetensorsHeader> readSafetensorsHeader(const std::filesystem::path& path);

/// The same on a buffer: `head` is the file's beginning (8 bytes and the header at least), `fileBytes` its length.
/// Used by tests and fuzzing.
[[nodiscard]] Result<SafetensorsHeader> parseSafetensorsHeader(std::string_view head, std::uint64_t fileBytes,
                                                               const std::string& file);

/// 8-byte length and JSON header for tensors in the given order (offsets are laid out in that order, `offset` fields of
/// the input are ignored); padded with spaces to a multiple of 8; metadata is written first when not empty.
[[nodiscard]] std::string makeSafetensorsHeader(const std::vector<TensorInfo>& tensors,
                                                const std::map<std::string, std::string>& metadata);

} // namespace espalier::checkpoint
