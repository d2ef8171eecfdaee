// SPDX-License-Identifier: Apache-2.0
// From stored bytes to tensors of the compute type; routed experts of 8 bits and less stay as they are stored. File
// pages never count to the resident set, whatever the way of reading.
#pragma once

#include "core/base/result.h"
#include "core/checkpoint/checkpoint.h"
#include "core/engine/torch/stored_matrix.h"
#include "core/engine/torch/weights.h"
#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace espalier::engine {

class TensorLoader {
public:
    /// Both must outlive the loader.
    TensorLoader(const checkpoint::Checkpoint& checkpoint, const model::ModelSpec& spec, at::ScalarType type,
                 const checkpoint::WeightReading& reading = {});

    /// True for types that routed experts keep in memory.
    [[nodiscard]] static bool isNarrow(checkpoint::Dtype dtype) { return checkpoint::bitsPerElement(dtype) <= 8; }

    /// One matrix or vector in the compute type, or in `type`.
    [[nodiscard]] Result<at::Tensor> load(const std::string& name) { return load(name, m_type); }
    [[nodiscard]] Result<at::Tensor> load(const std::string& name, at::ScalarType type);
    /// Matrices stacked by rows into one. Empty names are not allowed.
    [[nodiscard]] Result<at::Tensor> stack(const std::vector<std::string>& names);
    [[nodiscard]] Result<NormWeights> norm(const model::ModelSpec& spec, const model::NormNames& names);
    /// The head with its bias into `ends`. A tied one is the embedding that is there, in the same storage where the
    /// types are equal; without it, it is read.
    [[nodiscard]] Result<void> head(const model::ModelSpec& spec, EndWeights& ends);
    [[nodiscard]] Result<LayerWeights> layer(const model::ModelSpec& spec, const model::LayerSpec& layer);
    /// Routed experts [first, first + count) of the layer, read by the calling thread's number of threads.
    [[nodiscard]] Result<std::vector<FfnWeights>> experts(const model::LayerSpec& layer, std::int64_t first,
                                                          std::int64_t count);
    /// Those with these ids.
    [[nodiscard]] Result<std::vector<FfnWeights>> experts(const model::LayerSpec& layer,
                                                          std::span<const std::int64_t> ids);

    [[nodiscard]] std::uint64_t bytesRead() const { return m_bytesRead; }

private:
    [[nodiscard]] Result<const checkpoint::TensorInfo*> find(const std::string& name) const;
    [[nodiscard]] const checkpoint::StoredWeight* findStored(const std::string& name) const;
    /// How `name` is stored, when that is narrow.
    [[nodiscard]] Result<std::optional<checkpoint::StoredWeight>> narrow(const std::string& name) const;
    [[nodiscard]] Result<StoredMatrix> read(const std::string& name, std::int64_t index);
    /// Fills the contiguous `into`, whose element count is the tensor's.
    [[nodiscard]] Result<void> fill(const checkpoint::TensorInfo& tensor, const at::Tensor& into);
    /// Matrix `index` of a stack.
    [[nodiscard]] Result<at::Tensor> loadOneOf(const std::string& name, std::int64_t index, at::ScalarType type);
    [[nodiscard]] Result<at::Tensor> loadPart(const checkpoint::TensorInfo& tensor, at::ScalarType type);
    [[nodiscard]] Result<LinearWeights> linear(const model::LinearNames& names);
    [[nodiscard]] Result<FfnWeights> ffn(const model::FfnNames& names);
    [[nodiscard]] Result<FfnWeights> expert(const model::FfnNames& names);
    /// Expert `expert` of fused tensors.
    [[nodiscard]] Result<FfnWeights> fusedExpert(const model::FusedExperts& names, std::int64_t expert);
    /// The router inside expert `expert`.
    [[nodiscard]] Result<SubRouterWeights> subRouter(const model::LinearNames& names, std::int64_t expert);
    [[nodiscard]] Result<void> attention(const model::ModelSpec& spec, const model::LayerSpec& layer,
                                         LayerWeights& weights);
    [[nodiscard]] Result<DeltaWeights> delta(const model::DeltaSpec& spec, const model::DeltaNames& names);
    [[nodiscard]] Result<void> router(const model::ModelSpec& spec, const model::LayerSpec& layer,
                                      LayerWeights& weights);

    const checkpoint::Checkpoint& m_checkpoint;
    const model::ModelSpec& m_spec;
    checkpoint::WeightReader m_reader;
    at::ScalarType m_type;
    std::atomic<std::uint64_t> m_bytesRead = 0; // experts are read by several threads
};

} // namespace espalier::engine
