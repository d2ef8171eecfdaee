// SPDX-License-Identifier: Apache-2.0
#include "core/base/resource_folder.h"

#include <cstdlib>
#include <vector>

namespace espalier::base {

Result<std::filesystem::path> resourceFolder(std::string_view name)
{
    namespace fs = std::filesystem;
    std::vector<fs::path> places;
    if (const char* chosen = std::getenv("ESPALIER_RESOURCES"); chosen != nullptr && *chosen != '\0') {
        places.emplace_back(fs::path(chosen) / name);
    } else {
        std::error_code error;
        const fs::path program = fs::read_symlink("/proc/self/exe", error);
        places.emplace_back(program.parent_path().parent_path() / "share" / "espalier" / name);
        // A build tree lies inside the source tree: go up until the resources are found.
        for (fs::path folder = program.parent_path(); folder.has_relative_path(); folder = folder.parent_path())
            places.emplace_back(folder / "resources" / name);
    }
    for (const auto& place : places) {
        std::error_code error;
        if (fs::is_directory(place, error))
            return place;
    }
    return badInput("the files that come with the program were not found", places.front().string(), {},
                    "Reinstall Espalier, or set ESPALIER_RESOURCES to the folder that holds '" + std::string(name) +
                        "'");
}

} // namespace espalier::base
