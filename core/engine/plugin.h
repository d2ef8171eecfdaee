// SPDX-License-Identifier: Apache-2.0
// Private to the room: finding and opening the plug-in library.
#pragma once

#include "core/base/result.h"
#include "core/engine/engine.h"

#include <filesystem>
#include <vector>

namespace espalier::engine {

struct Plugin {
    std::filesystem::path library;
    const EngineEntry* entry = nullptr;
};

struct PluginName {
    const char* file;   ///< of the library
    const char* folder; ///< where a build tree has it
};
inline constexpr PluginName kEngineName{"libespalier_engine.so", "core/engine/torch"};

/// Where the library is looked for, in order. `chosen` (ESPALIER_ENGINE, file or folder) stands alone when not empty;
/// else beside the program, the installed folders, and the build tree the program lies in.
[[nodiscard]] std::vector<std::filesystem::path> pluginPlaces(const std::filesystem::path& chosen,
                                                              const std::filesystem::path& programFolder,
                                                              const PluginName& name = kEngineName);
/// The first place that has a file, else empty.
[[nodiscard]] std::filesystem::path firstPlugin(const std::vector<std::filesystem::path>& places);
/// Of the running program.
[[nodiscard]] std::filesystem::path programFolder();

/// Opens one library and checks its symbol and ABI number. BadInput with the loader's own reason.
[[nodiscard]] Result<Plugin> openPlugin(const std::filesystem::path& library);

/// The process's plug-in: opened once and kept until the end (libtorch cannot be unloaded). Any thread. A failure is
/// not remembered, so that a library put in place later is found.
[[nodiscard]] Result<const Plugin*> loadPlugin();

} // namespace espalier::engine
