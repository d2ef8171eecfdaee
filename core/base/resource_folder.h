// SPDX-License-Identifier: Apache-2.0
// Where the files that come with the program lie: the bundled model and the manual.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <string_view>

namespace espalier::base {

/// Folder `name` ("demo", "manual") of the resources: below ESPALIER_RESOURCES when that is set, else
/// ../share/espalier of an installed program, else resources/ of the source tree that the build tree lies in.
/// BadInput naming the places looked at when there is none.
[[nodiscard]] Result<std::filesystem::path> resourceFolder(std::string_view name);

} // namespace espalier::base
