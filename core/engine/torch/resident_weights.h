// SPDX-License-Identifier: Apache-2.0
// Weights that stay in memory after the first use: every stored byte is read once.
#pragma once

#include "core/engine/torch/tensor_loader.h"
#include "core/engine/torch/weight_footprint.h"
#include "core/engine/torch/weights.h"
#include "core/model/model_summary.h"

#include <optional>
#include <vector>

namespace espalier::engine {

class ResidentWeights : public WeightSource {
public:
    /// `model` must outlive the source.
    ResidentWeights(const model::OpenModel& model, at::ScalarType type, const WeightFootprint& footprint,
                    const LayerRange& range = {});

    [[nodiscard]] Result<void> prepare(bool head, const base::JobContext& job) override;
    [[nodiscard]] Result<const LayerWeights*> layer(std::size_t index, const base::JobContext& job) override;
    [[nodiscard]] std::size_t packs(std::size_t) const override { return 1; }
    [[nodiscard]] Result<ExpertPack> experts(std::size_t index, std::size_t pack, const base::JobContext& job) override;
    [[nodiscard]] Result<const EndWeights*> ends(End which, const base::JobContext& job) override;
    [[nodiscard]] std::uint64_t bytesRead() const override { return m_loader.bytesRead() + m_head.bytesRead(); }
    [[nodiscard]] std::uint64_t bytesTotal() const override { return m_bytesTotal; }
    [[nodiscard]] double secondsWaiting() const override { return m_seconds; }

private:
    [[nodiscard]] Result<void> loadEnds(bool head);

    const model::OpenModel& m_model;
    LayerRange m_range;
    TensorLoader m_loader;
    TensorLoader m_head; // float32
    struct Layer {
        LayerWeights weights;
        std::vector<FfnWeights> experts;
    };
    std::vector<std::optional<Layer>> m_layers;
    EndWeights m_ends;
    std::uint64_t m_bytesTotal, m_headBytes; ///< stored; the head's are added when it is asked for
    double m_seconds = 0;
};

} // namespace espalier::engine
