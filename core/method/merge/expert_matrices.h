// SPDX-License-Identifier: Apache-2.0
// One expert's matrices in one orientation, whatever the checkpoint's layout, and what is condensed from them.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"
#include "core/method/merge/alignment.h"
#include "core/model/model_spec.h"
#include "core/model/weight_reader.h"

#include <vector>

namespace espalier::method {

/// Row-major float32; I neurons, H hidden.
struct ExpertMatrices {
    std::size_t neurons = 0, hidden = 0;
    std::vector<float> gate, up; ///< [I, H]
    std::vector<float> down;     ///< [H, I]
};
[[nodiscard]] Result<ExpertMatrices> readExpert(model::WeightReader& reader, const model::ModelSpec& spec,
                                                const model::LayerSpec& layer, std::int32_t expert);

/// What alignNeurons() compares, of the weights.
[[nodiscard]] NeuronFeatures featuresOf(const ExpertMatrices& expert);

/// Cosines [E, E] of surrogates of a layer's experts: W_down W_gate R and W_down W_up R side by side, R a random
/// [H, 16] matrix, the same for all. They condense all three matrices and do not depend on the order of neurons. Reads
/// one expert at a time. Cancelled between experts.
[[nodiscard]] Result<std::vector<double>> weightSurrogates(model::WeightReader& reader, const model::ModelSpec& spec,
                                                           const model::LayerSpec& layer, const base::JobContext& job);

} // namespace espalier::method
