// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/next_tokens.h"
#include "core/engine/torch/stats_observer.h"
#include "core/engine/torch/torch_engine.h"

#include <ATen/ATen.h>
#include <algorithm>

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
    empty.clearSamples();
    return empty;
}

} // namespace

Result<void> TorchEngine::runProfile(std::span<const ProfileSet> sets, PassJournal* journal,
                                     const base::JobContext& job)
{
    std::vector<TokenSpan> windows;
    std::vector<std::size_t> setOf, blockOf;
    std::vector<stats::DomainStats> found; // thrown away when the pass fails
    std::vector<std::unique_ptr<StatsObserver>> observers;
    found.reserve(sets.size());
    ProgressPart progress{&job, sets.size() == 1 ? "profile " + sets[0].into->name : "profile", "tokens"};
    std::size_t block = 0;
    for (std::size_t s = 0; s < sets.size(); ++s) {
        std::int64_t inBlock = 0;
        block += s > 0 ? 1 : 0;
        for (const tokenizer::Window& window : sets[s].windows) {
            const auto length = static_cast<std::int64_t>(window.ids.size());
            if (sets[s].blockTokens > 0 && inBlock > 0 && inBlock + length > sets[s].blockTokens) {
                ++block;
                inBlock = 0;
            }
            inBlock += length;
            windows.emplace_back(window.ids);
            setOf.push_back(s);
            blockOf.push_back(block);
            progress.total += static_cast<double>(window.ids.size());
        }
        if (journal == nullptr)
            found.push_back(emptyLike(*sets[s].into));
        observers.push_back(
            std::make_unique<StatsObserver>(m_model.spec, journal == nullptr ? found.back() : *sets[s].into));
    }
    ESPALIER_CHECK(checkSequences(windows));
    const bool banked = std::any_of(sets.begin(), sets.end(), [](const ProfileSet& set) {
        return !set.into->layers.empty() && set.into->layers.front().has(stats::Stat::BankTokens);
    });
    if (banked && m_device)
        return usageError("the device gives no outputs of experts that were not chosen, which the bank needs",
                          "Use --device cpu, or --statistics without S9 to S12");
    const auto wanted = [&](std::string_view group) {
        return std::any_of(sets.begin(), sets.end(), [&](const ProfileSet& set) {
            return set.into->sampled.hasGroup(group) && set.into->sampleTokens.step > 0;
        });
    };
    if (wanted("S8") && m_device)
        return usageError("the device keeps the inputs of experts to itself, which S8 stores",
                          "Use --device cpu, or --statistics without S8");
    const bool next = wanted("S17") && m_settings.layers.end >= m_model.spec.layers.size();
    const PlanPointer base[] = {nullptr};
    ESPALIER_TRY(const Streams streams, Streams::make(m_model.spec, base));
    ESPALIER_CHECK(m_weights->prepare(next, job));
    NextTokens nextTokens;
    const auto groups = journal == nullptr
                            ? groupsOf(windows, 1)
                            : std::vector<Group>{{0, windows.size(), static_cast<std::int64_t>(progress.total)}};
    for (const Group& group : groups) {
        Pass pass(m_model.spec, *m_weights, m_rotary, streams);
        pass.device = m_device.get();
        for (const auto& observer : observers)
            pass.observers.push_back(observer.get());
        pass.sets.assign(setOf.begin() + static_cast<std::ptrdiff_t>(group.begin),
                         setOf.begin() + static_cast<std::ptrdiff_t>(group.end));
        pass.blocks.assign(blockOf.begin() + static_cast<std::ptrdiff_t>(group.begin),
                           blockOf.begin() + static_cast<std::ptrdiff_t>(group.end));
        pass.endLayer = m_settings.layers.end;
        if (journal != nullptr) {
            pass.journal = journal;
            pass.firstLayer = journal->layersDone();
            pass.rowType = m_settings.scalarType();
            pass.spill = spills() && journal->keepsRows();
        }
        if (next)
            pass.leaving = [&](const Batch& batch) -> Result<void> {
                ESPALIER_TRY(const EndWeights* ends, m_weights->ends(End::Head, job));
                nextTokens.take(Head(m_model.spec, *ends), batch,
                                journal == nullptr ? found[batch.set] : *sets[batch.set].into);
                return {};
            };
        progress.size = static_cast<double>(group.tokens);
        ESPALIER_CHECK(pass.run(std::span(windows).subspan(group.begin, group.end - group.begin), progress));
        m_flops += pass.flops();
        progress.from += progress.size;
    }
    m_flops += nextTokens.flops();
    for (std::size_t i = 0; i < windows.size(); ++i) {
        stats::DomainStats& sums = journal == nullptr ? found[setOf[i]] : *sets[setOf[i]].into;
        sums.tokens += static_cast<std::int64_t>(windows[i].size());
        sums.windows += 1;
    }
    for (std::size_t s = 0; s < found.size();
         ++s) // what would be refused is the same for all: they are like their sums
        ESPALIER_CHECK(sets[s].into->merge(found[s]));
    return {};
}

} // namespace espalier::engine
