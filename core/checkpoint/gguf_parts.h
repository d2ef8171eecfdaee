// SPDX-License-Identifier: Apache-2.0
// Private to the room: which files make up a GGUF model.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace espalier::checkpoint {

/// `path` when it is a .gguf file; when it is a folder without config.json, the one GGUF model in it (the first part of
/// a split one). Nothing otherwise, or when there are several.
[[nodiscard]] std::optional<std::filesystem::path> findGguf(const std::filesystem::path& path);

/// "name-00002-of-00005.gguf": the names of all five.
struct SplitName {
    std::string prefix; ///< "name"
    int number = 0;     ///< 2
    int count = 0;      ///< 5
    [[nodiscard]] std::string part(int number) const;
};
[[nodiscard]] std::optional<SplitName> parseSplitName(const std::string& file);

} // namespace espalier::checkpoint
