// SPDX-License-Identifier: Apache-2.0
// Prompts as far as a router: all layers before it, then attention and the router's logits. With experts read as they
// are needed, a signature of the first MoE layer costs none of them.
#include "core/engine/torch/guard.h"
#include "core/engine/torch/kernels.h"
#include "core/engine/torch/norm.h"
#include "core/engine/torch/observer.h"
#include "core/engine/torch/stopwatch.h"
#include "core/engine/torch/torch_engine.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

namespace espalier::engine {

namespace {

/// Appends the k largest logits of every row.
void append(const at::Tensor& logits, int k, stats::LogitPool& pool)
{
    at::Tensor ids, values;
    const at::Tensor dense = logits.contiguous();
    selectTopK(dense, dense, dense, k, ids, values);
    pool.k = k;
    const auto* id = ids.const_data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < ids.numel(); ++i)
        pool.ids.push_back(static_cast<std::uint16_t>(id[i]));
    pool.logits.insert(pool.logits.end(), values.const_data_ptr<float>(),
                       values.const_data_ptr<float>() + values.numel());
}

/// Batches come in order within a layer, so rows do, too.
class PoolObserver : public Observer {
public:
    PoolObserver(int k, std::vector<stats::LogitPool>& pools) : m_k(k), m_pools(pools) {}
    void observeExperts(MoeObservation&, std::span<const ExpertRows>) override {}
    void observeLayer(const MoeObservation& observation) override
    {
        append(observation.logits, m_k, m_pools[static_cast<std::size_t>(observation.moePosition)]);
    }

private:
    int m_k;
    std::vector<stats::LogitPool>& m_pools;
};

} // namespace

Result<PromptRouting> TorchEngine::routePrompts(std::span<const TokenSequence> prompts, std::int32_t layers,
                                                const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    return guarded(m_settings.threads, [&] { return runRoutePrompts(prompts, layers, job); });
}

Result<PromptRouting> TorchEngine::runRoutePrompts(std::span<const TokenSequence> prompts, std::int32_t layers,
                                                   const base::JobContext& job)
{
    const model::ModelSpec& spec = m_model.spec;
    const std::vector<TokenSpan> sequences(prompts.begin(), prompts.end());
    ESPALIER_CHECK(checkSequences(sequences));
    std::vector<std::size_t> moe;
    for (std::size_t index = 0; index < spec.layers.size(); ++index)
        if (spec.layers[index].moe)
            moe.push_back(index);
    if (layers < 1 || std::cmp_greater(layers, moe.size()))
        return usageError(fmt::format("the model has {} layers with experts, not {}", moe.size(), layers));
    const std::size_t last = moe[static_cast<std::size_t>(layers) - 1];
    const PlanPointer variants[] = {nullptr};
    ESPALIER_TRY(const Streams streams, streamsOf(variants));
    ESPALIER_CHECK(m_weights->prepare(false, job));
    PromptRouting routing;
    routing.layers.resize(static_cast<std::size_t>(layers));
    ProgressPart progress{&job, "routing prompts", "tokens"};
    for (const TokenSpan& sequence : sequences)
        progress.total += static_cast<double>(sequence.size());
    for (const Group& group : groupsOf(sequences, 1)) {
        Pass pass(spec, *m_weights, m_rotary, streams);
        PoolObserver observer(spec.router.topK, routing.layers);
        pass.observers = {&observer};
        pass.endLayer = last;
        progress.size = static_cast<double>(group.tokens);
        ESPALIER_TRY(std::vector<Batch> batches,
                     pass.run(std::span(sequences).subspan(group.begin, group.end - group.begin), progress));
        ESPALIER_TRY(const LayerWeights* weights, pass.attendOnly(last, batches, job));
        for (const Batch& batch : batches) {
            const Routing found =
                route(spec.router, *weights, norm(spec, weights->ffnNorm, batch.hidden), {}, {}, batch.stream);
            append(found.logits, spec.router.topK, routing.layers.back());
        }
        progress.from += progress.size;
        m_flops += pass.flops();
    }
    return routing;
}

} // namespace espalier::engine
