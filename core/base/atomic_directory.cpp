// SPDX-License-Identifier: Apache-2.0
#include "core/base/atomic_directory.h"

#include "core/base/file.h"

#include <atomic>
#include <cerrno>
#include <fmt/format.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace espalier::base {

Result<AtomicDirectory> AtomicDirectory::create(const std::filesystem::path& target)
{
    static std::atomic<unsigned> counter{0};
    std::error_code code;
    // "out/" has an empty file name; the sibling must stand beside "out", not inside it
    std::filesystem::path place = std::filesystem::absolute(target, code).lexically_normal();
    if (!place.has_filename())
        place = place.parent_path();
    if (!place.has_filename())
        return badInput("this folder cannot be written", target.string(), {}, "Choose another folder");
    const auto status = std::filesystem::symlink_status(place, code);
    if (std::filesystem::exists(status)) {
        if (!std::filesystem::is_directory(status))
            return badInput("exists and is not a folder", target.string(), {}, "Choose another folder");
        const bool empty = std::filesystem::is_empty(place, code);
        if (code)
            return systemError(target, "cannot read the folder", code.value());
        if (!empty)
            return badInput("the folder is not empty", target.string(), {}, "Choose a new or empty folder");
    }
    std::filesystem::create_directories(place.parent_path(), code);
    if (code)
        return systemError(place.parent_path(), "cannot create the folder", code.value());
    const std::filesystem::path temporary =
        place.parent_path() / fmt::format(".{}.{}-{}.partial", place.filename().string(), ::getpid(), ++counter);
    std::filesystem::create_directory(temporary, code);
    if (code)
        return systemError(target, "cannot create the folder", code.value());
    return AtomicDirectory(temporary, place);
}

AtomicDirectory::AtomicDirectory(AtomicDirectory&& other) noexcept
    : m_temporary(std::exchange(other.m_temporary, {})), m_target(std::move(other.m_target))
{
}

AtomicDirectory& AtomicDirectory::operator=(AtomicDirectory&& other) noexcept
{
    std::swap(m_temporary, other.m_temporary);
    std::swap(m_target, other.m_target);
    return *this;
}

AtomicDirectory::~AtomicDirectory()
{
    std::error_code ignored;
    if (!m_temporary.empty())
        std::filesystem::remove_all(m_temporary, ignored);
}

Result<void> AtomicDirectory::commit()
{
    ESPALIER_CHECK(syncDirectory(m_temporary));
    // rename(2) replaces an empty folder and refuses one with content, which closes the race with other programs
    if (::rename(m_temporary.c_str(), m_target.c_str()) != 0) {
        const int reason = errno;
        if (reason == ENOTEMPTY || reason == EEXIST || reason == ENOTDIR)
            return badInput("the folder was filled by something else meanwhile", m_target.string(), {},
                            "Choose a new or empty folder");
        return systemError(m_target, "cannot rename the finished folder", reason);
    }
    m_temporary.clear();
    return syncDirectory(m_target.parent_path());
}

} // namespace espalier::base
