// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/pass.h"

#include "core/engine/torch/block.h"
#include "core/engine/torch/delta_net.h"
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

std::vector<Batch> makeBatches(const model::ModelSpec& spec, std::span<const TokenSpan> sequences,
                               const EndWeights& ends, const Rotary& rotary)
{
    std::vector<Batch> batches;
    for (std::size_t i = 0; i < sequences.size();) {
        Batch batch;
        batch.first = i;
        std::vector<std::int64_t> ids;
        do {
            const auto length = static_cast<std::int64_t>(sequences[i].size());
            batch.sequences.push_back({batch.rows, length});
            batch.rows += length;
            ids.insert(ids.end(), sequences[i].begin(), sequences[i].end());
            ++i;
        } while (i < sequences.size() && batch.rows + static_cast<std::int64_t>(sequences[i].size()) <= kBatchRows);
        batch.hidden = embed(spec, ends, at::from_blob(ids.data(), {batch.rows}, at::kLong));
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

void Pass::runLayer(std::size_t index, const LayerWeights& weights, Batch& batch)
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
    const auto moe = std::count_if(m_spec.layers.begin(), m_spec.layers.begin() + static_cast<std::ptrdiff_t>(index),
                                   [](const model::LayerSpec& layer) { return layer.moe; });
    feedForward({&m_spec, &m_spec.layers[index], &weights, static_cast<int>(moe), streams.mask, batch.stream, observer},
                batch.hidden);
    m_flops += layerFlops(m_spec, m_spec.layers[index], batch.hidden.size(0), batch.spans);
}

Result<std::vector<Batch>> Pass::run(std::span<const TokenSpan> sequences, const ProgressPart& progress)
{
    std::vector<std::int64_t> lengths;
    for (const TokenSpan& sequence : sequences)
        lengths.push_back(static_cast<std::int64_t>(sequence.size()));
    m_rotary.reach(lengths);
    ESPALIER_TRY(const EndWeights* ends, m_weights.ends(*progress.job));
    std::vector<Batch> batches = makeBatches(m_spec, sequences, *ends, m_rotary);
    const auto steps = static_cast<double>(m_spec.layers.size() * batches.size());
    double done = 0;
    for (std::size_t index = 0; index < m_spec.layers.size(); ++index) {
        ESPALIER_TRY(const LayerWeights* weights, m_weights.layer(index, *progress.job));
        for (Batch& batch : batches) {
            if (progress.job->stopRequested())
                return base::cancelledError();
            runLayer(index, *weights, batch);
            progress.report(++done / steps);
        }
    }
    return batches;
}

} // namespace espalier::engine
