// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/pread.h"

#include "core/base/file.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace espalier::checkpoint {

Result<OpenFile> OpenFile::open(const std::filesystem::path& path)
{
    // Without O_NONBLOCK, opening a named pipe somebody put there would wait for ever
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return base::systemError(path, "cannot open", errno);
    OpenFile file(fd, 0, path);
    struct stat status {};
    if (::fstat(fd, &status) != 0)
        return base::systemError(path, "cannot examine", errno);
    if (!S_ISREG(status.st_mode))
        return base::badInput("is not an ordinary file", path.string());
    file.m_bytes = static_cast<std::uint64_t>(status.st_size);
    return file;
}

OpenFile::OpenFile(OpenFile&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1)), m_bytes(other.m_bytes), m_path(std::move(other.m_path))
{
}

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept
{
    std::swap(m_fd, other.m_fd);
    std::swap(m_bytes, other.m_bytes);
    std::swap(m_path, other.m_path);
    return *this;
}

OpenFile::~OpenFile()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

Result<void> OpenFile::readAt(std::uint64_t offset, std::span<std::byte> into) const
{
    while (!into.empty()) {
        const ssize_t got = ::pread(m_fd, into.data(), into.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return base::systemError(m_path, "cannot read", errno);
        if (got == 0)
            return base::badInput("the file became shorter while it was read", m_path.string());
        offset += static_cast<std::uint64_t>(got);
        into = into.subspan(static_cast<std::size_t>(got));
    }
    return {};
}

} // namespace espalier::checkpoint
