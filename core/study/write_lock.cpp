// SPDX-License-Identifier: Apache-2.0
#include "core/study/write_lock.h"

#include "core/base/file.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace espalier::study {
namespace {

// The holder removes the file when it lets go; a descriptor of a removed file guards nothing.
bool stillNamed(int fd, const std::filesystem::path& file)
{
    struct stat opened {};
    struct stat named {};
    return ::fstat(fd, &opened) == 0 && ::stat(file.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev;
}

std::string holder(int fd)
{
    std::array<char, 24> text{};
    const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
    std::string digits;
    for (ssize_t i = 0; i < got && text[static_cast<std::size_t>(i)] >= '0' && text[static_cast<std::size_t>(i)] <= '9';
         ++i)
        digits += text[static_cast<std::size_t>(i)];
    return digits.empty() ? "another process" : "process " + digits;
}

} // namespace

Result<WriteLock> WriteLock::acquire(const std::filesystem::path& study, std::chrono::milliseconds patience)
{
    std::filesystem::path file = study;
    file += ".lock";
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (fd < 0) {
            Error error = base::systemError(study, "cannot write beside the study", errno);
            return error;
        }
        const int status = ::flock(fd, LOCK_EX | LOCK_NB);
        const int reason = errno;
        // Network drives without locks: SQLite's own locking still keeps the file whole.
        const bool unsupported = status != 0 && (reason == ENOLCK || reason == ENOTSUP || reason == EINVAL);
        if ((status == 0 || unsupported) && stillNamed(fd, file)) {
            const std::string text = fmt::format("{}\n", ::getpid());
            if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, text.data(), text.size(), 0) < 0) {
                const int why = errno;
                ::close(fd);
                return base::systemError(study, "cannot write beside the study", why);
            }
            return WriteLock(fd, std::move(file));
        }
        const std::string who = holder(fd);
        ::close(fd);
        if (std::chrono::steady_clock::now() >= deadline)
            return base::badInput(fmt::format("the study is in use by {}", who), study.string(), {},
                                  "Wait until it has finished, or stop it, and try again");
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

WriteLock::WriteLock(WriteLock&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)), m_file(std::move(other.m_file))
{
}

WriteLock::~WriteLock()
{
    if (m_fd < 0)
        return;
    ::unlink(m_file.c_str()); // while locked, so that nobody else's file is removed
    ::close(m_fd);
}

} // namespace espalier::study
