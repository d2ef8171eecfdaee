// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/torch_engine.h"

#include "core/engine/torch/guard.h"
#include "core/engine/torch/stopwatch.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <fmt/format.h>

namespace espalier::engine {

namespace {

std::vector<TokenSpan> spansOf(std::span<const TokenSequence> sequences)
{
    return {sequences.begin(), sequences.end()};
}

} // namespace

TorchEngine::TorchEngine(const model::OpenModel& model, const Settings& settings, std::unique_ptr<WeightSource> weights,
                         std::unique_ptr<Device> device)
    : m_model(model), m_settings(settings), m_weights(std::move(weights)),
      m_cache(dynamic_cast<CachedExperts*>(m_weights.get())), m_device(std::move(device)), m_rotary(model.spec.rope)
{
}

Result<Streams> TorchEngine::streamsOf(std::span<const PlanPointer> variants) const
{
    if (m_cache != nullptr)
        for (const PlanPointer plan : variants)
            if (plan != nullptr && plan->mixes())
                return badInput("the plan mixes experts, which needs all of them", plan->name, {},
                                "Run it without an expert cache");
    return Streams::make(m_model.spec, variants, storedExpertType(m_model, m_settings.scalarType()));
}

Result<void> TorchEngine::hold(PlanPointer plan, const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    return guarded(m_settings.threads, [&]() -> Result<void> {
        if (m_cache == nullptr)
            return usageError("this engine keeps all experts in memory", "Open it with an expert cache");
        const PlanPointer variants[] = {plan};
        ESPALIER_TRY(const Streams streams, streamsOf(variants));
        ESPALIER_CHECK(m_cache->prepare(true, job));
        return m_cache->hold(plan, job);
    });
}

ExpertCacheCounters TorchEngine::expertCache() const
{
    return m_cache != nullptr ? m_cache->counters() : ExpertCacheCounters{};
}

PassCounters TorchEngine::counters() const
{
    PassCounters counters;
    counters.weightBytesRead = m_weights->bytesRead();
    counters.weightBytesTotal = m_weights->bytesTotal();
    counters.flops = m_flops;
    counters.seconds = m_seconds;
    counters.secondsWaiting = m_weights->secondsWaiting();
    counters.compute = m_settings.compute;
    counters.streamed = m_settings.stream.has_value();
    counters.secondsReading = m_weights->secondsReading();
    if (m_device)
        counters.device = m_device->info().name;
    if (m_settings.stream) {
        counters.reading = checkpoint::readModeName(m_settings.stream->reading.mode);
        counters.probe = m_settings.stream->probe;
    }
    return counters;
}

Result<void> TorchEngine::checkSequences(std::span<const TokenSpan> sequences) const
{
    const model::ModelSpec& spec = m_model.spec;
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        const TokenSpan ids = sequences[i];
        if (ids.empty())
            return badInput(fmt::format("sequence {} has no tokens", i));
        if (std::cmp_greater(ids.size(), spec.maxPositions))
            return badInput(fmt::format("sequence {} has {} tokens, the model has positions for {}", i, ids.size(),
                                        spec.maxPositions),
                            {}, {}, "Use a smaller context");
        const auto wrong =
            std::find_if(ids.begin(), ids.end(), [&](TokenId id) { return id < 0 || id >= spec.vocabulary; });
        if (wrong != ids.end())
            return badInput(fmt::format("sequence {} has token id {} at position {}, the vocabulary is 0 to {}", i,
                                        *wrong, wrong - ids.begin(), spec.vocabulary - 1),
                            {}, {}, "Use the tokenizer that belongs to the model");
    }
    return {};
}

std::uint64_t TorchEngine::rowBytes() const
{
    const model::ModelSpec& spec = m_model.spec;
    const std::uint64_t width = at::elementSize(m_settings.scalarType());
    const auto hidden = static_cast<std::uint64_t>(spec.hidden);
    if (!m_settings.stream || m_settings.wholeLayers())
        return hidden * width;
    // While experts come in packs every row waits with its normed input, its sum in float32, its router's logits and
    // scores, and its choices with all that is kept of them.
    const auto experts = static_cast<std::uint64_t>(spec.experts);
    const auto choices = static_cast<std::uint64_t>(spec.router.topK);
    return hidden * (2 * width + sizeof(float)) + experts * 3 * sizeof(float) + choices * 64;
}

std::int64_t TorchEngine::mostRows() const
{
    auto most = static_cast<std::int64_t>(m_settings.hiddenBytes / rowBytes());
    if (m_device) { // a quarter of the device's memory for rows that wait with their input and their sum
        const std::uint64_t each = static_cast<std::uint64_t>(m_model.spec.hidden) *
                                       (2 * at::elementSize(m_settings.scalarType()) + sizeof(float)) +
                                   static_cast<std::uint64_t>(m_model.spec.experts) * sizeof(float);
        most = std::min(most, static_cast<std::int64_t>(m_device->info().memoryFree / 4 / each));
    }
    return std::max<std::int64_t>(1, most);
}

std::int64_t TorchEngine::tokensAtOnce() const
{
    return mostRows();
}

std::vector<TorchEngine::Group> TorchEngine::groupsOf(std::span<const TokenSpan> sequences, std::int64_t streams) const
{
    const std::int64_t most = mostRows() / streams;
    std::vector<Group> groups;
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        const auto length = static_cast<std::int64_t>(sequences[i].size());
        if (groups.empty() || groups.back().tokens + length > most)
            groups.push_back({i, i, 0});
        groups.back().end = i + 1;
        groups.back().tokens += length;
    }
    return groups;
}

Result<void> TorchEngine::logits(std::span<const TokenSequence> sequences, PlanPointer plan, const LogitsSink& sink,
                                 const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    return guarded(m_settings.threads, [&] { return runLogits(spansOf(sequences), plan, sink, job); });
}

Result<void> TorchEngine::runToHead(std::span<const TokenSpan> sequences, const Streams& streams,
                                    const std::string& phase, double layersShare, const HeadUse& use,
                                    const base::JobContext& job, const PassSetup& setUp)
{
    ESPALIER_CHECK(checkSequences(sequences));
    ESPALIER_CHECK(m_weights->prepare(true, job));
    ProgressPart progress{&job, phase, "tokens"};
    for (const TokenSpan& sequence : sequences)
        progress.total += static_cast<double>(sequence.size());
    for (const Group& group : groupsOf(sequences, streams.count())) {
        Pass pass(m_model.spec, *m_weights, m_rotary, streams);
        pass.device = m_device.get();
        if (setUp)
            setUp(pass, group);
        progress.size = static_cast<double>(group.tokens) * layersShare;
        ESPALIER_TRY(std::vector<Batch> batches,
                     pass.run(sequences.subspan(group.begin, group.end - group.begin), progress));
        m_flops += pass.flops();
        progress.from += progress.size;
        ESPALIER_TRY(const EndWeights* ends, m_weights->ends(End::Head, job));
        const Head head(m_model.spec, *ends);
        for (Batch& batch : batches) {
            if (job.stopRequested())
                return base::cancelledError();
            ESPALIER_TRY(const std::int64_t rows, use(head, batch, group.begin + batch.first));
            m_flops += head.flops(rows);
            progress.size = static_cast<double>(batch.rows) * (1 - layersShare);
            progress.report(1);
            progress.from += progress.size;
            batch = {}; // its rows are not needed any more
        }
    }
    return {};
}

Result<void> TorchEngine::runLayers(std::span<const TokenSpan> sequences, const std::string& phase,
                                    const base::JobContext& job, const PassSetup& setUp)
{
    ESPALIER_CHECK(checkSequences(sequences));
    const PlanPointer base[] = {nullptr};
    ESPALIER_TRY(const Streams streams, Streams::make(m_model.spec, base));
    ESPALIER_CHECK(m_weights->prepare(false, job));
    Group all{0, sequences.size(), 0};
    for (const TokenSpan& sequence : sequences)
        all.tokens += static_cast<std::int64_t>(sequence.size());
    const auto tokens = static_cast<double>(all.tokens);
    Pass pass(m_model.spec, *m_weights, m_rotary, streams);
    setUp(pass, all);
    ESPALIER_CHECK(pass.run(sequences, {&job, phase, "tokens", 0, tokens, tokens}));
    m_flops += pass.flops();
    return {};
}

Result<void> TorchEngine::runLogits(std::span<const TokenSpan> sequences, PlanPointer plan, const LogitsSink& sink,
                                    const base::JobContext& job)
{
    const PlanPointer variants[] = {plan};
    ESPALIER_TRY(const Streams streams, streamsOf(variants));
    std::vector<float> buffer;
    const auto use = [&](const Head& head, const Batch& batch, std::size_t first) -> Result<std::int64_t> {
        for (std::size_t i = 0; i < batch.sequences.size(); ++i) {
            const Span& span = batch.sequences[i];
            const std::int64_t vocabulary = m_model.spec.vocabulary;
            buffer.resize(static_cast<std::size_t>(span.length * vocabulary));
            for (std::int64_t row = 0; row < span.length; row += head.rowsAtOnce()) {
                const std::int64_t count = std::min(head.rowsAtOnce(), span.length - row);
                const at::Tensor part = head.logits(batch.hidden.narrow(0, span.begin + row, count));
                std::copy_n(part.const_data_ptr<float>(), count * vocabulary, buffer.data() + row * vocabulary);
            }
            ESPALIER_CHECK(sink(first + i, buffer, span.length));
        }
        return batch.rows;
    };
    constexpr double kLayersShare = 0.9;
    return runToHead(sequences, streams, "computing logits", kLayersShare, use, job);
}

Result<void> TorchEngine::profileSets(std::span<const ProfileSet> sets, PassJournal* journal,
                                      const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    return guarded(m_settings.threads, [&] { return runProfile(sets, journal, job); });
}

Result<TextComparison> TorchEngine::compare(std::span<const TextSet> texts, std::span<const PlanPointer> plans,
                                            const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    return guarded(m_settings.threads, [&] { return runCompare(texts, plans, job); });
}

Result<Generated> TorchEngine::generate(const GenerateRequest& request, const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    return guarded(m_settings.threads, [&] { return runGenerate(request, job); });
}

Result<std::vector<CarvedLayer>> TorchEngine::carve(std::span<const tokenizer::Window> windows,
                                                    const CarveSettings& settings, const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    return guarded(m_settings.threads, [&] { return runCarve(windows, settings, job); });
}

Result<void> TorchEngine::mergeEvidence(std::span<const tokenizer::Window> windows, const EvidenceSettings& settings,
                                        const EvidenceSink& sink, const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    return guarded(m_settings.threads, [&] { return runMergeEvidence(windows, settings, sink, job); });
}

} // namespace espalier::engine
