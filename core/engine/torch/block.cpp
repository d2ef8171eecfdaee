// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/block.h"

#include "core/engine/torch/feed_forward.h"
#include "core/engine/torch/kernels.h"
#include "core/engine/torch/norm.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace espalier::engine {

namespace {

/// Bound on the k outputs per row that are held between the experts' GEMMs and their sum.
constexpr std::int64_t kOutputElements = std::int64_t{24} << 20U;

/// Calls f with rows [begin, begin + count) of the batch, their streams and `begin`, few enough to go through the
/// experts together.
template <typename F>
Result<void> inParts(const BlockContext& context, const at::Tensor& hidden, const F& f)
{
    const std::int64_t rows = hidden.size(0);
    const std::int64_t most = MoeRows::most(*context.spec);
    for (std::int64_t begin = 0; begin < rows; begin += most) {
        const std::int64_t count = std::min(most, rows - begin);
        ESPALIER_CHECK(f(hidden.narrow(0, begin, count),
                         context.stream.defined() ? context.stream.narrow(0, begin, count) : at::Tensor(), begin));
    }
    return {};
}

} // namespace

at::Tensor sharedExpert(const model::ModelSpec& spec, const LayerWeights& weights, const at::Tensor& x)
{
    if (!weights.shared.gateUp.defined())
        return {};
    at::Tensor out = denseFfn(spec.activation, weights.shared, x);
    if (weights.sharedGate.defined())
        out.mul_(at::sigmoid(at::linear(x, weights.sharedGate)));
    return out;
}

void denseFeedForward(const BlockContext& context, const at::Tensor& hidden)
{
    const model::ModelSpec& spec = *context.spec;
    const LayerWeights& weights = *context.weights;
    at::Tensor residual = hidden;
    addToResidual(spec, weights.postFfnNorm,
                  denseFfn(spec.activation, weights.dense, norm(spec, weights.ffnNorm, hidden)), residual);
}

MoeRows::MoeRows(const BlockContext& context, at::Tensor hidden, const at::Tensor& stream, std::int64_t first)
    : m_context(context), m_hidden(std::move(hidden))
{
    const model::ModelSpec& spec = *context.spec;
    m_x = norm(spec, context.weights->ffnNorm, m_hidden);
    const Routing routing =
        route(spec.router, *context.weights, m_x, context.mask, context.limit, stream, context.mixing);
    m_dispatch = dispatchRows(routing, context.mixing != nullptr ? context.mixing->total() : spec.experts);
    m_observation = {
        context.moePosition, m_hidden,        routing.logits, routing.scores, routing.ids, routing.gates, {},
        context.block,       context.weights, context.texts,  first};
    m_observation.stream = stream;
}

std::int64_t MoeRows::most(const model::ModelSpec& spec)
{
    return std::max<std::int64_t>(256, kOutputElements / (std::int64_t{spec.router.topK} * spec.hidden));
}

std::vector<std::int64_t> MoeRows::chosen() const
{
    std::vector<std::int64_t> experts;
    for (std::size_t e = 0; e + 1 < m_dispatch.begin.size(); ++e)
        if (m_dispatch.begin[e] < m_dispatch.begin[e + 1])
            experts.push_back(static_cast<std::int64_t>(e));
    return experts;
}

void MoeRows::run(const ExpertPack& pack)
{
    const model::ModelSpec& spec = *m_context.spec;
    if (m_context.observer != nullptr)
        m_context.observer->observePack(m_observation, m_x, pack);
    const std::int64_t begin = m_dispatch.begin[static_cast<std::size_t>(pack.first)];
    const std::int64_t end = m_dispatch.begin[static_cast<std::size_t>(pack.first) + pack.experts.size()];
    const bool only = pack.experts.size() + 1 == m_dispatch.begin.size();
    if (!only && !m_sum.defined())
        m_sum = at::zeros({m_x.size(0), m_x.size(1)}, at::kFloat);
    if (begin == end)
        return;
    const at::Tensor outputs = runExperts(spec.activation, pack, m_x, m_dispatch);
    if (only)
        m_routed = combine(outputs, m_dispatch.gate, m_dispatch.place, m_x.size(0));
    else
        addOutputs(outputs, begin, m_dispatch.gate, m_dispatch.place, m_sum);
    if (m_context.observer != nullptr)
        m_context.observer->observeExperts(m_observation, rowsOfExperts(pack, m_dispatch, outputs));
}

void MoeRows::finish()
{
    const model::ModelSpec& spec = *m_context.spec;
    const LayerWeights& weights = *m_context.weights;
    at::Tensor added = m_routed.defined() ? m_routed : m_sum.to(m_x.scalar_type());
    if (m_context.observer != nullptr) {
        m_observation.routed = added;
        m_context.observer->observeLayer(m_observation);
    }
    if (const at::Tensor shared = sharedExpert(spec, weights, m_x); shared.defined())
        added = added + shared;
    addToResidual(spec, weights.postFfnNorm, added, m_hidden);
}

Result<void> feedForward(std::span<const BlockRows> batches, WeightSource& source, std::size_t index,
                         const base::JobContext& job, const std::function<void(double)>& done)
{
    std::vector<MoeRows> waiting; // for the packs, when there are several
    const auto only = [&](const BlockRows& batch) -> Result<void> {
        return inParts(batch.context, batch.hidden,
                       [&](const at::Tensor& rows, const at::Tensor& stream, std::int64_t first) -> Result<void> {
                           MoeRows part(batch.context, rows, stream, first);
                           source.wanted(index, part.chosen());
                           ESPALIER_TRY(ExpertPack pack, source.experts(index, 0, job));
                           if (LayerMixing* mixing = batch.context.mixing)
                               pack = mixing->together(pack, rows.scalar_type());
                           part.run(pack);
                           part.finish();
                           return {};
                       });
    };
    for (const BlockRows& batch : batches) {
        if (!batch.context.layer->moe) {
            denseFeedForward(batch.context, batch.hidden);
        } else if (source.packs(index) == 1) {
            ESPALIER_CHECK(only(batch));
        } else {
            ESPALIER_CHECK(
                inParts(batch.context, batch.hidden,
                        [&](const at::Tensor& rows, const at::Tensor& stream, std::int64_t first) -> Result<void> {
                            waiting.emplace_back(batch.context, rows, stream, first);
                            return {};
                        }));
        }
    }
    const std::size_t packs = waiting.empty() ? 0 : source.packs(index);
    for (std::size_t p = 0; p < packs; ++p) {
        ESPALIER_TRY(const ExpertPack pack, source.experts(index, p, job));
        if (LayerMixing* mixing = batches.front().context.mixing)
            mixing->add(pack, batches.front().hidden.scalar_type());
        for (std::size_t i = 0; i < waiting.size(); ++i) {
            if (job.stopRequested())
                return base::cancelledError();
            waiting[i].run(pack);
            if (done)
                done((static_cast<double>(p) + static_cast<double>(i + 1) / static_cast<double>(waiting.size())) /
                     static_cast<double>(packs));
        }
    }
    LayerMixing* mixing = waiting.empty() ? nullptr : batches.front().context.mixing;
    for (MoeRows& part : waiting) {
        if (mixing != nullptr)
            part.run(mixing->mixed(batches.front().hidden.scalar_type()));
        part.finish();
    }
    return {};
}

double layerFlops(const model::ModelSpec& spec, const model::LayerSpec& layer, std::int64_t rows,
                  std::span<const Span> sequences)
{
    const HeadShape shape = headShape(spec.attention);
    const double h = spec.hidden;
    const auto queries = static_cast<double>(shape.heads * shape.keyDim);
    const auto values = static_cast<double>(shape.heads * shape.valueDim);
    double perRow = h * values; // the output projection
    if (layer.isDelta) {
        const model::DeltaSpec& delta = *spec.attention.delta;
        const double keys = static_cast<double>(delta.keyHeads) * delta.keyDim;
        const double own = static_cast<double>(delta.valueHeads) * delta.valueDim;
        perRow = h * (2 * keys + 3 * own + 2.0 * delta.valueHeads) + 4 * own * delta.keyDim;
        sequences = {};
    } else if (spec.attention.latent) {
        const model::LatentSpec& latent = *spec.attention.latent;
        perRow += latent.queryRank > 0 ? latent.queryRank * (h + queries) : h * queries;
        perRow += h * (latent.keyValueRank + latent.ropeDim) +
                  static_cast<double>(latent.keyValueRank) * spec.attention.heads * (latent.nopeDim + latent.valueDim);
    } else {
        perRow += h * (queries + 2 * static_cast<double>(shape.kvHeads * shape.keyDim));
    }
    if (layer.moe)
        perRow += h * spec.experts + 3.0 * h * (spec.expertWidth * spec.router.topK + layer.sharedWidth);
    else
        perRow += 3.0 * h * layer.denseWidth;
    double pairs = 0; // query and key meet twice: score and value
    for (const Span& span : sequences)
        pairs += static_cast<double>(span.length) * static_cast<double>(span.length + 1) / 2;
    return 2 * (perRow * static_cast<double>(rows) + (queries + values) * pairs);
}

} // namespace espalier::engine
