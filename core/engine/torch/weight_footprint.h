// SPDX-License-Identifier: Apache-2.0
// What the weights take in memory, layer by layer, known from headers alone: narrow experts as stored, the rest in the
// compute type, the head in float32.
#pragma once

#include "core/engine/engine.h"
#include "core/model/model_summary.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace espalier::engine {

struct WeightFootprint {
    struct Layer {
        std::uint64_t rest = 0;    ///< everything but routed experts, bytes
        std::uint64_t experts = 0; ///< all routed experts, bytes
    };
    std::vector<Layer> layers;
    std::uint64_t embedding = 0, head = 0; ///< a head that shares the embedding's storage counts 0
    /// Expanding narrow experts: every thread has one in the compute type and one matrix of it in float32.
    std::uint64_t scratch = 0;
    std::uint64_t storedBytes = 0; ///< of the files: every tensor that the decoder reads
    std::uint64_t storedHead = 0;  ///< of those, what only logits need

    [[nodiscard]] std::uint64_t total() const;
    [[nodiscard]] std::uint64_t ends() const { return embedding + head; }
    [[nodiscard]] std::uint64_t largestRest() const;
    [[nodiscard]] std::uint64_t largestLayer() const;
    /// The largest routed expert.
    [[nodiscard]] std::uint64_t largestExpert(int experts) const;
};
/// Of the layers given alone; the embedding belongs to the first layer, the head to the last.
[[nodiscard]] WeightFootprint footprintOf(const model::OpenModel& model, at::ScalarType type, int threads,
                                          const LayerRange& layers = {});

} // namespace espalier::engine
