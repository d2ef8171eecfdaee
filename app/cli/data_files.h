// SPDX-License-Identifier: Apache-2.0
// Repeatable options that name files: --data, --text and --task NAME=FILE.
#pragma once

#include "core/tokenizer/documents.h"

#include <span>
#include <string>
#include <vector>

namespace espalier::cli {

/// Usage error for the first argument that is not NAME=FILE.
[[nodiscard]] Result<std::vector<tokenizer::DataFile>> dataFiles(std::span<const std::string> arguments);

} // namespace espalier::cli
