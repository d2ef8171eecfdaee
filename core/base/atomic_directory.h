// SPDX-License-Identifier: Apache-2.0
// A folder that appears complete or not at all: filled under a temporary sibling name, renamed by commit().
#pragma once

#include "core/base/result.h"

#include <filesystem>

namespace espalier::base {

class AtomicDirectory {
public:
    /// BadInput when `target` exists and is not an empty folder, or its parent cannot be written. Missing parents are
    /// created. Left-over siblings of interrupted runs are not touched.
    [[nodiscard]] static Result<AtomicDirectory> create(const std::filesystem::path& target);
    AtomicDirectory(AtomicDirectory&& other) noexcept;
    AtomicDirectory& operator=(AtomicDirectory&& other) noexcept;
    /// Removes the temporary folder with everything in it unless commit() was successful.
    ~AtomicDirectory();

    /// Where to write.
    [[nodiscard]] const std::filesystem::path& path() const { return m_temporary; }
    [[nodiscard]] const std::filesystem::path& target() const { return m_target; }
    /// Syncs, renames to the target, syncs the parent. BadInput when the target was taken in the meantime.
    [[nodiscard]] Result<void> commit();

private:
    AtomicDirectory(std::filesystem::path temporary, std::filesystem::path target)
        : m_temporary(std::move(temporary)), m_target(std::move(target))
    {
    }
    std::filesystem::path m_temporary; ///< empty after commit() or a move
    std::filesystem::path m_target;
};

} // namespace espalier::base
