// SPDX-License-Identifier: Apache-2.0
#include "core/plan/memory_model.h"

#include <algorithm>

namespace espalier::plan {

model::BytesByPart predictBytes(const model::ModelSummary& model, std::span<const PlanLayer> layers)
{
    model::BytesByPart bytes = model.bytes;
    for (const auto& layer : layers) {
        const int position = model.moePosition(layer.layer);
        if (position < 0)
            continue;
        const auto& facts = model.moeLayers[static_cast<std::size_t>(position)];
        std::uint64_t all = 0, kept = 0;
        for (const auto b : facts.expertBytes)
            all += b;
        for (const auto id : layer.keep)
            kept += facts.expertBytes[static_cast<std::size_t>(id)];
        bytes.routedExperts -= all - kept;
        const auto dropped = static_cast<std::uint64_t>(facts.experts) - layer.keep.size();
        bytes.router -= dropped * facts.routerBytesPerExpert;
    }
    return bytes;
}

std::uint64_t kvCacheBytes(const model::ModelSummary& model, const Deployment& deployment)
{
    return kvCacheBytes(model.cache, model.slidingWindow, deployment);
}

std::uint64_t kvCacheBytes(const model::CacheFacts& cache, std::int32_t window, const Deployment& deployment)
{
    const auto context = static_cast<std::uint64_t>(std::max<std::int64_t>(0, deployment.context));
    const std::uint64_t seen =
        window > 0 ? std::min<std::uint64_t>(static_cast<std::uint64_t>(window), context) : context;
    const std::uint64_t elements = cache.perToken * context + cache.perWindowToken * seen + cache.perSequence;
    return elements * static_cast<std::uint64_t>(deployment.sequences) * static_cast<std::uint64_t>(deployment.kvBytes);
}

std::uint64_t workspaceBytes(const model::ModelSummary& model, const Deployment& deployment)
{
    // One prefill chunk of at most 512 tokens per sequence: residual stream, its norm, q k v and attention output, the
    // top-k expert intermediates (gate, up, product), all in 4 bytes; and one row of logits per sequence.
    const auto tokens = static_cast<std::uint64_t>(std::min<std::int64_t>(deployment.context, 512)) *
                        static_cast<std::uint64_t>(deployment.sequences);
    const auto perToken =
        3 * static_cast<std::uint64_t>(model.hidden) +
        2 * static_cast<std::uint64_t>(model.heads + model.kvHeads) * static_cast<std::uint64_t>(model.headDim) +
        static_cast<std::uint64_t>(std::max(model.topK, 1)) *
            (3 * static_cast<std::uint64_t>(model.expertWidth) + static_cast<std::uint64_t>(model.hidden));
    return 4 * tokens * perToken + logitsBytes(model, deployment);
}

std::uint64_t logitsBytes(const model::ModelSummary& model, const Deployment& deployment)
{
    return 4 * static_cast<std::uint64_t>(model.vocabulary) * static_cast<std::uint64_t>(deployment.sequences);
}

PredictedMemory predictMemory(const model::ModelSummary& model, const model::BytesByPart& bytes,
                              const Deployment& deployment)
{
    return {bytes.total(), kvCacheBytes(model, deployment), workspaceBytes(model, deployment)};
}

} // namespace espalier::plan
