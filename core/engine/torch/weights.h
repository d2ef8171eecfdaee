// SPDX-License-Identifier: Apache-2.0
// Where a pass gets its weights. The pass is layer-major, so a source is asked for each layer once per pass, in
// ascending order; one that keeps nothing can read ahead. Not thread-safe: belongs to its engine's thread.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace espalier::engine {

/// Matrices are [out, in] as stored, in the compute type; biases are undefined tensors where the model has none.
struct FfnWeights {
    at::Tensor gateUp; ///< [2I, H]: rows of gate, then rows of up, so that both are one GEMM
    at::Tensor down;   ///< [H, I]
};
struct LayerWeights {
    at::Tensor attentionNorm; ///< [H]
    at::Tensor qkv, qkvBias;  ///< [(heads + 2 kvHeads) headDim, H]: rows of q, k, v
    at::Tensor qNorm, kNorm;  ///< [headDim], undefined without q/k norm
    at::Tensor o, oBias;      ///< [H, heads headDim]
    at::Tensor ffnNorm;       ///< [H]
    at::Tensor router;        ///< [E, H], undefined in dense layers
    std::vector<FfnWeights> experts;
    FfnWeights dense; ///< undefined in MoE layers
};
/// What stands before and after the layers.
struct EndWeights {
    at::Tensor embedding; ///< [V, H]
    at::Tensor finalNorm; ///< [H]
    at::Tensor head;      ///< [V, H] float32, so that logits are not rounded to bfloat16; same storage when tied
};

class WeightSource {
public:
    virtual ~WeightSource() = default;
    /// Called before every pass: a source that keeps weights reads them now, so that progress of reading and of
    /// computing do not alternate. Cancelled when the job was stopped while reading.
    [[nodiscard]] virtual Result<void> prepare(bool head, const base::JobContext& job) = 0;
    /// Valid until the next call of layer().
    [[nodiscard]] virtual Result<const LayerWeights*> layer(std::size_t index, const base::JobContext& job) = 0;
    /// Valid as long as the source; the head is undefined until prepare() was asked for it.
    [[nodiscard]] virtual Result<const EndWeights*> ends(const base::JobContext& job) = 0;
    /// Bytes read from files so far, as stored.
    [[nodiscard]] virtual std::uint64_t bytesRead() const = 0;
    /// Stored bytes of every tensor the decoder uses.
    [[nodiscard]] virtual std::uint64_t bytesTotal() const = 0;
};

} // namespace espalier::engine
