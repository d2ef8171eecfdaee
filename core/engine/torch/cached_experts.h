// SPDX-License-Identifier: Apache-2.0
// Everything but the routed experts stays in memory; experts are read when rows choose them or a plan names them, and
// those used longest ago make room (PreMoe, arXiv 2505.17639: only the experts of the matched pattern are loaded, and
// the next pattern loads what differs).
#pragma once

#include "core/engine/engine.h"
#include "core/engine/torch/tensor_loader.h"
#include "core/engine/torch/weight_footprint.h"
#include "core/engine/torch/weights.h"
#include "core/model/model_summary.h"

#include <optional>
#include <vector>

namespace espalier::engine {

/// The type that the model's experts are stored in, `compute` for those that have no such type in libtorch.
[[nodiscard]] at::ScalarType storedExpertType(const model::OpenModel& model, at::ScalarType compute);

class CachedExperts : public WeightSource {
public:
    /// `model` must outlive the source. `capacity`: bytes of experts in memory; raised to one layer's, and to a held
    /// plan's as far as `most` allows.
    CachedExperts(const model::OpenModel& model, at::ScalarType type, const WeightFootprint& footprint,
                  std::uint64_t capacity, std::uint64_t most);

    /// See Engine::hold(); the plan fits the model.
    [[nodiscard]] Result<void> hold(PlanPointer plan, const base::JobContext& job);
    [[nodiscard]] ExpertCacheCounters counters() const { return m_counters; }

    [[nodiscard]] Result<void> prepare(bool head, const base::JobContext& job) override;
    [[nodiscard]] Result<const LayerWeights*> layer(std::size_t index, const base::JobContext& job) override;
    [[nodiscard]] std::size_t packs(std::size_t) const override { return 1; }
    void wanted(std::size_t index, std::span<const std::int64_t> experts) override;
    [[nodiscard]] Result<ExpertPack> experts(std::size_t index, std::size_t pack, const base::JobContext& job) override;
    [[nodiscard]] Result<const EndWeights*> ends(End which, const base::JobContext& job) override;
    [[nodiscard]] std::uint64_t bytesRead() const override { return m_loader.bytesRead() + m_head.bytesRead(); }
    [[nodiscard]] std::uint64_t bytesTotal() const override { return m_bytesTotal; }
    [[nodiscard]] double secondsWaiting() const override { return m_seconds; }

private:
    struct Layer {
        LayerWeights weights;
        std::vector<FfnWeights> experts; ///< empty where not in memory
        std::vector<bool> held;
        std::vector<std::uint64_t> lastUse;
        std::uint64_t expertBytes = 0; ///< of one, in memory
    };
    /// Reads those that are not in memory; what `spared` keeps in other layers makes room last.
    [[nodiscard]] Result<void> load(std::size_t index, std::span<const std::int64_t> ids, PlanPointer spared);
    /// Bytes of all experts that the plan keeps.
    [[nodiscard]] std::uint64_t bytesOf(PlanPointer plan) const;
    void makeRoom(std::uint64_t bytes, std::size_t index, std::span<const std::int64_t> ids, PlanPointer spared);

    const model::OpenModel& m_model;
    TensorLoader m_loader;
    TensorLoader m_head; // float32
    std::vector<Layer> m_layers;
    bool m_prepared = false;
    EndWeights m_ends;
    std::vector<std::int64_t> m_wanted; ///< of the layer that experts() will be asked for
    std::uint64_t m_clock = 0;
    std::uint64_t m_bytesTotal, m_most;
    ExpertCacheCounters m_counters;
    double m_seconds = 0;
};

} // namespace espalier::engine
