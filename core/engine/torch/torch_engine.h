// SPDX-License-Identifier: Apache-2.0
// Engine on libtorch's CPU operators: one decoder that executes any ModelSpec.
#pragma once

#include "core/engine/engine.h"
#include "core/engine/torch/pass.h"
#include "core/engine/torch/rotary.h"
#include "core/engine/torch/settings.h"
#include "core/engine/torch/weights.h"

#include <memory>

namespace espalier::engine {

class TorchEngine : public Engine {
public:
    /// `model` must outlive the engine.
    TorchEngine(const model::OpenModel& model, const Settings& settings, std::unique_ptr<WeightSource> weights);

    [[nodiscard]] Result<void> logits(std::span<const TokenSequence> sequences, PlanPointer plan,
                                      const LogitsSink& sink, const base::JobContext& job) override;
    [[nodiscard]] Result<void> profileSets(std::span<const ProfileSet> sets, PassJournal* journal,
                                           const base::JobContext& job) override;
    [[nodiscard]] std::int64_t tokensAtOnce() const override;
    [[nodiscard]] Result<TextComparison> compare(std::span<const TextSet> texts, std::span<const PlanPointer> plans,
                                                 const base::JobContext& job) override;
    [[nodiscard]] Result<EndingLikelihoods> likelihoods(std::span<const Ending> endings,
                                                        std::span<const PlanPointer> variants,
                                                        const base::JobContext& job) override;
    [[nodiscard]] Result<Generated> generate(const GenerateRequest& request, const base::JobContext& job) override;
    [[nodiscard]] PassCounters counters() const override;
    [[nodiscard]] Result<std::vector<CarvedLayer>> carve(std::span<const tokenizer::Window> windows,
                                                         const CarveSettings& settings,
                                                         const base::JobContext& job) override;
    [[nodiscard]] Result<void> mergeEvidence(std::span<const tokenizer::Window> windows,
                                             const EvidenceSettings& settings, const EvidenceSink& sink,
                                             const base::JobContext& job) override;

private:
    /// Sequences [begin, end) that go through one pass, bounded by the memory for hidden states.
    struct Group {
        std::size_t begin = 0, end = 0;
        std::int64_t tokens = 0;
    };
    [[nodiscard]] Result<void> checkSequences(std::span<const TokenSpan> sequences) const;
    [[nodiscard]] std::vector<Group> groupsOf(std::span<const TokenSpan> sequences, std::int64_t streams) const;

    [[nodiscard]] Result<void> runLogits(std::span<const TokenSpan> sequences, PlanPointer plan, const LogitsSink& sink,
                                         const base::JobContext& job);
    /// Bytes that a token takes while a pass runs.
    [[nodiscard]] std::uint64_t rowBytes() const;
    [[nodiscard]] Result<void> runProfile(std::span<const ProfileSet> sets, PassJournal* journal,
                                          const base::JobContext& job);
    [[nodiscard]] Result<TextComparison> runCompare(std::span<const TextSet> texts, std::span<const PlanPointer> plans,
                                                    const base::JobContext& job);
    [[nodiscard]] Result<EndingLikelihoods>
    runLikelihoods(std::span<const Ending> endings, std::span<const PlanPointer> variants, const base::JobContext& job);
    [[nodiscard]] Result<Generated> runGenerate(const GenerateRequest& request, const base::JobContext& job);

    [[nodiscard]] Result<std::vector<CarvedLayer>> runCarve(std::span<const tokenizer::Window> windows,
                                                            const CarveSettings& settings, const base::JobContext& job);
    [[nodiscard]] Result<void> runMergeEvidence(std::span<const tokenizer::Window> windows,
                                                const EvidenceSettings& settings, const EvidenceSink& sink,
                                                const base::JobContext& job);

    const model::OpenModel& m_model;
    Settings m_settings;
    std::unique_ptr<WeightSource> m_weights;
    Rotary m_rotary;
    double m_flops = 0;
    double m_seconds = 0;
};

} // namespace espalier::engine
