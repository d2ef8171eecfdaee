// SPDX-License-Identifier: Apache-2.0
// Tables of the manual that say what tests have checked: the test makes the row and compares, so that a table cannot
// promise what was not run. ESPALIER_WRITE_TABLES=1 puts the row into the page instead.
#pragma once

#include "tests/support/tiny_checkpoint.h"

#include <cstdlib>
#include <filesystem>
#include <string>

namespace espalier::test {

/// Empty when the one line of resources/manual/`page` that begins with `start` is `row`, else both. Needs
/// ESPALIER_SOURCE_DIR.
inline std::string manualRowDiffers(const char* page, const std::string& start, const std::string& row)
{
    const auto file = std::filesystem::path(ESPALIER_SOURCE_DIR) / "resources/manual" / page;
    std::string text = readText(file);
    const std::size_t before = text.find("\n" + start);
    if (before == std::string::npos)
        return std::string(page) + " has no line that begins with " + start + "\nIt should be " + row;
    const std::size_t end = text.find('\n', before + 1);
    const std::string line = text.substr(before + 1, end - before - 1);
    if (text.find("\n" + start, end - 1) != std::string::npos)
        return std::string(page) + " has two lines that begin with " + start;
    if (line == row)
        return {};
    if (std::getenv("ESPALIER_WRITE_TABLES") != nullptr) {
        writeText(file, text.replace(before + 1, end - before - 1, row));
        return {};
    }
    return std::string(page) + " says\n" + line + "\nThe tests have checked\n" + row;
}

} // namespace espalier::test
