// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/stats_observer.h"
#include "core/engine/torch/torch_engine.h"

namespace espalier::engine {

namespace {

/// The same arrays, empty: what a failed pass throws away.
stats::DomainStats emptyLike(const stats::DomainStats& like)
{
    stats::DomainStats empty = like;
    empty.tokens = empty.windows = empty.documents = 0;
    for (stats::LayerStats& layer : empty.layers) {
        layer.addTokens(-layer.tokens());
        for (const stats::StatInfo& info : stats::statInfos())
            for (double& value : layer.edit(info.stat))
                value = 0;
        layer.editPool().logits.clear();
        layer.editPool().ids.clear();
    }
    return empty;
}

} // namespace

Result<void> TorchEngine::runProfile(std::span<const TokenSpan> windows, stats::DomainStats& into,
                                     const base::JobContext& job)
{
    ESPALIER_CHECK(checkSequences(windows));
    const PlanPointer base[] = {nullptr};
    ESPALIER_TRY(const Streams streams, Streams::make(m_model.spec, base));
    ESPALIER_CHECK(m_weights->prepare(false, job));
    stats::DomainStats found = emptyLike(into);
    StatsObserver observer(m_model.spec, found);
    ProgressPart progress{&job, "profile " + into.name, "tokens"};
    for (const TokenSpan& window : windows)
        progress.total += static_cast<double>(window.size());
    for (const Group& group : groupsOf(windows, 1)) {
        Pass pass(m_model.spec, *m_weights, m_rotary, streams);
        pass.observer = &observer;
        progress.size = static_cast<double>(group.tokens);
        ESPALIER_CHECK(pass.run(windows.subspan(group.begin, group.end - group.begin), progress));
        m_flops += pass.flops();
        progress.from += progress.size;
        found.tokens += group.tokens;
        found.windows += static_cast<std::int64_t>(group.end - group.begin);
    }
    return into.merge(found);
}

} // namespace espalier::engine
