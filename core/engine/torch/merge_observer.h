// SPDX-License-Identifier: Apache-2.0
// Measures one MoE layer after the other for merging: its own routing over all rows, and all experts on all rows or on
// the bank. Sums in double. What is no finite number in an expert's output counts as 0.
#pragma once

#include "core/engine/merge.h"
#include "core/engine/torch/observer.h"
#include "core/model/model_spec.h"

#include <ATen/core/Tensor.h>

#include <map>

namespace espalier::engine {

class MergeObserver : public Observer {
public:
    /// `rows` that will go through every layer.
    MergeObserver(const model::ModelSpec& spec, const EvidenceSettings& settings, std::int64_t rows);

    void observePack(const MoeObservation& observation, const at::Tensor& x, const ExpertPack& pack) override;
    void observeExperts(MoeObservation& observation, std::span<const ExpertRows> experts) override;
    void observeLayer(const MoeObservation& observation) override;

    /// What was seen since the last call, of `layer`.
    [[nodiscard]] method::LayerEvidence take(LayerIndex layer);

private:
    /// Rows that go through the packs together.
    struct Part {
        std::int64_t slot = 0; ///< of its first row in the bank
        at::Tensor rows;       ///< its rows in the bank
    };
    void begin();
    [[nodiscard]] const Part& partOf(const MoeObservation& observation);
    void everyToken(const at::Tensor& outputs, const at::Tensor& scores, std::int64_t expert);
    void finishBank(method::LayerEvidence& evidence) const;

    const model::ModelSpec& m_spec;
    EvidenceSettings m_settings;
    std::int64_t m_step = 1; ///< every so many rows one is in the bank
    std::int64_t m_bank = 0; ///< rows in it
    std::int64_t m_seen = 0, m_slots = 0;
    std::map<const void*, Part> m_parts; ///< by the place of the residual stream's rows
    double m_tokens = 0;
    at::Tensor m_chosen, m_gates, m_saliency, m_squares, m_routed; ///< [E] and [E, H] double
    at::Tensor m_logitSum, m_logitGram, m_mean, m_gatedMean;       ///< double
    at::Tensor m_bankGates, m_bankLogits;                          ///< [n, E] float32
    at::Tensor m_outputs, m_activations;                           ///< [n, E, H], [E, n, I] float32
};

} // namespace espalier::engine
