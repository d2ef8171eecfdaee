// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/pass.h"

#include "core/engine/sampled_tokens.h"
#include "core/engine/torch/block.h"
#include "core/engine/torch/delta_net.h"
#include "core/engine/torch/device_moe.h"
#include "core/engine/torch/norm.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace espalier::engine {

namespace {

/// Rows of a batch: many enough for good GEMMs with few rows per expert, few enough for the caches.
constexpr std::int64_t kBatchRows = 4096;

void repeatRows(Batch& batch, const Rotary& rotary, std::int64_t streams)
{
    batch.spans.clear();
    std::vector<std::int32_t> rows;
    for (std::int64_t s = 0; s < streams; ++s)
        for (const Span& span : batch.sequences) {
            batch.spans.push_back({s * batch.rows + span.begin, span.length});
            const std::int64_t first = rotary.firstRow(span.length);
            for (std::int64_t i = 0; i < span.length; ++i)
                rows.push_back(static_cast<std::int32_t>(first + i));
        }
    batch.rotaryRow = std::move(rows);
    batch.stream = at::arange(streams, at::kLong).repeat_interleave(batch.rows);
}

/// Batches without their rows.
std::vector<Batch> makeBatches(std::span<const TokenSpan> sequences, const std::vector<std::size_t>& sets,
                               const std::vector<std::size_t>& blocks, const Rotary& rotary)
{
    std::vector<Batch> batches;
    const auto setOf = [&](std::size_t sequence) { return sets.empty() ? 0 : sets[sequence]; };
    const auto blockOf = [&](std::size_t sequence) { return blocks.empty() ? 0 : blocks[sequence]; };
    for (std::size_t i = 0; i < sequences.size();) {
        Batch batch;
        batch.first = i;
        batch.set = setOf(i);
        batch.block = blockOf(i);
        do {
            const auto length = static_cast<std::int64_t>(sequences[i].size());
            batch.sequences.push_back({batch.rows, length, textKey(sequences[i])});
            batch.rows += length;
            ++i;
        } while (i < sequences.size() && setOf(i) == batch.set && blockOf(i) == batch.block &&
                 batch.rows + static_cast<std::int64_t>(sequences[i].size()) <= kBatchRows);
        repeatRows(batch, rotary, 1);
        batches.push_back(std::move(batch));
    }
    return batches;
}

} // namespace

Pass::Pass(const model::ModelSpec& spec, WeightSource& weights, Rotary& rotary, const Streams& streams)
    : m_spec(spec), m_weights(weights), m_rotary(rotary), m_streams(streams)
{
}

void Pass::split(const LayerStreams& streams, Batch& batch) const
{
    std::vector<at::Tensor> parts;
    for (const std::int64_t parent : streams.parent)
        parts.push_back(batch.hidden.narrow(0, parent * batch.rows, batch.rows));
    batch.hidden = at::cat(parts);
    repeatRows(batch, m_rotary, static_cast<std::int64_t>(parts.size()));
}

void Pass::attention(std::size_t index, const LayerWeights& weights, Batch& batch)
{
    const LayerStreams& streams = m_streams.layer(index);
    {
        const at::Tensor x = norm(m_spec, weights.attentionNorm, batch.hidden);
        const model::LayerSpec& layer = m_spec.layers[index];
        Projections projections;
        at::Tensor added;
        if (layer.isDelta) {
            projections.states.resize(batch.spans.size());
            added = deltaNet(m_spec, weights.delta, x, batch.spans, projections.states);
        } else {
            projections = projectHeads(m_spec, weights, m_rotary, x, batch.rotaryRow);
            added = projectOutput(weights, projections,
                                  attend(m_spec.attention, layer.window, weights.sinks, projections, batch.spans));
        }
        if (keep)
            keep(index, batch, projections);
        addToResidual(m_spec, weights.postAttentionNorm, added, batch.hidden);
    }
    if (streams.splits)
        split(streams, batch);
}

Result<void> Pass::restore(std::size_t number, Batch& batch) const
{
    batch.hidden = at::empty({batch.rows, m_spec.hidden}, at::TensorOptions(rowType));
    return journal->load(number, {static_cast<std::byte*>(batch.hidden.data_ptr()), batch.hidden.nbytes()});
}

Result<void> Pass::beginRows(std::size_t layersDone, std::span<const Batch> batches) const
{
    std::vector<std::uint64_t> bytes;
    for (const Batch& batch : batches)
        bytes.push_back(static_cast<std::uint64_t>(batch.rows * m_spec.hidden) * at::elementSize(rowType));
    return journal->beginRows(layersDone, bytes);
}

Result<void> Pass::put(Batch& batch) const
{
    const at::Tensor rows = batch.hidden.contiguous();
    ESPALIER_CHECK(journal->addRows({static_cast<const std::byte*>(rows.const_data_ptr()), rows.nbytes()}));
    if (spill)
        batch.hidden.reset();
    return {};
}

Result<void> Pass::runLayer(std::size_t index, std::span<Batch> batches, const ProgressPart& progress)
{
    const model::LayerSpec& layer = m_spec.layers[index];
    const auto position = static_cast<int>(std::count_if(m_spec.layers.begin(),
                                                         m_spec.layers.begin() + static_cast<std::ptrdiff_t>(index),
                                                         [](const model::LayerSpec& before) { return before.moe; }));
    ESPALIER_TRY(const LayerWeights* weights, m_weights.layer(index, *progress.job));
    const bool replaced = layer.moe ? static_cast<bool>(moe) : static_cast<bool>(dense);
    const LayerMixing* mixing = m_streams.layer(index).mixing.get();
    const bool onDevice = layer.moe && device != nullptr && mixing == nullptr &&
                          deviceComputes(m_spec, *weights, batches.front().hidden.scalar_type());
    if (spill)
        ESPALIER_CHECK(beginRows(index + 1, batches));
    const bool looked = layer.moe && beforeExperts;
    // A pack is read, or copied to the device, once for all batches
    const bool together = replaced || onDevice || looked || (layer.moe && m_weights.packs(index) > 1);
    constexpr double kAttentionShare = 0.3; // of the time, roughly
    const auto layers = static_cast<double>(std::min(endLayer, m_spec.layers.size()) - firstLayer);
    const auto from = static_cast<double>(index - firstLayer);
    const auto count = static_cast<double>(batches.size());
    std::vector<BlockRows> waiting;
    double attended = 0;
    for (std::size_t number = 0; number < batches.size(); ++number) {
        Batch& batch = batches[number];
        if (progress.job->stopRequested())
            return base::cancelledError();
        if (spill)
            ESPALIER_CHECK(restore(number, batch));
        attention(index, *weights, batch);
        const LayerStreams& streams = m_streams.layer(index);
        waiting.push_back(
            {{&m_spec, &layer, weights, position, streams.mask, streams.limit, batch.stream,
              observers.empty() ? nullptr : observers[batch.set], streams.mixing.get(), batch.block, batch.sequences},
             batch.hidden});
        m_flops += layerFlops(m_spec, layer, batch.hidden.size(0), batch.spans);
        ++attended;
        if (!together) {
            ESPALIER_CHECK(feedForward(waiting, m_weights, index, *progress.job));
            waiting.clear();
            if (spill)
                ESPALIER_CHECK(put(batch));
        }
        progress.report((from + attended / count * (together ? kAttentionShare : 1)) / layers);
    }
    if (looked)
        ESPALIER_CHECK(beforeExperts(index, *weights, batches));
    if (replaced)
        return (layer.moe ? moe : dense)(index, *weights, waiting);
    const auto done = [&](double share) {
        progress.report((from + kAttentionShare + share * (1 - kAttentionShare)) / layers);
    };
    return onDevice ? deviceFeedForward(*device, waiting, m_weights, index, *progress.job, done)
                    : feedForward(waiting, m_weights, index, *progress.job, done);
}

Result<const LayerWeights*> Pass::attendOnly(std::size_t index, std::span<Batch> batches, const base::JobContext& job)
{
    ESPALIER_TRY(const LayerWeights* weights, m_weights.layer(index, job));
    for (Batch& batch : batches)
        attention(index, *weights, batch);
    return weights;
}

Result<std::vector<Batch>> Pass::begin(std::span<const TokenSpan> sequences, const base::JobContext& job)
{
    std::vector<std::int64_t> lengths;
    for (const TokenSpan& sequence : sequences)
        lengths.push_back(static_cast<std::int64_t>(sequence.size()));
    m_rotary.reach(lengths);
    std::vector<Batch> batches = makeBatches(sequences, sets, blocks, m_rotary);
    if (firstLayer > 0) {
        for (std::size_t i = 0; i < batches.size() && !spill; ++i)
            ESPALIER_CHECK(restore(i, batches[i]));
        return batches;
    }
    if (spill)
        ESPALIER_CHECK(beginRows(0, batches));
    ESPALIER_TRY(const EndWeights* ends, m_weights.ends(End::Embedding, job));
    for (Batch& batch : batches) {
        std::vector<std::int64_t> ids;
        for (std::size_t i = 0; i < batch.sequences.size(); ++i)
            ids.insert(ids.end(), sequences[batch.first + i].begin(), sequences[batch.first + i].end());
        batch.hidden = embed(m_spec, *ends, at::from_blob(ids.data(), {batch.rows}, at::kLong));
        if (spill)
            ESPALIER_CHECK(put(batch));
    }
    if (spill)
        ESPALIER_CHECK(journal->endRows());
    return batches;
}

Result<std::vector<Batch>> Pass::run(std::span<const TokenSpan> sequences, const ProgressPart& progress)
{
    ESPALIER_TRY(std::vector<Batch> batches, begin(sequences, *progress.job));
    for (std::size_t index = firstLayer; index < std::min(endLayer, m_spec.layers.size()); ++index) {
        ESPALIER_CHECK(runLayer(index, batches, progress));
        for (Observer* observer : observers)
            if (m_spec.layers[index].moe)
                observer->endLayer();
        if (LayerMixing* mixing = m_streams.layer(index).mixing.get())
            mixing->forget();
        if (journal != nullptr) {
            if (!spill) {
                ESPALIER_CHECK(beginRows(index + 1, batches));
                for (Batch& batch : batches)
                    ESPALIER_CHECK(put(batch));
            }
            ESPALIER_CHECK(journal->endRows());
        }
        if (layerDone)
            ESPALIER_CHECK(layerDone(index, batches));
    }
    for (std::size_t number = 0; leaving && endLayer >= m_spec.layers.size() && number < batches.size(); ++number) {
        if (progress.job->stopRequested())
            return base::cancelledError();
        if (spill)
            ESPALIER_CHECK(restore(number, batches[number]));
        ESPALIER_CHECK(leaving(batches[number]));
        if (spill)
            batches[number].hidden.reset();
    }
    return batches;
}

} // namespace espalier::engine
