// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/answers.h"
#include "core/engine/torch/block.h"
#include "core/engine/torch/delta_net.h"
#include "core/engine/torch/head.h"
#include "core/engine/torch/kernels.h"
#include "core/engine/torch/kv_cache.h"
#include "core/engine/torch/norm.h"
#include "core/engine/torch/torch_engine.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace espalier::engine {

namespace {

/// The likeliest next token after each row of `hidden`.
std::vector<TokenId> bestTokens(const Head& head, const at::Tensor& hidden)
{
    std::vector<TokenId> best;
    for (std::int64_t begin = 0; begin < hidden.size(0); begin += head.rowsAtOnce()) {
        const at::Tensor logits =
            head.logits(hidden.narrow(0, begin, std::min(head.rowsAtOnce(), hidden.size(0) - begin)));
        for (std::int64_t row = 0; row < logits.size(0); ++row)
            best.push_back(
                static_cast<TokenId>(argmax(logits.const_data_ptr<float>() + row * logits.size(1), logits.size(1))));
    }
    return best;
}

/// Continues the answers by one token at a time.
class Continuation {
public:
    Continuation(const model::ModelSpec& spec, WeightSource& weights, Rotary& rotary, const Streams& streams,
                 KvCache& cache)
        : m_spec(spec), m_weights(weights), m_rotary(rotary), m_streams(streams), m_cache(cache)
    {
    }

    /// The residual stream [rows, H] after the newest token of each row.
    Result<at::Tensor> step(const std::vector<AnswerRow>& rows, const base::JobContext& job)
    {
        std::vector<std::int64_t> id, stream;
        std::vector<std::size_t> place;
        std::vector<std::int32_t> position;
        for (const AnswerRow& row : rows) {
            id.push_back(row.ids.back());
            stream.push_back(row.stream);
            place.push_back(row.place);
            position.push_back(row.position);
        }
        std::vector<std::int64_t> length(position.begin(), position.end());
        for (std::int64_t& l : length)
            ++l;
        m_rotary.reach(length);
        std::vector<std::int32_t> rotaryRow;
        for (std::size_t i = 0; i < position.size(); ++i)
            rotaryRow.push_back(static_cast<std::int32_t>(m_rotary.firstRow(length[i]) + position[i]));
        const at::Tensor rowStream = at::tensor(stream, at::kLong);
        ESPALIER_TRY(const EndWeights* ends, m_weights.ends(End::Embedding, job));
        at::Tensor hidden = embed(m_spec, *ends, at::tensor(id, at::kLong));
        const HeadShape shape = headShape(m_spec.attention);
        std::vector<Span> single; // every row is a sequence of one new token
        for (std::size_t i = 0; i < rows.size(); ++i)
            single.push_back({static_cast<std::int64_t>(i), 1});
        int moePosition = 0;
        for (std::size_t index = 0; index < m_spec.layers.size(); ++index) {
            ESPALIER_TRY(const LayerWeights* weights, m_weights.layer(index, job));
            const model::LayerSpec& layer = m_spec.layers[index];
            const at::Tensor x = norm(m_spec, weights->attentionNorm, hidden);
            at::Tensor added;
            if (layer.isDelta) {
                std::vector<DeltaState> states = m_cache.states(index, place);
                added = deltaNet(m_spec, weights->delta, x, single, states);
                m_cache.keepStates(index, place, std::move(states));
            } else {
                const Projections projections = projectHeads(m_spec, *weights, m_rotary, x, rotaryRow);
                added = projectOutput(*weights, projections,
                                      m_cache.attend(index, weights->sinks, place, position, projections));
            }
            addToResidual(m_spec, weights->postAttentionNorm, added, hidden);
            const LayerStreams& streams = m_streams.layer(index);
            const BlockRows block{
                {&m_spec, &layer, weights, moePosition, streams.finalMask, streams.finalLimit, rowStream}, hidden};
            ESPALIER_CHECK(feedForward({&block, 1}, m_weights, index, job));
            moePosition += layer.moe ? 1 : 0;
            m_flops += layerFlops(m_spec, layer, hidden.size(0), {});
            for (const std::int32_t last : position)
                m_flops += 2.0 * static_cast<double>(shape.heads * (shape.keyDim + shape.valueDim)) * (last + 1);
        }
        return hidden;
    }
    [[nodiscard]] double flops() const { return m_flops; }

private:
    const model::ModelSpec& m_spec;
    WeightSource& m_weights;
    Rotary& m_rotary;
    const Streams& m_streams;
    KvCache& m_cache;
    double m_flops = 0;
};

/// Stores keys and values of a pass over the prompts for every final stream; `answers` are in start() order.
auto keepInto(KvCache& cache, const Streams& streams, std::size_t prompts)
{
    return [&cache, &streams, prompts](std::size_t layer, const Batch& batch, const Projections& projections) {
        const auto& entering = streams.layer(layer).entering;
        for (std::size_t stream = 0; stream < entering.size(); ++stream)
            for (std::size_t i = 0; i < batch.sequences.size(); ++i) {
                const std::size_t number = static_cast<std::size_t>(entering[stream]) * batch.sequences.size() + i;
                cache.fill(layer, stream * prompts + batch.first + i, projections, batch.spans[number], number);
            }
    };
}

/// Residual stream at the last token of every prompt, stream-major as Answers::start() orders rows.
at::Tensor lastRows(const std::vector<Batch>& batches, std::int64_t streams)
{
    std::vector<at::Tensor> parts;
    for (std::int64_t stream = 0; stream < streams; ++stream)
        for (const Batch& batch : batches) {
            std::vector<std::int64_t> rows;
            for (const Span& span : batch.sequences)
                rows.push_back(stream * batch.rows + span.begin + span.length - 1);
            parts.push_back(batch.hidden.index_select(0, at::tensor(rows, at::kLong)));
        }
    return at::cat(parts);
}

} // namespace

Result<Generated> TorchEngine::runGenerate(const GenerateRequest& request, const base::JobContext& job)
{
    const model::ModelSpec& spec = m_model.spec;
    const std::vector<TokenSpan> prompts(request.prompts.begin(), request.prompts.end());
    ESPALIER_CHECK(checkSequences(prompts));
    Generated result(request.variants.size(), std::vector<TokenSequence>(prompts.size()));
    if (request.maxTokens <= 0 || prompts.empty() || request.variants.empty())
        return result;
    ESPALIER_TRY(const Streams streams, Streams::make(spec, request.variants));
    ESPALIER_CHECK(m_weights->prepare(true, job));
    Answers answers(request, spec.maxPositions, result);
    const auto total = static_cast<double>(prompts.size() * request.variants.size());
    const auto capacityOf = [&](std::size_t prompt) {
        return static_cast<std::int64_t>(prompts[prompt].size()) + request.maxTokens;
    };
    for (std::size_t begin = 0, end = 0; begin < prompts.size(); begin = end) {
        std::uint64_t bytes = 0;
        for (end = begin; end < prompts.size() && (end == begin || bytes < m_settings.hiddenBytes); ++end)
            bytes += KvCache::bytes(spec, m_settings.scalarType(), capacityOf(end)) *
                     static_cast<std::uint64_t>(streams.count());
        std::vector<std::int64_t> capacity;
        for (std::int64_t stream = 0; stream < streams.count(); ++stream)
            for (std::size_t prompt = begin; prompt < end; ++prompt)
                capacity.push_back(capacityOf(prompt));
        KvCache cache(spec, m_settings.scalarType(), capacity);
        answers.start(streams, begin, end);
        Pass pass(spec, *m_weights, m_rotary, streams);
        pass.device = m_device.get();
        pass.keep = keepInto(cache, streams, end - begin);
        const base::JobContext quiet{{}, {}, job.stop}; // progress is counted in answers
        ESPALIER_TRY(std::vector<Batch> batches,
                     pass.run(std::span(prompts).subspan(begin, end - begin), {&quiet, {}, {}}));
        at::Tensor hidden = lastRows(batches, streams.count());
        batches.clear();
        Continuation continuation(spec, *m_weights, m_rotary, streams, cache);
        while (true) {
            ESPALIER_TRY(const EndWeights* ends, m_weights->ends(End::Head, job));
            const Head head(spec, *ends);
            answers.advance(bestTokens(head, hidden));
            m_flops += head.flops(hidden.size(0));
            job.report({"generating answers", static_cast<double>(answers.ended()), total, "answers"});
            if (answers.live().empty())
                break;
            if (job.stopRequested())
                return base::cancelledError();
            ESPALIER_TRY(hidden, continuation.step(answers.live(), job));
        }
        m_flops += pass.flops() + continuation.flops();
    }
    return result;
}

} // namespace espalier::engine
