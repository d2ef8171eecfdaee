// SPDX-License-Identifier: Apache-2.0
#include "core/engine/cuda_driver.h"

#include <cstddef>
#include <dlfcn.h>
#include <fmt/format.h>
#include <memory>

namespace espalier::engine {

namespace {

// The driver API's own numbers (cuda.h), which never change.
constexpr int kSuccess = 0;
constexpr int kMajor = 75, kMinor = 76; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_…

struct Close {
    void operator()(void* handle) const { ::dlclose(handle); }
};

class Library {
public:
    explicit Library(const char* name) : m_handle(::dlopen(name, RTLD_NOW | RTLD_LOCAL))
    {
        if (!m_handle) {
            const char* reason = ::dlerror();
            m_reason = reason != nullptr ? reason : "the library cannot be opened";
        }
    }
    [[nodiscard]] const std::string& reason() const { return m_reason; }

    /// Calls a function of the driver; false with reason() when it is missing or says something but success.
    template <typename... Arguments>
    bool call(const char* function, Arguments... arguments)
    {
        using Function = int (*)(Arguments...);
        if (!m_handle)
            return false;
        const auto found = reinterpret_cast<Function>(::dlsym(m_handle.get(), function));
        if (found == nullptr) {
            m_reason = fmt::format("the driver's library has no {}", function);
            return false;
        }
        const int code = found(arguments...);
        if (code == kSuccess)
            return true;
        using Name = int (*)(int, const char**);
        const auto nameOf = reinterpret_cast<Name>(::dlsym(m_handle.get(), "cuGetErrorName"));
        const char* name = nullptr;
        if (nameOf == nullptr || nameOf(code, &name) != kSuccess || name == nullptr)
            name = "an error";
        m_reason = fmt::format("{} says {} ({})", function, name, code);
        return false;
    }

private:
    std::unique_ptr<void, Close> m_handle;
    std::string m_reason;
};

} // namespace

CudaDriver describeCudaDriver(const char* library)
{
    CudaDriver driver;
    Library cuda(library);
    int count = 0;
    const bool begun = cuda.call("cuInit", 0U);
    driver.present = begun && cuda.call("cuDriverGetVersion", &driver.version);
    if (driver.present && cuda.call("cuDeviceGetCount", &count)) {
        for (int i = 0; i < count; ++i) {
            int device = 0;
            char name[256] = {};
            std::size_t memory = 0;
            DeviceInfo info;
            if (!cuda.call("cuDeviceGet", &device, i) ||
                !cuda.call("cuDeviceGetName", static_cast<char*>(name), static_cast<int>(sizeof name), device) ||
                !cuda.call("cuDeviceTotalMem_v2", &memory, device) ||
                !cuda.call("cuDeviceGetAttribute", &info.major, kMajor, device) ||
                !cuda.call("cuDeviceGetAttribute", &info.minor, kMinor, device))
                break;
            name[sizeof name - 1] = '\0';
            info.name = name;
            info.memory = memory;
            driver.devices.push_back(std::move(info));
        }
        if (count == 0)
            driver.reason = "the driver knows no device";
    }
    if (!cuda.reason().empty())
        driver.reason = cuda.reason();
    return driver;
}

} // namespace espalier::engine
