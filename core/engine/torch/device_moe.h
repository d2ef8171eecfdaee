// SPDX-License-Identifier: Apache-2.0
// The one place where tensors meet a device: routed experts of a layer computed there, everything else here. The device
// sees plain pointers (core/engine/device.h); what it gives equals the CPU path up to the rounding of sums.
#pragma once

#include "core/engine/device.h"
#include "core/engine/torch/block.h"

#include <functional>
#include <memory>
#include <span>

namespace espalier::engine {

/// False for routers and sizes that the device has no kernel for; such layers stay on the CPU.
[[nodiscard]] bool deviceComputes(const model::ModelSpec& spec, const LayerWeights& weights, at::ScalarType type);

/// As feedForward(), for a MoE layer that the device computes. All batches go through a chunk of experts while the next
/// chunk is copied. `done` hears the finished share.
[[nodiscard]] Result<void> deviceFeedForward(Device& device, std::span<const BlockRows> batches, WeightSource& source,
                                             std::size_t index, const base::JobContext& job,
                                             const std::function<void(double)>& done);

} // namespace espalier::engine
