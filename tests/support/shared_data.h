// SPDX-License-Identifier: Apache-2.0
// Published data files that are too large for the repository: a folder shared/ beside the checkout. Where it is missing
// the test is skipped loudly; in continuous integration (CI is set) it fails instead.
#pragma once

#include <QtGlobal>
#include <filesystem>

namespace espalier::test {

/// shared/<inside>, or empty when there is none.
inline std::filesystem::path sharedData(const char* inside)
{
    const std::filesystem::path source(ESPALIER_SOURCE_DIR);
    const auto place = source.parent_path() / "shared" / inside;
    if (std::filesystem::exists(place))
        return place;
    const auto worktree = source.parent_path().parent_path() / "shared" / inside; // checkouts one folder deeper
    return std::filesystem::exists(worktree) ? worktree : std::filesystem::path();
}

} // namespace espalier::test

/// Declares `name` as a path below shared/.
#define ESPALIER_NEED_SHARED(name, inside)                                                                             \
    const std::filesystem::path name = espalier::test::sharedData(inside);                                             \
    do {                                                                                                               \
        if (name.empty()) {                                                                                            \
            if (qEnvironmentVariableIsSet("CI"))                                                                       \
                QFAIL("shared/" inside " is missing");                                                                 \
            QSKIP("NOT COMPARED WITH PUBLISHED DATA: shared/" inside " is missing");                                   \
        }                                                                                                              \
    } while (false)
