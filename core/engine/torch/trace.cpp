// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/guard.h"
#include "core/engine/torch/stopwatch.h"
#include "core/engine/torch/torch_engine.h"

#include <ATen/ATen.h>

namespace espalier::engine {

namespace {

/// Keeps the choices of one sequence. Rows of a sequence come in order, whatever the parts they are computed in.
class TraceObserver final : public Observer {
public:
    explicit TraceObserver(std::vector<RoutedTokens>& layers) : m_layers(layers) {}
    void observeExperts(MoeObservation&, std::span<const ExpertRows>) override {}
    void observeLayer(const MoeObservation& observation) override
    {
        RoutedTokens& into = m_layers[static_cast<std::size_t>(observation.moePosition)];
        const at::Tensor ids = observation.ids.to(at::kInt).contiguous();
        const at::Tensor gates = observation.gates.to(at::kFloat).contiguous();
        into.ids.insert(into.ids.end(), ids.const_data_ptr<int>(), ids.const_data_ptr<int>() + ids.numel());
        into.gates.insert(into.gates.end(), gates.const_data_ptr<float>(),
                          gates.const_data_ptr<float>() + gates.numel());
    }

private:
    std::vector<RoutedTokens>& m_layers;
};

} // namespace

Result<RoutingTrace> TorchEngine::trace(std::span<const TokenSequence> sequences, PlanPointer plan,
                                        const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    const std::vector<TokenSpan> spans(sequences.begin(), sequences.end());
    return guarded(m_settings.threads, [&] { return runTrace(spans, plan, job); });
}

Result<RoutingTrace> TorchEngine::runTrace(std::span<const TokenSpan> sequences, PlanPointer plan,
                                           const base::JobContext& job)
{
    ESPALIER_CHECK(checkSequences(sequences));
    const PlanPointer variants[] = {plan};
    ESPALIER_TRY(const Streams streams, Streams::make(m_model.spec, variants));
    ESPALIER_CHECK(m_weights->prepare(false, job));
    RoutingTrace trace(sequences.size());
    std::vector<std::unique_ptr<TraceObserver>> observers;
    ProgressPart progress{&job, "tracing", "tokens"};
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        trace[i].resize(m_model.summary.moeLayers.size());
        observers.push_back(std::make_unique<TraceObserver>(trace[i]));
        progress.total += static_cast<double>(sequences[i].size());
    }
    for (const Group& group : groupsOf(sequences, 1)) {
        Pass pass(m_model.spec, *m_weights, m_rotary, streams);
        pass.device = m_device.get();
        for (std::size_t i = group.begin; i < group.end; ++i) {
            pass.observers.push_back(observers[i].get());
            pass.sets.push_back(i - group.begin); // every sequence is told apart
        }
        progress.size = static_cast<double>(group.tokens);
        ESPALIER_CHECK(pass.run(sequences.subspan(group.begin, group.end - group.begin), progress));
        m_flops += pass.flops();
        progress.from += progress.size;
    }
    return trace;
}

} // namespace espalier::engine
