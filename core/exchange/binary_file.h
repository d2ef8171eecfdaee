// SPDX-License-Identifier: Apache-2.0
// Private to the room: a file read in pieces, every length checked against what is left before memory is asked for.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace espalier::exchange {

class BinaryFile {
public:
    /// BadInput when it is missing, unreadable or not an ordinary file.
    [[nodiscard]] static Result<BinaryFile> open(const std::filesystem::path& path);

    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; }
    [[nodiscard]] std::uint64_t at() const { return m_at; }
    [[nodiscard]] std::uint64_t left() const { return m_bytes - m_at; }
    [[nodiscard]] const std::string& path() const { return m_path; }

    /// `place` is what the errors name.
    [[nodiscard]] Result<void> seek(std::uint64_t offset, const std::string& place);
    [[nodiscard]] Result<std::string> take(std::uint64_t bytes, const std::string& place);
    [[nodiscard]] Result<void> skip(std::uint64_t bytes, const std::string& place);
    [[nodiscard]] Result<std::int32_t> int32(const std::string& place);
    [[nodiscard]] Result<std::vector<float>> floats(std::uint64_t count, const std::string& place);

private:
    [[nodiscard]] Result<void> need(std::uint64_t bytes, const std::string& place) const;
    std::ifstream m_stream;
    std::string m_path;
    std::uint64_t m_bytes = 0, m_at = 0;
};

} // namespace espalier::exchange
