// SPDX-License-Identifier: Apache-2.0
// The pass that measures for merging: the layers run as always, an observer looks on.
#include "core/engine/torch/merge_observer.h"
#include "core/engine/torch/torch_engine.h"

#include <ATen/ATen.h>

namespace espalier::engine {

Result<void> TorchEngine::runMergeEvidence(std::span<const tokenizer::Window> windows, const EvidenceSettings& settings,
                                           const EvidenceSink& sink, const base::JobContext& job)
{
    const model::ModelSpec& spec = m_model.spec;
    if (!spec.isMoe())
        return badInput("the model has no routed experts to merge", m_model.checkpoint.path().string());
    std::vector<TokenSpan> sequences;
    ProgressPart progress{&job, "measuring experts", "tokens"};
    for (const tokenizer::Window& window : windows) {
        sequences.emplace_back(window.ids);
        progress.total += static_cast<double>(window.ids.size());
    }
    progress.size = progress.total;
    ESPALIER_CHECK(checkSequences(sequences));
    const PlanPointer base[] = {nullptr};
    ESPALIER_TRY(const Streams streams, Streams::make(spec, base));
    ESPALIER_CHECK(m_weights->prepare(false, job));
    MergeObserver observer(spec, settings, static_cast<std::int64_t>(progress.total));
    Pass pass(spec, *m_weights, m_rotary, streams);
    pass.observers.push_back(&observer);
    pass.layerDone = [&](std::size_t index, std::span<const Batch>) -> Result<void> {
        const model::LayerSpec& layer = spec.layers[index];
        return layer.moe ? sink(observer.take(layer.index)) : Result<void>();
    };
    ESPALIER_TRY([[maybe_unused]] const auto batches, pass.run(sequences, progress));
    m_flops += pass.flops();
    return {};
}

} // namespace espalier::engine
