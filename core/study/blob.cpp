// SPDX-License-Identifier: Apache-2.0
#include "core/study/blob.h"

#include "core/base/byte_size.h"
#include "core/base/hash.h"

#include <fmt/format.h>

namespace espalier::study {

std::string blobChecksum(std::string_view dtype, std::uint64_t rows, std::uint64_t cols,
                         std::span<const std::byte> bytes)
{
    base::Sha256 hash;
    hash.add(fmt::format("{} {} {}\n", dtype, rows, cols));
    hash.add(bytes);
    return hash.finish().substr(0, 32);
}

std::string blobFault(const BlobRow& row, std::string_view dtype, std::uint64_t itemBytes, std::uint64_t rows,
                      std::uint64_t cols)
{
    if (row.dtype != dtype)
        return fmt::format("holds {} instead of {}", row.dtype, dtype);
    if (row.rows < 0 || row.cols < 0 || static_cast<std::uint64_t>(row.rows) != rows ||
        static_cast<std::uint64_t>(row.cols) != cols)
        return fmt::format("has shape {} x {}, the model needs {} x {}", row.rows, row.cols, rows, cols);
    std::uint64_t items = 0;
    std::uint64_t bytes = 0;
    if (base::multiplyOverflows(rows, cols, items) || base::multiplyOverflows(items, itemBytes, bytes) ||
        row.bytes.size() != bytes)
        return fmt::format("has {} bytes, its shape needs {}", row.bytes.size(), bytes);
    if (blobChecksum(row.dtype, rows, cols, row.bytes) != row.checksum)
        return "has a wrong checksum";
    return {};
}

} // namespace espalier::study
