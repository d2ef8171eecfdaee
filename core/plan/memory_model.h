// SPDX-License-Identifier: Apache-2.0
// Bytes a cut model has on disk (exact) and needs on a device (weights exact, cache by formula, workspace estimated).
#pragma once

#include "core/model/model_summary.h"
#include "core/plan/plan.h"

#include <span>

namespace espalier::plan {

struct Deployment {
    std::int64_t context = 4096; ///< tokens per sequence
    std::int64_t sequences = 1;  ///< at the same time
    std::int32_t kvBytes = 2;    ///< bytes per cache element: 2 = bfloat16/float16, 1 = fp8, 4 = float32
    bool operator==(const Deployment&) const = default;
};

/// Tensor bytes by part when `kept[i]` lists the kept ids of model.moeLayers[i]. Exact for stock exports.
[[nodiscard]] model::BytesByPart predictBytes(const model::ModelSummary& model, std::span<const PlanLayer> layers);

/// (per token x context + per token of a window x min(context, window) + per sequence) x sequences x kvBytes, the
/// counts by model::CacheFacts: grouped-query and latent attention, sliding windows, gated delta rule.
[[nodiscard]] std::uint64_t kvCacheBytes(const model::ModelSummary& model, const Deployment& deployment);
/// The same of a part of the model, for sliding windows of `window` tokens (0 = none).
[[nodiscard]] std::uint64_t kvCacheBytes(const model::CacheFacts& cache, std::int32_t window,
                                         const Deployment& deployment);

/// Estimate, stated as such everywhere: activations of one prefill chunk and the logits, see memory_model.cpp.
[[nodiscard]] std::uint64_t workspaceBytes(const model::ModelSummary& model, const Deployment& deployment);
/// The part of it that the head needs: the logits.
[[nodiscard]] std::uint64_t logitsBytes(const model::ModelSummary& model, const Deployment& deployment);

[[nodiscard]] PredictedMemory predictMemory(const model::ModelSummary& model, const model::BytesByPart& bytes,
                                            const Deployment& deployment);

} // namespace espalier::plan
