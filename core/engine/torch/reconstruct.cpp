// SPDX-License-Identifier: Apache-2.0
// What layers lose under choices of their experts: a pass over a few texts that stops at every MoE layer and takes all
// experts' outputs for a sample of its rows.
#include "core/engine/torch/guard.h"
#include "core/engine/torch/layer_bank.h"
#include "core/engine/torch/norm.h"
#include "core/engine/torch/stopwatch.h"
#include "core/engine/torch/torch_engine.h"
#include "core/method/search/random.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace espalier::engine {

namespace {

constexpr std::uint64_t kBankBytes = std::uint64_t{1} << 30U;

/// Rows of the batches' first or last stream, spread evenly.
at::Tensor sampled(std::span<const Batch> batches, std::int64_t count, bool last)
{
    const std::int64_t all = std::accumulate(batches.begin(), batches.end(), std::int64_t{0},
                                             [](std::int64_t sum, const Batch& batch) { return sum + batch.rows; });
    std::vector<at::Tensor> parts;
    std::int64_t from = 0, next = 0; // rows before the batch; samples taken
    for (const Batch& batch : batches) {
        std::vector<std::int64_t> rows;
        const std::int64_t offset = last ? batch.hidden.size(0) - batch.rows : 0;
        for (; next < std::min(count, all); ++next) {
            const std::int64_t row = next * all / std::min(count, all);
            if (row >= from + batch.rows)
                break;
            rows.push_back(offset + row - from);
        }
        parts.push_back(batch.hidden.index_select(0, at::tensor(rows, at::kLong)));
        from += batch.rows;
    }
    return at::cat(parts);
}

at::Tensor normalDraws(std::int64_t rows, std::int64_t width, std::uint64_t seed, std::uint64_t stream)
{
    method::Random random(seed, stream);
    at::Tensor draws = at::empty({rows, width}, at::kFloat);
    float* values = draws.data_ptr<float>();
    for (std::int64_t i = 0; i < draws.numel(); ++i)
        values[i] = static_cast<float>(random.normal());
    return draws;
}

} // namespace

Result<void> TorchEngine::reconstruct(const ReconstructionRequest& request, const ReconstructionSink& sink,
                                      const base::JobContext& job)
{
    const Stopwatch stopwatch(m_seconds);
    return guarded(m_settings.threads, [&] { return runReconstruct(request, sink, job); });
}

Result<void> TorchEngine::showLayer(const ShownLayer& shown, const ReconstructionSink& sink,
                                    const base::JobContext& job)
{
    const model::ModelSpec& spec = m_model.spec;
    LayerBank bank(spec, *shown.weights, shown.x, shown.aim);
    std::vector<std::int64_t> all(static_cast<std::size_t>(spec.experts));
    std::iota(all.begin(), all.end(), 0);
    m_weights->wanted(shown.index, all);
    for (std::size_t pack = 0; pack < m_weights->packs(shown.index); ++pack) {
        ESPALIER_TRY(const ExpertPack experts, m_weights->experts(shown.index, pack, job));
        if (job.stopRequested())
            return base::cancelledError();
        bank.add(experts);
    }
    bank.finish();
    const LayerReconstruction layer{shown.moePosition, shown.x.size(0), bank.energy(),
                                    [&](std::span<const ExpertChoice> choices) { return bank.losses(choices); }};
    return sink(layer);
}

Result<void> TorchEngine::runReconstruct(const ReconstructionRequest& request, const ReconstructionSink& sink,
                                         const base::JobContext& job)
{
    const model::ModelSpec& spec = m_model.spec;
    std::vector<std::size_t> moe;
    for (std::size_t index = 0; index < spec.layers.size(); ++index)
        if (spec.layers[index].moe)
            moe.push_back(index);
    const bool one = request.layer >= 0;
    if (moe.empty() || std::cmp_greater_equal(request.layer, moe.size()) || (request.before != nullptr && !one))
        return base::internalError("a layer without experts was to be reconstructed, or all at once behind a plan");
    const auto count = std::clamp<std::int64_t>(
        static_cast<std::int64_t>(kBankBytes / (static_cast<std::uint64_t>(spec.experts + 1) *
                                                static_cast<std::uint64_t>(spec.hidden) * sizeof(float))),
        1, std::max<std::int64_t>(1, request.tokens));
    ESPALIER_CHECK(m_weights->prepare(false, job));
    if (request.texts.empty()) {
        for (std::size_t position = 0; position < moe.size(); ++position) {
            ESPALIER_TRY(const LayerWeights* weights, m_weights->layer(moe[position], job));
            if (one && std::cmp_not_equal(position, request.layer))
                continue;
            job.report({"measuring layers", static_cast<double>(position), static_cast<double>(moe.size()), "layers"});
            const at::Tensor x = normalDraws(count, spec.hidden, request.seed, position).to(m_settings.scalarType());
            ESPALIER_CHECK(showLayer({moe[position], static_cast<std::int32_t>(position), weights, x, {}}, sink, job));
        }
        return {};
    }
    std::optional<plan::Plan> before; // what stands behind the layer is whole
    if (request.before != nullptr) {
        before = plan::Plan::keepAll(m_model.summary);
        if (request.before->layers.size() != before->layers.size())
            return badInput("the plan's layers are not those of the model");
        std::copy_n(request.before->layers.begin(), request.layer, before->layers.begin());
    }
    const PlanPointer variants[] = {nullptr, before ? &*before : nullptr};
    ESPALIER_TRY(const Streams streams, streamsOf(variants));
    std::vector<TokenSpan> sequences;
    std::int64_t tokens = 0;
    for (const TokenSequence& text : request.texts) {
        tokens += static_cast<std::int64_t>(text.size());
        if (!sequences.empty() && tokens * streams.count() > tokensAtOnce())
            break;
        sequences.emplace_back(text);
    }
    ESPALIER_CHECK(checkSequences(sequences));
    const auto look = [&](std::size_t index, const LayerWeights& weights, std::span<const Batch> batches) {
        const auto position = static_cast<std::int32_t>(std::find(moe.begin(), moe.end(), index) - moe.begin());
        const bool apart = batches.front().hidden.size(0) > batches.front().rows;
        const auto normed = [&](bool last) { return norm(spec, weights.ffnNorm, sampled(batches, count, last)); };
        return showLayer({index, position, &weights, normed(true), apart ? normed(false) : at::Tensor()}, sink, job);
    };
    ProgressPart progress{&job, "measuring layers", "tokens"};
    for (const TokenSpan& sequence : sequences)
        progress.total += static_cast<double>(sequence.size());
    progress.size = progress.total;
    Pass pass(spec, *m_weights, m_rotary, streams);
    if (one)
        pass.endLayer = moe[static_cast<std::size_t>(request.layer)];
    else
        pass.beforeExperts = look;
    ESPALIER_TRY(std::vector<Batch> batches, pass.run(sequences, progress));
    if (one) {
        ESPALIER_TRY(const LayerWeights* weights, pass.attendOnly(pass.endLayer, batches, job));
        ESPALIER_CHECK(look(pass.endLayer, *weights, batches));
    }
    m_flops += pass.flops();
    return {};
}

} // namespace espalier::engine
