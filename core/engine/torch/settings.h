// SPDX-License-Identifier: Apache-2.0
// What the options become on this machine for this model, and what the decoder refuses.
#pragma once

#include "core/engine/engine.h"
#include "core/engine/torch/streamed_weights.h"
#include "core/engine/torch/weight_footprint.h"

#include <ATen/core/Tensor.h>

#include <optional>

namespace espalier::engine {

struct Settings {
    ComputeType compute = ComputeType::Float32; ///< never Auto
    int threads = 1;
    std::uint64_t hiddenBytes = 0; ///< bound on hidden states and caches held at a time
    WeightFootprint footprint;
    LayerRange layers;                 ///< that are computed; others are neither read nor counted
    std::uint64_t mostExpertBytes = 0; ///< with an expert cache: what it may grow to
    /// Set when the weights do not fit: they pass through the memory.
    std::optional<StreamSettings> stream;
    [[nodiscard]] at::ScalarType scalarType() const;
    /// Streamed, all experts of a layer together: batches of rows go through a layer one after the other.
    [[nodiscard]] bool wholeLayers() const
    {
        return stream && stream->window >= StreamedWeights::bestWindow(footprint);
    }
};

/// Weights stay in memory when they fit and are streamed when not, or when the options say so. BadInput for weights
/// that cannot be computed with; NoResources when the memory is too small even for streaming, with the figure that
/// would do.
[[nodiscard]] Result<Settings> chooseSettings(const model::OpenModel& model, const EngineOptions& options);

} // namespace espalier::engine
