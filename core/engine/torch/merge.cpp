// SPDX-License-Identifier: Apache-2.0
// The pass that measures for merging: the layers run as always, an observer looks on.
#include "core/engine/torch/merge_observer.h"
#include "core/engine/torch/torch_engine.h"

#include <ATen/ATen.h>
#include <optional>

namespace espalier::engine {

Result<void> TorchEngine::runMergeEvidence(std::span<const tokenizer::Window> windows, const EvidenceSettings& settings,
                                           const EvidenceSink& sink, const base::JobContext& job)
{
    const model::ModelSpec& spec = m_model.spec;
    if (!spec.isMoe())
        return badInput("the model has no routed experts to merge", m_model.checkpoint.path().string());
    std::optional<MergeObserver> observer;
    return runLayers(tokensOf(windows), "measuring experts", job, [&](Pass& pass, const Group& group) {
        observer.emplace(spec, settings, group.tokens);
        pass.observers = {&*observer};
        pass.layerDone = [&](std::size_t index, std::span<const Batch>) -> Result<void> {
            const model::LayerSpec& layer = spec.layers[index];
            return layer.moe ? sink(observer->take(layer.index)) : Result<void>();
        };
    });
}

} // namespace espalier::engine
