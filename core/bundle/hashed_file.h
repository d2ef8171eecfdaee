// SPDX-License-Identifier: Apache-2.0
// A large file of a bundle: hashed by a second thread while it is written, and brought to the disk in the background
// while the next one is written or the folder is verified. One thread at a time.
#pragma once

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/bundle/export.h"

#include <future>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::bundle {

/// Files that are on their way to the disk. Whoever promises that they are there waits for all of them.
using DiskSyncs = std::vector<std::future<Result<void>>>;
/// The first error, after all have ended.
[[nodiscard]] Result<void> waitFor(DiskSyncs& syncs);

class HashedFile {
public:
    /// `folder`/`name`, removed on destruction unless finish() was called.
    [[nodiscard]] static Result<HashedFile> create(const std::filesystem::path& folder, const std::string& name);
    [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);
    [[nodiscard]] Result<void> write(std::string_view text);
    /// Size and hash of what was written; the fsync goes into `syncs`, or is waited for when that is null.
    [[nodiscard]] Result<BundleFile> finish(DiskSyncs* syncs);

private:
    HashedFile(base::FileWriter writer, std::string name) : m_writer(std::move(writer)), m_name(std::move(name)) {}
    base::FileWriter m_writer;
    std::string m_name;
    base::Sha256 m_hash;
    std::uint64_t m_bytes = 0;
};

} // namespace espalier::bundle
