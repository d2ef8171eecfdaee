// SPDX-License-Identifier: Apache-2.0
#include "core/base/file.h"

#include "core/base/byte_size.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace espalier::base {

namespace {

constexpr std::int64_t kWriteBehind = std::int64_t{16} << 20U;

} // namespace

Error systemError(const std::filesystem::path& path, std::string_view doing, int errnoValue)
{
    Error error = badInput(fmt::format("{}: {}", doing, std::generic_category().message(errnoValue)), path.string());
    switch (errnoValue) {
    case ENOSPC:
    case EDQUOT:
        error.code = ErrorCode::NoResources;
        error.remedy = "Free space on this disk or choose another place";
        break;
    case EFBIG:
        error.code = ErrorCode::NoResources;
        error.remedy = "Raise the limit on file sizes (ulimit -f) or choose another disk";
        break;
    case ENOMEM:
        error.code = ErrorCode::NoResources;
        break;
    case ENOENT:
        error.remedy = "Check the spelling of the path";
        break;
    case EACCES:
    case EPERM:
    case EROFS:
        error.remedy = "Check the permissions or choose another place";
        break;
    case EISDIR:
        error.remedy = "Name a file, not a folder";
        break;
    default:
        break;
    }
    return error;
}

Result<std::string> readTextFile(const std::filesystem::path& path, ByteSize limit)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return systemError(path, "cannot open", errno);
    struct Closer {
        int fd;
        ~Closer() { ::close(fd); }
    } const closer{fd};
    struct stat status {};
    if (::fstat(fd, &status) != 0)
        return systemError(path, "cannot examine", errno);
    if (S_ISDIR(status.st_mode))
        return badInput("is a folder, a file was expected", path.string());
    const auto tooLarge = [&] {
        return badInput(fmt::format("larger than the {} allowed for such a file", formatByteSize(limit)),
                        path.string());
    };
    const auto expected = S_ISREG(status.st_mode) ? static_cast<std::uint64_t>(status.st_size) : 0;
    if (expected > limit.value())
        return tooLarge();
    // Pipes and /proc report no length and regular files may grow, so reading goes on to the end either way.
    std::string text;
    std::size_t used = 0;
    for (;;) {
        if (text.size() == used)
            text.resize(used == 0 ? static_cast<std::size_t>(expected) + 1 : used * 2 + 4096);
        const ssize_t got = ::read(fd, text.data() + used, text.size() - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return systemError(path, "cannot read", errno);
        if (got == 0)
            break;
        used += static_cast<std::size_t>(got);
        if (used > limit.value())
            return tooLarge();
    }
    text.resize(used);
    return text;
}

Result<FileWriter> FileWriter::create(const std::filesystem::path& path)
{
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return systemError(path, "cannot create", errno);
    return FileWriter(fd, path);
}

FileWriter::FileWriter(FileWriter&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1)), m_written(other.m_written), m_begun(other.m_begun),
      m_path(std::move(other.m_path))
{
}

FileWriter& FileWriter::operator=(FileWriter&& other) noexcept
{
    std::swap(m_fd, other.m_fd);
    std::swap(m_written, other.m_written);
    std::swap(m_begun, other.m_begun);
    std::swap(m_path, other.m_path);
    return *this;
}

FileWriter::~FileWriter()
{
    if (m_fd < 0)
        return;
    // Only an ordinary file is ours to remove: as root, an unfinished write to /dev/null would delete the device.
    struct stat status {};
    const bool ordinary = ::fstat(m_fd, &status) == 0 && S_ISREG(status.st_mode);
    ::close(m_fd);
    if (ordinary)
        ::unlink(m_path.c_str());
}

Result<void> FileWriter::write(std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const ssize_t put = ::write(m_fd, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return systemError(m_path, "cannot write", errno);
        bytes = bytes.subspan(static_cast<std::size_t>(put));
        m_written += put;
    }
    if (m_written - m_begun >= kWriteBehind) {
        // Only a hint: pipes and some file systems refuse it, and finish() syncs whatever is left
        (void)::sync_file_range(m_fd, m_begun, m_written - m_begun, SYNC_FILE_RANGE_WRITE);
        m_begun = m_written;
    }
    return {};
}

Result<void> FileWriter::write(std::string_view text)
{
    return write(std::as_bytes(std::span(text.data(), text.size())));
}

Result<void> FileWriter::finish()
{
    // Pipes and devices cannot be synced; that is not a failure of the write.
    if (::fsync(m_fd) != 0 && errno != EINVAL && errno != EROFS)
        return systemError(m_path, "cannot write to disk", errno);
    if (::close(std::exchange(m_fd, -1)) != 0)
        return systemError(m_path, "cannot close", errno);
    return {};
}

Result<void> syncDirectory(const std::filesystem::path& directory)
{
    const std::filesystem::path place = directory.empty() ? std::filesystem::path(".") : directory;
    const int fd = ::open(place.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return systemError(place, "cannot open", errno);
    const int status = ::fsync(fd);
    const int reason = errno;
    ::close(fd);
    // Some network file systems refuse to sync folders; they order renames themselves.
    if (status != 0 && reason != EINVAL)
        return systemError(place, "cannot write to disk", reason);
    return {};
}

Result<AtomicFileWriter> AtomicFileWriter::create(const std::filesystem::path& path)
{
    static std::atomic<unsigned> counter{0};
    std::error_code code;
    const auto status = std::filesystem::status(path, code);
    if (std::filesystem::is_directory(status))
        return systemError(path, "cannot write", EISDIR);
    if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
        ESPALIER_TRY(FileWriter direct, FileWriter::create(path));
        return AtomicFileWriter(std::move(direct), path, path, {});
    }
    std::filesystem::path target = path;
    if (std::filesystem::is_symlink(std::filesystem::symlink_status(path, code)))
        if (auto real = std::filesystem::canonical(path, code); !code)
            target = std::move(real);
    std::filesystem::path temporary =
        target.parent_path() / fmt::format(".{}.{}-{}.tmp", target.filename().string(), ::getpid(), ++counter);
    auto writer = FileWriter::create(temporary);
    if (!writer) {
        Error error = writer.error();
        error.file = path.string(); // the user named this one, not the temporary sibling
        return error;
    }
    return AtomicFileWriter(std::move(*writer), path, std::move(target), std::move(temporary));
}

Result<void> AtomicFileWriter::named(Result<void> outcome) const
{
    if (outcome)
        return outcome;
    Error error = outcome.error();
    error.file = m_path.string();
    return error;
}

Result<void> AtomicFileWriter::write(std::span<const std::byte> bytes)
{
    return named(m_file.write(bytes));
}

Result<void> AtomicFileWriter::write(std::string_view text)
{
    return named(m_file.write(text));
}

Result<void> AtomicFileWriter::finish()
{
    ESPALIER_CHECK(named(m_file.finish()));
    if (m_temporary.empty())
        return {};
    if (::rename(m_temporary.c_str(), m_target.c_str()) != 0) {
        const int reason = errno;
        ::unlink(m_temporary.c_str());
        return systemError(m_path, "cannot write", reason);
    }
    return syncDirectory(m_target.parent_path());
}

Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view text)
{
    ESPALIER_TRY(auto writer, AtomicFileWriter::create(path));
    ESPALIER_CHECK(writer.write(text));
    return writer.finish();
}

Result<ByteSize> freeDiskSpace(const std::filesystem::path& path)
{
    std::error_code ignored;
    std::filesystem::path place = std::filesystem::absolute(path, ignored);
    while (!std::filesystem::exists(place, ignored) && place.has_relative_path())
        place = place.parent_path();
    struct statvfs status {};
    if (::statvfs(place.c_str(), &status) != 0)
        return systemError(place, "cannot ask for free space", errno);
    std::uint64_t bytes = 0;
    // Pseudo file systems (/proc) have no size at all; what they think of a write, the write will tell.
    if (status.f_blocks == 0 || multiplyOverflows(status.f_bavail, status.f_frsize, bytes))
        bytes = ~std::uint64_t{0};
    return ByteSize(bytes);
}

bool isUtf8(std::string_view text, std::size_t* offset)
{
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    const std::size_t size = text.size();
    std::size_t i = 0;
    const auto bad = [&] {
        if (offset != nullptr)
            *offset = i;
        return false;
    };
    while (i < size) {
        std::uint64_t eight = 0;
        if (size - i >= sizeof eight) { // ASCII runs, eight bytes at a time
            std::memcpy(&eight, data + i, sizeof eight);
            if ((eight & 0x8080808080808080ULL) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        const unsigned char lead = data[i];
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || length > size - i)
            return bad();
        for (std::size_t k = 1; k < length; ++k)
            if ((data[i + k] & 0xC0U) != 0x80U)
                return bad();
        const unsigned char second = data[i + 1]; // its range excludes overlong forms, surrogates, > U+10FFFF
        if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
            (lead == 0xF4 && second > 0x8F))
            return bad();
        i += length;
    }
    return true;
}

} // namespace espalier::base
