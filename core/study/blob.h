// SPDX-License-Identifier: Apache-2.0
// Matrices as bytes in the study: little-endian, row-major, with a checksum over dtype, shape and data.
#pragma once

#include "core/base/result.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::study {

// Bytes are written as they lie in memory; a big-endian machine would need a swap where blobs are made and read.
static_assert(std::endian::native == std::endian::little);

/// First 32 hex digits of SHA-256 over "dtype rows cols\n" and the bytes.
[[nodiscard]] std::string blobChecksum(std::string_view dtype, std::uint64_t rows, std::uint64_t cols,
                                       std::span<const std::byte> bytes);

/// What a row says about its blob, as read from the file: nothing of it is trusted.
struct BlobRow {
    std::string dtype;
    std::int64_t rows = 0, cols = 0;
    std::string checksum;
    std::span<const std::byte> bytes;
};
/// Empty when dtype, shape (against what the topology demands), length and checksum agree, else the reason.
[[nodiscard]] std::string blobFault(const BlobRow& row, std::string_view dtype, std::uint64_t itemBytes,
                                    std::uint64_t rows, std::uint64_t cols);

/// Appends the values of a blob that blobFault() found nothing wrong with.
template <typename T>
void appendBlob(std::span<const std::byte> bytes, std::vector<T>& into)
{
    const std::size_t old = into.size();
    into.resize(old + bytes.size() / sizeof(T));
    if (!bytes.empty())
        std::memcpy(into.data() + old, bytes.data(), bytes.size());
}

} // namespace espalier::study
