// SPDX-License-Identifier: Apache-2.0
// A cut model over several devices in order, whole layers at a time: the pipeline split of llama.cpp (--split-mode
// layer) and vLLM (--pipeline-parallel-size). The embedding lies on the first device, the head on the last. Pure
// functions.
#pragma once

#include "core/base/result.h"
#include "core/plan/memory_model.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::plan {

struct Device {
    std::string name;
    std::uint64_t bytes = 0; ///< memory it has
    bool operator==(const Device&) const = default;
};

struct DeviceLoad {
    std::int32_t firstLayer = 0, layers = 0; ///< decoder layers, dense ones included
    model::BytesByPart bytes;                ///< exact, by part
    PredictedMemory memory;                  ///< weights (exact), cache (by formula), workspace (estimated)
};

struct DeviceSplit {
    std::vector<DeviceLoad> loads;      ///< one per device
    std::uint64_t copied = 0;           ///< bytes that lie on two devices: an embedding that is the head too
    std::optional<std::size_t> tooFull; ///< the first device whose memory is not enough
    /// The study does not say what each layer holds: attention, shared experts and the rest are taken as equal in all.
    bool assumed = false;
    [[nodiscard]] bool fits() const { return !tooFull; }
    /// "24,23", the layers of each device.
    [[nodiscard]] std::string layerList() const;
};

/// The split whose fullest device is as empty as can be, by share of its memory; where several do, earlier devices take
/// more. It fits when any split fits. At least one device; a device of 0 bytes gets no layer unless none has more.
[[nodiscard]] DeviceSplit splitOverDevices(const model::ModelSummary& model, std::span<const PlanLayer> layers,
                                           const Deployment& deployment, std::span<const Device> devices);

/// As largestCountThatFits(), for several devices: nothing when even the smallest legal count does not fit.
[[nodiscard]] std::optional<std::int32_t>
largestCountThatFits(const model::ModelSummary& model, std::span<const Device> devices, const Deployment& deployment);

/// "24GB,16GiB" or "2x24GB": sizes separated by commas, each with a number of devices before it when there are several.
/// Usage error for what is no size, for devices without memory and for more than 64.
[[nodiscard]] Result<std::vector<Device>> parseDevices(std::string_view text);

} // namespace espalier::plan
