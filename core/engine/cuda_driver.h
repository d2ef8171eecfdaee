// SPDX-License-Identifier: Apache-2.0
// What the CUDA driver of this machine says, asked without linking to it: libcuda.so.1 is opened by name. Any thread.
#pragma once

#include "core/engine/device.h"

#include <string>
#include <vector>

namespace espalier::engine {

struct CudaDriver {
    bool present = false;            ///< the library is there and could be initialised
    std::string reason;              ///< why not, or why it knows no device, in the loader's or the driver's words
    int version = 0;                 ///< CUDA version it supports: 13000 = 13.0
    std::vector<DeviceInfo> devices; ///< memoryFree is not asked for
};
[[nodiscard]] CudaDriver describeCudaDriver(const char* library = "libcuda.so.1");

} // namespace espalier::engine
