// SPDX-License-Identifier: Apache-2.0
// Private to the room: an open file read at given places. Movable; const members may be called from any thread.
#pragma once

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace espalier::checkpoint {

class OpenFile {
public:
    /// BadInput when it is missing, unreadable or not an ordinary file.
    [[nodiscard]] static Result<OpenFile> open(const std::filesystem::path& path);
    OpenFile(OpenFile&& other) noexcept;
    OpenFile& operator=(OpenFile&& other) noexcept;
    ~OpenFile();

    [[nodiscard]] int descriptor() const { return m_fd; }
    [[nodiscard]] std::uint64_t bytes() const { return m_bytes; } ///< length when it was opened
    /// Fills `into` from `offset`; BadInput when the file ends before.
    [[nodiscard]] Result<void> readAt(std::uint64_t offset, std::span<std::byte> into) const;

private:
    OpenFile(int fd, std::uint64_t bytes, std::filesystem::path path)
        : m_fd(fd), m_bytes(bytes), m_path(std::move(path))
    {
    }
    int m_fd = -1;
    std::uint64_t m_bytes = 0;
    std::filesystem::path m_path;
};

} // namespace espalier::checkpoint
