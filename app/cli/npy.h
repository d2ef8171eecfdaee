// SPDX-License-Identifier: Apache-2.0
// NumPy files (format 1.0) of float32, written in sequence.
#pragma once

#include "core/base/file.h"
#include "core/base/result.h"

#include <filesystem>
#include <span>
#include <vector>

namespace espalier::cli {

class NpyWriter {
public:
    /// Complete or absent: see base::AtomicFileWriter.
    [[nodiscard]] static Result<NpyWriter> create(const std::filesystem::path& path,
                                                  const std::vector<std::size_t>& shape);
    [[nodiscard]] Result<void> write(std::span<const float> values);
    /// `count` times NaN.
    [[nodiscard]] Result<void> fill(std::size_t count);
    [[nodiscard]] Result<void> finish();

private:
    explicit NpyWriter(base::AtomicFileWriter file) : m_file(std::move(file)) {}
    base::AtomicFileWriter m_file;
};

} // namespace espalier::cli
