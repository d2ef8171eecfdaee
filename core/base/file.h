// SPDX-License-Identifier: Apache-2.0
// Files: bounded reading, atomic writing (temporary sibling, fsync, rename), free disk space.
// Errors are BadInput with path and system reason, NoResources for a full disk.
#pragma once

#include "core/base/result.h"
#include "core/base/strong_index.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace espalier::base {

/// Whole file as a string; refuses files larger than `limit`.
[[nodiscard]] Result<std::string> readTextFile(const std::filesystem::path& path, ByteSize limit);

/// Writes next to `path`, syncs, renames over it: after a crash there is the old file or the new one, never half.
[[nodiscard]] Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view text);

/// Free bytes for an ordinary user on the file system that holds `path` (or its nearest existing parent).
[[nodiscard]] Result<ByteSize> freeDiskSpace(const std::filesystem::path& path);

/// A file being written in sequence; removed on destruction unless finish() was called. The disk begins to write while
/// more comes, so that finish() has little left to wait for.
class FileWriter {
public:
    [[nodiscard]] static Result<FileWriter> create(const std::filesystem::path& path);
    FileWriter(FileWriter&& other) noexcept;
    FileWriter& operator=(FileWriter&& other) noexcept;
    ~FileWriter();
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);
    [[nodiscard]] Result<void> write(std::string_view text);
    /// fsync and close.
    [[nodiscard]] Result<void> finish();

private:
    FileWriter(int fd, std::filesystem::path path) : m_fd(fd), m_path(std::move(path)) {}
    int m_fd = -1;
    std::int64_t m_written = 0, m_begun = 0; ///< bytes; those the disk was told to write
    std::filesystem::path m_path;
};

/// The same as writeFileAtomically(), piece by piece: goes to a temporary sibling, finish() renames it. A symbolic link
/// stays and the file behind it is replaced; pipes and devices are written to directly. Errors name `path`.
class AtomicFileWriter {
public:
    [[nodiscard]] static Result<AtomicFileWriter> create(const std::filesystem::path& path);
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);
    [[nodiscard]] Result<void> write(std::string_view text);
    [[nodiscard]] Result<void> finish();

private:
    AtomicFileWriter(FileWriter file, std::filesystem::path path, std::filesystem::path target,
                     std::filesystem::path temporary)
        : m_file(std::move(file)), m_path(std::move(path)), m_target(std::move(target)),
          m_temporary(std::move(temporary))
    {
    }
    [[nodiscard]] Result<void> named(Result<void> outcome) const;
    FileWriter m_file;
    std::filesystem::path m_path, m_target, m_temporary; ///< as the user named it; what is replaced; empty: direct
};

/// Error for a failed system call on `path`: errno → message, code (ENOSPC → NoResources) and remedy.
[[nodiscard]] Error systemError(const std::filesystem::path& path, std::string_view doing, int errnoValue);

[[nodiscard]] Result<void> syncDirectory(const std::filesystem::path& directory);

/// True when `text` is well-formed UTF-8 (no overlong forms, surrogates or values over U+10FFFF);
/// otherwise *offset (if given) is the position of the first bad byte.
[[nodiscard]] bool isUtf8(std::string_view text, std::size_t* offset = nullptr);

} // namespace espalier::base
