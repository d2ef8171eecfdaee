// SPDX-License-Identifier: Apache-2.0
// Engine on libtorch's CPU operators: one decoder that executes any ModelSpec.
#pragma once

#include "core/engine/device.h"
#include "core/engine/engine.h"
#include "core/engine/torch/cached_experts.h"
#include "core/engine/torch/head.h"
#include "core/engine/torch/pass.h"
#include "core/engine/torch/rotary.h"
#include "core/engine/torch/settings.h"
#include "core/engine/torch/weights.h"

#include <memory>

namespace espalier::engine {

class TorchEngine : public Engine {
public:
    /// `model` must outlive the engine.
    TorchEngine(const model::OpenModel& model, const Settings& settings, std::unique_ptr<WeightSource> weights,
                std::unique_ptr<Device> device = nullptr);

    [[nodiscard]] Result<void> logits(std::span<const TokenSequence> sequences, PlanPointer plan,
                                      const LogitsSink& sink, const base::JobContext& job) override;
    [[nodiscard]] Result<void> profileSets(std::span<const ProfileSet> sets, PassJournal* journal,
                                           const base::JobContext& job) override;
    [[nodiscard]] std::int64_t tokensAtOnce() const override;
    [[nodiscard]] bool spills() const override { return (!m_settings.stream || m_settings.wholeLayers()) && !m_device; }
    [[nodiscard]] Result<TextComparison> compare(std::span<const TextSet> texts, std::span<const PlanPointer> plans,
                                                 const base::JobContext& job) override;
    [[nodiscard]] Result<EndingLikelihoods> likelihoods(std::span<const Ending> endings,
                                                        std::span<const PlanPointer> variants,
                                                        const base::JobContext& job) override;
    [[nodiscard]] Result<EndingJudgements> judge(std::span<const Ending> endings, std::span<const PlanPointer> variants,
                                                 const base::JobContext& job) override;
    [[nodiscard]] Result<void> reconstruct(const ReconstructionRequest& request, const ReconstructionSink& sink,
                                           const base::JobContext& job) override;
    [[nodiscard]] Result<PromptRouting> routePrompts(std::span<const TokenSequence> prompts, std::int32_t layers,
                                                     const base::JobContext& job) override;
    [[nodiscard]] Result<void> hold(PlanPointer plan, const base::JobContext& job) override;
    [[nodiscard]] ExpertCacheCounters expertCache() const override;
    [[nodiscard]] Result<Generated> generate(const GenerateRequest& request, const base::JobContext& job) override;
    [[nodiscard]] PassCounters counters() const override;
    [[nodiscard]] Result<RoutingTrace> trace(std::span<const TokenSequence> sequences, PlanPointer plan,
                                             const base::JobContext& job) override;
    [[nodiscard]] Result<std::vector<CarvedLayer>> carve(std::span<const tokenizer::Window> windows,
                                                         const CarveSettings& settings,
                                                         const base::JobContext& job) override;
    [[nodiscard]] Result<void> mergeEvidence(std::span<const tokenizer::Window> windows,
                                             const EvidenceSettings& settings, const EvidenceSink& sink,
                                             const base::JobContext& job) override;
    [[nodiscard]] Result<void> mergeSequences(std::span<const TextSet> texts, std::int64_t groupTokens,
                                              const SequenceMergeSink& sink, const base::JobContext& job) override;

private:
    /// Sequences [begin, end) that go through one pass, bounded by the memory for hidden states.
    struct Group {
        std::size_t begin = 0, end = 0;
        std::int64_t tokens = 0;
    };
    [[nodiscard]] Result<void> checkSequences(std::span<const TokenSpan> sequences) const;
    [[nodiscard]] std::vector<Group> groupsOf(std::span<const TokenSpan> sequences, std::int64_t streams) const;

    /// What to do with a batch behind the last layer, whose first sequence is that of number `first`; gives the rows
    /// that the head evaluated.
    using HeadUse = std::function<Result<std::int64_t>(const Head& head, const Batch& batch, std::size_t first)>;
    /// Sets up the pass of a group of sequences.
    using PassSetup = std::function<void(Pass& pass, const Group& group)>;
    /// The sequences through all layers, group by group, then batch by batch to `use`. `layersShare`: of the progress.
    [[nodiscard]] Result<void> runToHead(std::span<const TokenSpan> sequences, const Streams& streams,
                                         const std::string& phase, double layersShare, const HeadUse& use,
                                         const base::JobContext& job, const PassSetup& setUp = {});
    /// All sequences at once through the layers of the whole model, for what `setUp` has the pass do there.
    [[nodiscard]] Result<void> runLayers(std::span<const TokenSpan> sequences, const std::string& phase,
                                         const base::JobContext& job, const PassSetup& setUp);
    [[nodiscard]] Result<void> runLogits(std::span<const TokenSpan> sequences, PlanPointer plan, const LogitsSink& sink,
                                         const base::JobContext& job);
    [[nodiscard]] Result<Streams> streamsOf(std::span<const PlanPointer> variants) const;
    /// Bytes that a token takes while a pass runs.
    [[nodiscard]] std::uint64_t rowBytes() const;
    /// Rows of a pass that the memory holds, of the device too.
    [[nodiscard]] std::int64_t mostRows() const;
    [[nodiscard]] Result<void> runProfile(std::span<const ProfileSet> sets, PassJournal* journal,
                                          const base::JobContext& job);
    [[nodiscard]] Result<TextComparison> runCompare(std::span<const TextSet> texts, std::span<const PlanPointer> plans,
                                                    const base::JobContext& job);
    /// The variants on the endings; with the base `beside` each, whose KL and acceptance are taken, too.
    [[nodiscard]] Result<EndingJudgements> runEndings(std::span<const Ending> endings,
                                                      std::span<const PlanPointer> variants, bool beside,
                                                      const base::JobContext& job);
    struct ShownLayer {
        std::size_t index;
        std::int32_t moePosition;
        const LayerWeights* weights;
        at::Tensor x, aim; ///< see LayerBank
    };
    [[nodiscard]] Result<void> showLayer(const ShownLayer& shown, const ReconstructionSink& sink,
                                         const base::JobContext& job);
    [[nodiscard]] Result<void> runReconstruct(const ReconstructionRequest& request, const ReconstructionSink& sink,
                                              const base::JobContext& job);
    [[nodiscard]] Result<PromptRouting> runRoutePrompts(std::span<const TokenSequence> prompts, std::int32_t layers,
                                                        const base::JobContext& job);
    [[nodiscard]] Result<RoutingTrace> runTrace(std::span<const TokenSpan> sequences, PlanPointer plan,
                                                const base::JobContext& job);
    [[nodiscard]] Result<Generated> runGenerate(const GenerateRequest& request, const base::JobContext& job);

    [[nodiscard]] Result<std::vector<CarvedLayer>> runCarve(std::span<const tokenizer::Window> windows,
                                                            const CarveSettings& settings, const base::JobContext& job);
    [[nodiscard]] Result<void> runMergeEvidence(std::span<const tokenizer::Window> windows,
                                                const EvidenceSettings& settings, const EvidenceSink& sink,
                                                const base::JobContext& job);
    [[nodiscard]] Result<void> runMergeSequences(std::span<const TextSet> texts, std::int64_t groupTokens,
                                                 const SequenceMergeSink& sink, const base::JobContext& job);

    const model::OpenModel& m_model;
    Settings m_settings;
    std::unique_ptr<WeightSource> m_weights;
    CachedExperts* m_cache = nullptr; ///< m_weights, when experts are read as they are needed
    std::unique_ptr<Device> m_device; ///< null: routed experts are computed on the CPU
    Rotary m_rotary;
    double m_flops = 0;
    double m_seconds = 0;
};

} // namespace espalier::engine
