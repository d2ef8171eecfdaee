// SPDX-License-Identifier: Apache-2.0
// What the options become on this machine for this model, and what the decoder refuses.
#pragma once

#include "core/engine/engine.h"

#include <ATen/core/Tensor.h>

namespace espalier::engine {

struct Settings {
    ComputeType compute = ComputeType::Float32; ///< never Auto
    int threads = 1;
    std::uint64_t hiddenBytes = 0; ///< bound on hidden states and caches held at a time
    [[nodiscard]] at::ScalarType scalarType() const;
};

/// BadInput for quantised weights and for router or layer kinds without an implementation; NoResources when the memory
/// is too small, with the figure that would do.
[[nodiscard]] Result<Settings> chooseSettings(const model::OpenModel& model, const EngineOptions& options);

} // namespace espalier::engine
