// SPDX-License-Identifier: Apache-2.0
#include "core/engine/plugin.h"

#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <fmt/format.h>
#include <mutex>
#include <optional>

namespace espalier::engine {

namespace fs = std::filesystem;

namespace {

constexpr const char* kSymbol = "espalier_engine_entry";
constexpr const char* kRemedy = "Install the espalier engine beside the program, or set ESPALIER_ENGINE to "
                                "libespalier_engine.so";

/// libgomp's threads by default spin for milliseconds at every barrier. Beside any other busy program that makes two
/// threads several times slower than one; a short spin costs nothing measurable on an idle machine. The runtime reads
/// this once, when libtorch brings it into the process; what the user has set stays.
void limitSpinning()
{
    if (std::getenv("OMP_WAIT_POLICY") == nullptr)
        ::setenv("GOMP_SPINCOUNT", "1000", 0);
}

bool isThere(const fs::path& path)
{
    std::error_code failed;
    return fs::exists(path, failed);
}

} // namespace

fs::path programFolder()
{
    std::error_code failed;
    const fs::path program = fs::read_symlink("/proc/self/exe", failed);
    return failed ? fs::current_path(failed) : program.parent_path();
}

std::vector<fs::path> pluginPlaces(const fs::path& chosen, const fs::path& programFolder, const PluginName& name)
{
    std::error_code failed;
    if (!chosen.empty())
        return {fs::is_directory(chosen, failed) ? chosen / name.file : chosen};
    std::vector<fs::path> places{programFolder / name.file};
    for (const char* folder : {"lib", "lib64", "lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu"})
        places.push_back(programFolder.parent_path() / folder / "espalier" / name.file);
    // Programs and tests of a build tree lie some folders below its root, which CMake marks by its cache file; without
    // the mark a foreign folder higher up could offer a library of that name.
    fs::path root = programFolder;
    for (int up = 0; up < 6 && root.has_relative_path(); ++up, root = root.parent_path())
        if (isThere(root / "CMakeCache.txt"))
            places.push_back(root / name.folder / name.file);
    return places;
}

fs::path firstPlugin(const std::vector<fs::path>& places)
{
    const auto found = std::find_if(places.begin(), places.end(), isThere);
    return found != places.end() ? *found : fs::path();
}

Result<Plugin> openPlugin(const fs::path& library)
{
    limitSpinning();
    // Local: libtorch's symbols must not take the place of those of other libraries in the program.
    void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        const char* reason = ::dlerror();
        return badInput(fmt::format("the engine cannot be opened: {}", reason != nullptr ? reason : "no reason given"),
                        library.string(), {},
                        "Check that libtorch and its NVIDIA runtime libraries are complete (./dev setup fetches them)");
    }
    const auto* entry = static_cast<const EngineEntry*>(::dlsym(handle, kSymbol));
    if (entry == nullptr) {
        ::dlclose(handle);
        return badInput(fmt::format("the library has no symbol {}; it is not an espalier engine", kSymbol),
                        library.string(), {}, kRemedy);
    }
    if (entry->abi != kEngineAbi) {
        const int found = entry->abi;
        ::dlclose(handle);
        return badInput(fmt::format("the engine has interface {}, this program needs {}", found, kEngineAbi),
                        library.string(), {}, "Use program and engine of the same release");
    }
    return Plugin{library, entry};
}

Result<const Plugin*> loadPlugin()
{
    static std::mutex mutex;
    static std::optional<Plugin> loaded;
    const std::scoped_lock lock(mutex);
    if (loaded)
        return &*loaded;
    const char* chosen = std::getenv("ESPALIER_ENGINE");
    const auto places = pluginPlaces(chosen != nullptr ? chosen : "", programFolder());
    if (const fs::path place = firstPlugin(places); !place.empty()) {
        ESPALIER_TRY(loaded, openPlugin(place));
        return &*loaded;
    }
    return badInput("the engine's library is missing; without it nothing can be computed", places.front().string(), {},
                    kRemedy);
}

} // namespace espalier::engine
