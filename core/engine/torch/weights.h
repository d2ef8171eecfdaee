// SPDX-License-Identifier: Apache-2.0
// Where a pass gets its weights. The pass is layer-major, so a source is asked for each layer once per pass, in
// ascending order; one that keeps nothing reads ahead. Routed experts come in packs, so that a layer larger than the
// memory passes through it. Not thread-safe: belongs to its engine's thread.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace espalier::engine {

/// Matrices are [out, in], in the compute type; what a model does not have is an undefined tensor.
struct LinearWeights {
    at::Tensor weight, bias;
};
struct NormWeights {
    at::Tensor weight, bias; ///< what the normed row is multiplied by: 1 is added where the model stores less 1
};
struct StoredFfn;
/// Router inside an expert, see model::SubExpertSpec: R blocks of `width` neurons, the last ones of the expert.
struct SubRouterWeights {
    at::Tensor weight, bias; ///< [R, H] and [R] float32; undefined = every neuron runs
    std::int64_t width = 0, active = 0;
};
struct FfnWeights {
    at::Tensor gateUp;     ///< [2I, H]: rows of gate, then rows of up, so that both are one GEMM
    at::Tensor down;       ///< [H, I]
    at::Tensor gateUpBias; ///< [2I]
    at::Tensor downBias;   ///< [H]
    /// Routed experts of narrow types: both matrices are undefined until inUse() makes them from this.
    std::shared_ptr<const StoredFfn> stored;
    SubRouterWeights sub;
};
/// The weights with matrices of the compute type; the given ones when they have them already.
[[nodiscard]] FfnWeights inUse(const FfnWeights& weights, at::ScalarType type);

/// Gated delta rule, see model::DeltaNames.
struct DeltaWeights {
    at::Tensor in;              ///< [2 keys + 2 values + 2 value heads, H]: rows of q, k, v, z, b, a
    at::Tensor convolution;     ///< [2 keys + values, kernel]
    at::Tensor timeBias, decay; ///< [value heads] float32
    at::Tensor norm;            ///< [valueDim]
    at::Tensor out;             ///< [H, values]
};
/// Router with estimates that are no linear function, float32; see model::RouterNeuronNames.
struct RouterNeurons {
    at::Tensor gate, up, scale, offset, gateOut, upOut, gain;
};
/// A layer without its routed experts.
struct LayerWeights {
    NormWeights attentionNorm; ///< [H]
    LinearWeights qkv;         ///< [(heads + 2 kvHeads) headDim, H]: rows of q, k, v, then of the output's gate
    NormWeights qNorm, kNorm;
    LinearWeights o;  ///< [H, heads headDim]
    at::Tensor sinks; ///< [heads] float32
    // latent attention
    LinearWeights queryDown, query; ///< the first undefined when queries are not compressed
    LinearWeights keyValueDown, keyValueUp;
    NormWeights queryNorm, keyValueNorm;
    DeltaWeights delta;
    NormWeights postAttentionNorm;
    NormWeights ffnNorm;
    LinearWeights router; ///< [E, H], undefined in dense layers; float32 when its logits are
    RouterNeurons neurons;
    at::Tensor correctionBias; ///< [E] float32
    FfnWeights dense;          ///< undefined in MoE layers
    FfnWeights shared;
    at::Tensor sharedGate; ///< [1, H]
    NormWeights postFfnNorm;
};
/// Routed experts first, first + 1 … of a layer.
struct ExpertPack {
    std::int64_t first = 0;
    std::span<const FfnWeights> experts;
};
/// What stands before and after the layers.
struct EndWeights {
    at::Tensor embedding; ///< [V, H]
    NormWeights finalNorm;
    at::Tensor head;     ///< [V, H] float32, so that logits are not rounded to bfloat16; same storage when tied
    at::Tensor headBias; ///< [V] float32
};

enum class End { Embedding, Head };

class WeightSource {
public:
    virtual ~WeightSource() = default;
    /// Called before every pass: a source that keeps weights reads them now, so that progress of reading and of
    /// computing do not alternate. Cancelled when the job was stopped while reading.
    [[nodiscard]] virtual Result<void> prepare(bool head, const base::JobContext& job) = 0;
    /// Valid until the next call of layer().
    [[nodiscard]] virtual Result<const LayerWeights*> layer(std::size_t index, const base::JobContext& job) = 0;
    /// Packs in which the routed experts of the layer come.
    [[nodiscard]] virtual std::size_t packs(std::size_t index) const = 0;
    /// Experts that rows will meet, told before experts() by callers that know; a source that holds some of the experts
    /// sees to it that it has these. The others' places in the pack may be empty.
    virtual void wanted(std::size_t, std::span<const std::int64_t>) {}
    /// To be asked for in order after layer(index); valid until the next call of experts() or layer().
    [[nodiscard]] virtual Result<ExpertPack> experts(std::size_t index, std::size_t pack,
                                                     const base::JobContext& job) = 0;
    /// One end is enough for the caller; valid until the next call of ends() or layer().
    [[nodiscard]] virtual Result<const EndWeights*> ends(End which, const base::JobContext& job) = 0;
    /// Bytes read from files so far, as stored.
    [[nodiscard]] virtual std::uint64_t bytesRead() const = 0;
    /// Stored bytes of every tensor that the passes so far need; the head's when prepare() was asked for it.
    [[nodiscard]] virtual std::uint64_t bytesTotal() const = 0;
    /// Seconds in which the pass waited for files.
    [[nodiscard]] virtual double secondsWaiting() const = 0;
    /// Seconds in which weights were read beside the arithmetic; 0 for a source that does not.
    [[nodiscard]] virtual double secondsReading() const { return 0; }
};

} // namespace espalier::engine
