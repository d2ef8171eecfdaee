// SPDX-License-Identifier: Apache-2.0
// From stored bytes to tensors of the compute type. Reads with pread, not through a mapping, so that file pages never
// count to the resident set.
#pragma once

#include "core/base/result.h"
#include "core/checkpoint/checkpoint.h"
#include "core/engine/torch/weights.h"
#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace espalier::engine {

class TensorLoader {
public:
    /// `checkpoint` must outlive the loader.
    TensorLoader(const checkpoint::Checkpoint& checkpoint, at::ScalarType type);

    /// One matrix or vector in the compute type, or in `type`.
    [[nodiscard]] Result<at::Tensor> load(const std::string& name) { return load(name, m_type); }
    [[nodiscard]] Result<at::Tensor> load(const std::string& name, at::ScalarType type);
    /// Matrices stacked by rows into one. Empty names are not allowed.
    [[nodiscard]] Result<at::Tensor> stack(const std::vector<std::string>& names);
    [[nodiscard]] Result<NormWeights> norm(const model::ModelSpec& spec, const model::NormNames& names);
    [[nodiscard]] Result<LayerWeights> layer(const model::ModelSpec& spec, const model::LayerSpec& layer);

    [[nodiscard]] std::uint64_t bytesRead() const { return m_bytesRead; }

private:
    [[nodiscard]] Result<const checkpoint::TensorInfo*> find(const std::string& name) const;
    /// Fills the contiguous `into`, whose element count is the tensor's.
    [[nodiscard]] Result<void> fill(const checkpoint::TensorInfo& tensor, const at::Tensor& into);
    [[nodiscard]] Result<at::Tensor> loadPart(const checkpoint::TensorInfo& tensor, at::ScalarType type);
    [[nodiscard]] Result<LinearWeights> linear(const model::LinearNames& names);
    [[nodiscard]] Result<FfnWeights> ffn(const model::FfnNames& names);
    /// Expert `expert` of fused tensors.
    [[nodiscard]] Result<FfnWeights> fusedExpert(const model::FusedExperts& names, std::int64_t expert);
    [[nodiscard]] Result<void> attention(const model::ModelSpec& spec, const model::LayerSpec& layer,
                                         LayerWeights& weights);
    [[nodiscard]] Result<DeltaWeights> delta(const model::DeltaSpec& spec, const model::DeltaNames& names);
    [[nodiscard]] Result<void> experts(const model::ModelSpec& spec, const model::LayerSpec& layer,
                                       LayerWeights& weights);

    const checkpoint::Checkpoint& m_checkpoint;
    checkpoint::TensorReader m_reader;
    at::ScalarType m_type;
    std::atomic<std::uint64_t> m_bytesRead = 0; // experts are read by several threads
};

} // namespace espalier::engine
