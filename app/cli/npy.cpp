// SPDX-License-Identifier: Apache-2.0
#include "app/cli/npy.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace espalier::cli {

Result<NpyWriter> NpyWriter::create(const std::filesystem::path& path, const std::vector<std::size_t>& shape)
{
    ESPALIER_TRY(auto file, base::AtomicFileWriter::create(path));
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
    for (const std::size_t n : shape)
        header += fmt::format("{},", n);
    header += "), }";
    // Magic (6), version (2), length (2) and header with its newline must be a multiple of 64.
    const std::size_t padding = 63 - (10 + header.size()) % 64;
    header.append(padding, ' ');
    header += '\n';
    std::string start("\x93NUMPY\x01\x00", 8);
    start += static_cast<char>(header.size() & 0xffU);
    start += static_cast<char>(header.size() >> 8U);
    ESPALIER_CHECK(file.write(start + header));
    return NpyWriter(std::move(file));
}

Result<void> NpyWriter::write(std::span<const float> values)
{
    return m_file.write(std::as_bytes(values));
}

Result<void> NpyWriter::fill(std::size_t count)
{
    const std::vector<float> block(std::min<std::size_t>(count, 1U << 16U), std::numeric_limits<float>::quiet_NaN());
    while (count > 0) {
        const std::size_t n = std::min(count, block.size());
        ESPALIER_CHECK(write(std::span(block).first(n)));
        count -= n;
    }
    return {};
}

Result<void> NpyWriter::finish()
{
    return m_file.finish();
}

} // namespace espalier::cli
