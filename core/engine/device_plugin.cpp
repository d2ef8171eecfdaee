// SPDX-License-Identifier: Apache-2.0
#include "core/engine/device_plugin.h"

#include "core/engine/cuda_driver.h"
#include "core/engine/plugin.h"

#include <cstdlib>
#include <dlfcn.h>
#include <fmt/format.h>
#include <mutex>

namespace espalier::engine {

namespace fs = std::filesystem;

namespace {

constexpr PluginName kName{"libespalier_cuda.so", "core/engine/cuda"};
constexpr const char* kSymbol = "espalier_device_entry";
constexpr const char* kRemedy = "Use --device cpu, or build the plug-in: ./dev build cuda (needs the CUDA toolkit 13)";

const char* chosen()
{
    const char* place = std::getenv("ESPALIER_CUDA");
    return place != nullptr ? place : "";
}

struct Opened {
    fs::path library;
    const DeviceEntry* entry = nullptr;
};

Result<Opened> open()
{
    const fs::path library = firstPlugin(pluginPlaces(chosen(), programFolder(), kName));
    if (library.empty())
        return badInput("the CUDA plug-in is missing", kName.file, {}, kRemedy);
    void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        const char* reason = ::dlerror();
        return badInput(fmt::format("the CUDA plug-in cannot be opened: {}", reason != nullptr ? reason : "no reason"),
                        library.string(), {}, kRemedy);
    }
    const auto* entry = static_cast<const DeviceEntry*>(::dlsym(handle, kSymbol));
    if (entry == nullptr || entry->abi != kDeviceAbi) {
        const std::string found = entry != nullptr ? fmt::format("interface {}", entry->abi) : "no symbol for it";
        ::dlclose(handle);
        return badInput(fmt::format("the CUDA plug-in has {}, this program needs interface {}", found, kDeviceAbi),
                        library.string(), {}, "Use program and plug-in of the same release");
    }
    return Opened{library, entry};
}

Result<Opened> opened()
{
    static std::mutex mutex;
    static Opened once;
    const std::scoped_lock lock(mutex);
    if (once.entry == nullptr) {
        ESPALIER_TRY(once, open());
    }
    return once;
}

} // namespace

Result<std::unique_ptr<Device>> openDevice(int number, DeviceType type)
{
    if (*chosen() == '\0') {
        const CudaDriver driver = describeCudaDriver();
        if (!driver.present || driver.devices.empty())
            return badInput("there is no CUDA device to compute with: " + driver.reason, {}, {},
                            "Use --device cpu; espalier doctor says what the machine has");
    }
    ESPALIER_TRY(const Opened plugin, opened());
    return plugin.entry->open(number, type);
}

std::string devicePluginPath()
{
    return firstPlugin(pluginPlaces(chosen(), programFolder(), kName)).string();
}

} // namespace espalier::engine
