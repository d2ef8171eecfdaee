// SPDX-License-Identifier: Apache-2.0
// One writer per study: an exclusive flock on "<study>.lock" beside it, which the system drops when the process dies.
// Not a lock on the study itself, because closing any descriptor of that file would drop SQLite's own locks.
#pragma once

#include "core/base/result.h"

#include <chrono>
#include <filesystem>

namespace espalier::study {

class WriteLock {
public:
    /// BadInput "the study is in use by process N" when another writer holds it longer than `patience`.
    [[nodiscard]] static Result<WriteLock> acquire(const std::filesystem::path& study,
                                                   std::chrono::milliseconds patience);
    WriteLock(WriteLock&& other) noexcept;
    WriteLock& operator=(WriteLock&&) = delete;
    ~WriteLock();

private:
    WriteLock(int fd, std::filesystem::path file) : m_fd(fd), m_file(std::move(file)) {}
    int m_fd;
    std::filesystem::path m_file;
};

} // namespace espalier::study
