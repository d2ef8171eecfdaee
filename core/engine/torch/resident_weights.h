// SPDX-License-Identifier: Apache-2.0
// Weights that stay in memory after the first use: every stored byte is read once.
#pragma once

#include "core/engine/torch/tensor_loader.h"
#include "core/engine/torch/weights.h"
#include "core/model/model_summary.h"

#include <optional>
#include <vector>

namespace espalier::engine {

class ResidentWeights : public WeightSource {
public:
    /// `model` must outlive the source.
    ResidentWeights(const model::OpenModel& model, at::ScalarType type);

    [[nodiscard]] Result<void> prepare(bool head, const base::JobContext& job) override;
    [[nodiscard]] Result<const LayerWeights*> layer(std::size_t index, const base::JobContext& job) override;
    [[nodiscard]] Result<const EndWeights*> ends(const base::JobContext& job) override;
    [[nodiscard]] std::uint64_t bytesRead() const override { return m_loader.bytesRead() + m_head.bytesRead(); }
    [[nodiscard]] std::uint64_t bytesTotal() const override { return m_bytesTotal; }

    /// Memory the weights take: narrow experts as stored, the rest in the compute type, the head in float32.
    [[nodiscard]] static std::uint64_t memoryNeeded(const model::OpenModel& model, at::ScalarType type, int threads);

private:
    [[nodiscard]] Result<void> loadEnds(bool head);

    const model::OpenModel& m_model;
    TensorLoader m_loader;
    TensorLoader m_head; // float32
    std::vector<std::optional<LayerWeights>> m_layers;
    EndWeights m_ends;
    std::uint64_t m_bytesTotal = 0;
};

} // namespace espalier::engine
