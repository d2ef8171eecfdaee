// SPDX-License-Identifier: Apache-2.0
// Private to the benchmark: one layer of a published model's shape with random weights.
#pragma once

#include "core/engine/torch/weights.h"
#include "core/model/model_spec.h"

#include <string>
#include <string_view>
#include <vector>

namespace espalier::engine {

/// Sizes from the model's config.json; `id` is one of benchShapes().
[[nodiscard]] model::ModelSpec shapeSpec(std::string_view id);

/// A source of one layer. Experts are as many as the model has; when `memory` does not hold all of them in `type`,
/// several share matrices (still far more than any cache holds).
class RandomWeights : public WeightSource {
public:
    /// NoResources when not even two experts fit beside the rest.
    [[nodiscard]] static Result<RandomWeights> make(const model::ModelSpec& spec, at::ScalarType type,
                                                    std::uint64_t memory);
    [[nodiscard]] Result<void> prepare(bool, const base::JobContext&) override { return {}; }
    [[nodiscard]] Result<const LayerWeights*> layer(std::size_t, const base::JobContext&) override { return &m_layer; }
    [[nodiscard]] std::size_t packs(std::size_t) const override { return 1; }
    [[nodiscard]] Result<ExpertPack> experts(std::size_t, std::size_t, const base::JobContext&) override
    {
        return ExpertPack{0, m_experts};
    }
    [[nodiscard]] Result<const EndWeights*> ends(End, const base::JobContext&) override { return &m_ends; }
    [[nodiscard]] std::uint64_t bytesRead() const override { return 0; }
    [[nodiscard]] std::uint64_t bytesTotal() const override { return 0; }
    [[nodiscard]] double secondsWaiting() const override { return 0; }

    [[nodiscard]] std::int64_t distinctExperts() const { return m_distinct; }

private:
    RandomWeights() = default;
    LayerWeights m_layer;
    std::vector<FfnWeights> m_experts;
    EndWeights m_ends;
    std::int64_t m_distinct = 0;
};

} // namespace espalier::engine
