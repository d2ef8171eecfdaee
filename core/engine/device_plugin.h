// SPDX-License-Identifier: Apache-2.0
// Finding and opening the CUDA plug-in espalier_cuda. It is not looked for where no driver and no device are.
#pragma once

#include "core/base/result.h"
#include "core/engine/device.h"

#include <memory>
#include <string>

namespace espalier::engine {

/// Opens device `number` for computing in `type`. BadInput with the reason (no driver, no device, no plug-in, a plug-in
/// of another release, no code for this device) and what would help. ESPALIER_CUDA names another plug-in, file or
/// folder, which is then opened without asking the driver.
[[nodiscard]] Result<std::unique_ptr<Device>> openDevice(int number, DeviceType type);

/// For doctor: the plug-in's file, empty when there is none. It is not opened.
[[nodiscard]] std::string devicePluginPath();

} // namespace espalier::engine
