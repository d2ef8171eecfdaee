// SPDX-License-Identifier: Apache-2.0
// Private to the room: members of a zip archive (NumPy's .npz, PyTorch's .pt and .pth), stored or deflated. The central
// directory is checked entry by entry; a member is unpacked into the size it declares, never beyond.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::exchange {

struct ZipMember {
    std::string name;
    std::uint64_t stored = 0, bytes = 0; ///< in the file, unpacked
    std::uint64_t header = 0;            ///< of its local header
    std::uint16_t method = 0;            ///< 0 stored, 8 deflated
    std::uint32_t crc = 0;
};

class ZipArchive {
public:
    /// BadInput when it is no zip archive, encrypted, split, has two members of one name, or points outside the file.
    [[nodiscard]] static Result<ZipArchive> open(const std::filesystem::path& path);

    [[nodiscard]] const std::vector<ZipMember>& members() const { return m_members; }
    [[nodiscard]] const ZipMember* find(std::string_view name) const;
    /// The member's bytes, CRC checked. BadInput when they are more than `limit`.
    [[nodiscard]] Result<std::string> read(const ZipMember& member, std::uint64_t limit) const;

private:
    std::filesystem::path m_path;
    std::vector<ZipMember> m_members;
};

} // namespace espalier::exchange
