// SPDX-License-Identifier: Apache-2.0
// Turns what a layer's forward shows into the sums of one domain. Which statistics are collected is read off the arrays
// of the DomainStats given: a missing array is not computed. Rows are summed block by block (MoeObservation::block),
// and the blocks' sums in their order, so the result is the same however many blocks a pass holds.
#pragma once

#include "core/engine/torch/observer.h"
#include "core/model/model_spec.h"
#include "core/stats/statistics.h"

#include <memory>

namespace espalier::engine {

class StatsObserver : public Observer {
public:
    /// `into` must outlive the observer; its layers are in the order of the model's MoE layers.
    StatsObserver(const model::ModelSpec& spec, stats::DomainStats& into);
    ~StatsObserver() override;
    void observePack(const MoeObservation& observation, const at::Tensor& x, const ExpertPack& pack) override;
    void observeExperts(MoeObservation& observation, std::span<const ExpertRows> experts) override;
    void observeSums(const MoeObservation& observation, const ExpertSums& sums) override;
    [[nodiscard]] bool wantsOutputSums(int moePosition) const override;
    void observeLayer(const MoeObservation& observation) override;
    void endLayer() override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace espalier::engine
