// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/carve_layer.h"

#include "core/engine/torch/kernels.h"
#include "core/engine/torch/stopwatch.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace espalier::engine {

namespace {

constexpr std::int64_t kChunk = 1024; ///< rows of activations held at once
constexpr std::int64_t kHeldOut = 8;  ///< every eighth token is for measuring alone
constexpr std::int64_t kEnough = 256; ///< with fewer tokens all are used for both

/// Calls f(first row, rows) for chunks of x.
template <typename F>
Result<void> inChunks(const at::Tensor& x, const base::JobContext& job, const F& f)
{
    for (std::int64_t begin = 0; begin < x.size(0); begin += kChunk) {
        if (job.stopRequested())
            return base::cancelledError();
        f(begin, x.narrow(0, begin, std::min(kChunk, x.size(0) - begin)));
    }
    return {};
}

/// Numbers in [begin, begin + rows) of held-out tokens, or of the others.
at::Tensor rowsFor(std::int64_t begin, std::int64_t rows, std::int64_t total, bool heldOut)
{
    const at::Tensor numbers = at::arange(rows, at::kLong);
    if (total < kEnough)
        return numbers;
    const at::Tensor held = (numbers + begin).remainder(kHeldOut).eq(kHeldOut - 1);
    return numbers.masked_select(heldOut ? held : held.logical_not());
}

at::Tensor unitRows(const at::Tensor& matrix)
{
    return matrix / matrix.norm(2, 1, true).clamp_min(1e-12);
}

/// Energies of a choice's leftovers, summed over tokens.
struct Kept {
    double lost = 0, overlap = 0, same = 0;
    [[nodiscard]] CarveQuality share(double output, double tokens) const
    {
        return {output > 0 ? 1 - lost / output : 1, tokens > 0 ? overlap / tokens : 1, tokens > 0 ? same / tokens : 1};
    }
};

} // namespace

LayerCarver::LayerCarver(const CarveSettings& settings, const FfnWeights& weights, at::Tensor x)
    : m_settings(settings), m_x(std::move(x))
{
    m_weights.gateUp = weights.gateUp.to(at::kFloat);
    m_weights.down = weights.down.to(at::kFloat);
    m_weights.norms = m_weights.down.norm(2, 0);
    m_settings.shape.width = static_cast<int>(m_weights.down.size(1));
}

Result<LayerCarver::Statistics> LayerCarver::measure(const base::JobContext& job) const
{
    const bool published = m_settings.clustering == method::Clustering::Markers;
    const std::int64_t width = m_weights.width();
    const std::int64_t rows = m_x.size(0);
    const std::int64_t marks = std::min<std::int64_t>(m_settings.markers, width);
    const std::int64_t step = (rows + m_settings.featureTokens - 1) / m_settings.featureTokens;
    const auto doubles = at::TensorOptions(at::kDouble);
    Statistics sums{at::zeros({width}, doubles), at::zeros({width}, doubles), at::zeros({width}, doubles), {}};
    const at::Tensor unit = published ? at::cat({unitRows(m_weights.gate()), unitRows(m_weights.up())}) : at::Tensor();
    std::vector<at::Tensor> sample;
    ESPALIER_CHECK(inChunks(m_x, job, [&](std::int64_t begin, const at::Tensor& x) {
        const at::Tensor h = siluMul(at::mm(x, m_weights.gateUp.t()));
        const at::Tensor a = h.abs() * m_weights.norms;
        const at::Tensor square = a.square().to(at::kDouble);
        sums.energy += square.sum(0);
        sums.strength += square.square().sum(0);
        // CMoE's code compares neurons without their scales: tokens and rows have length 1 there
        const at::Tensor compared = published ? siluMul(at::mm(unitRows(x), unit.t())).abs() : h.abs();
        const at::Tensor marked = std::get<1>(compared.topk(marks, 1));
        sums.rate += at::bincount(marked.view(-1), {}, width).to(at::kDouble);
        const at::Tensor numbers = at::arange(x.size(0), at::kLong);
        const at::Tensor taken = numbers.masked_select((numbers + begin).remainder(step).eq(0));
        const at::Tensor rowsOfSample = published
                                            ? at::zeros_like(compared).scatter_(1, marked, 1.0F).index_select(0, taken)
                                            : a.index_select(0, taken);
        sample.push_back(rowsOfSample);
    }));
    const auto count = static_cast<double>(rows);
    sums.energy /= count;
    sums.strength /= count;
    sums.rate /= count;
    sums.features = at::cat(sample).t().contiguous();
    return sums;
}

void LayerCarver::permute(const method::NeuronSplit& split)
{
    const at::Tensor order =
        at::from_blob(const_cast<std::int32_t*>(split.order.data()), {m_weights.width()}, at::kInt).to(at::kLong);
    const auto& shape = m_settings.shape;
    m_weights.gateUp =
        at::cat({m_weights.gate().index_select(0, order), m_weights.up().index_select(0, order)}).contiguous();
    m_weights.down = m_weights.down.index_select(1, order).contiguous();
    m_weights.norms = m_weights.norms.index_select(0, order);
    m_weights.sharedWidth = shape.sharedWidth();
    m_weights.experts = shape.routed();
    m_weights.expertWidth = shape.expertWidth();
}

at::Tensor LayerCarver::energies(const at::Tensor& h) const
{
    std::vector<at::Tensor> columns;
    for (std::int64_t e = 0; e < m_weights.experts; ++e)
        columns.push_back(at::mm(m_weights.part(h, 1, e), m_weights.part(m_weights.down, 1, e).t()).square().sum(1));
    return at::stack(columns, 1);
}

at::Tensor LayerCarver::nearest(const Statistics& statistics, const method::NeuronSplit& split) const
{
    const at::Tensor order =
        at::from_blob(const_cast<std::int32_t*>(split.order.data()), {m_weights.width()}, at::kInt).to(at::kLong);
    const at::Tensor features = statistics.features.index_select(0, order);
    at::Tensor chosen = at::empty({m_weights.experts}, at::kLong);
    for (std::int64_t e = 0; e < m_weights.experts; ++e) {
        const at::Tensor own = m_weights.part(features, 0, e);
        const at::Tensor distance = (own - own.mean(0, true)).abs().sum(1);
        chosen[e] = distance.argmin() + m_weights.sharedWidth + e * m_weights.expertWidth;
    }
    return chosen;
}

Result<void> LayerCarver::fit(const Statistics& statistics, CarvedLayer& layer, const base::JobContext& job)
{
    const Stopwatch stopwatch(layer.secondsRouter);
    const at::Tensor order = at::from_blob(layer.split.order.data(), {m_weights.width()}, at::kInt).to(at::kLong);
    RouterFit fit(m_settings, m_weights, statistics.strength.index_select(0, order),
                  m_settings.router == RouterKind::Paper ? nearest(statistics, layer.split) : at::Tensor());
    if (m_settings.router != RouterKind::Paper)
        ESPALIER_CHECK(inChunks(m_x, job, [&](std::int64_t begin, const at::Tensor& all) {
            const at::Tensor x = all.index_select(0, rowsFor(begin, all.size(0), m_x.size(0), false));
            const at::Tensor h = siluMul(at::mm(x, m_weights.gateUp.t()));
            fit.add(x, h.abs() * m_weights.norms, energies(h));
        }));
    ESPALIER_TRY(layer.router, fit.finish());
    return {};
}

at::Tensor LayerCarver::active(const at::Tensor& scores) const
{
    const at::Tensor ids = std::get<1>(scores.topk(m_settings.shape.active, 1));
    const at::Tensor chosen = at::zeros_like(scores).scatter_(1, ids, 1.0F);
    return at::cat({at::ones({scores.size(0), m_weights.sharedWidth}, scores.options()),
                    chosen.repeat_interleave(m_weights.expertWidth, 1)},
                   1);
}

Result<void> LayerCarver::run(const Statistics& statistics, CarvedLayer& layer, const base::JobContext& job)
{
    const auto& shape = m_settings.shape;
    const bool routed = shape.active > 0;
    const std::int64_t experts = m_weights.experts;
    m_outputs = at::empty({m_x.size(0), m_x.size(1)}, at::kFloat);
    // Static pruning to the same number of neurons: the most important ones of the layer.
    const at::Tensor order = at::from_blob(layer.split.order.data(), {m_weights.width()}, at::kInt).to(at::kLong);
    const at::Tensor importance = statistics.energy.index_select(0, order);
    const std::int64_t always = std::int64_t{shape.shared + shape.active} * m_weights.expertWidth;
    at::Tensor fixed = at::zeros({m_weights.width()}, at::kFloat);
    fixed.index_fill_(0, std::get<1>(importance.topk(always)), 1.0F);
    at::Tensor load = at::zeros({std::max<std::int64_t>(experts, 1)}, at::kDouble);
    Kept chosen, oracle, lot;
    double output = 0, tokens = 0, fixedLost = 0;
    const auto lostBy = [&](const at::Tensor& h, const at::Tensor& mask) {
        return at::mm(h * (1 - mask), m_weights.down.t()).square().sum().item<double>();
    };
    ESPALIER_CHECK(inChunks(m_x, job, [&](std::int64_t begin, const at::Tensor& x) {
        const at::Tensor h = siluMul(at::mm(x, m_weights.gateUp.t()));
        const at::Tensor scores = routed ? routerScores(layer.router, x, experts) : at::Tensor();
        const at::Tensor mask = routed ? active(scores)
                                       : at::cat({at::ones({m_weights.sharedWidth}, at::kFloat),
                                                  at::zeros({m_weights.width() - m_weights.sharedWidth}, at::kFloat)})
                                             .expand({x.size(0), m_weights.width()});
        m_outputs.narrow(0, begin, x.size(0)).copy_(at::mm(m_settings.propagate ? h * mask : h, m_weights.down.t()));
        if (routed) {
            load += mask.narrow(1, m_weights.sharedWidth, experts * m_weights.expertWidth)
                        .view({x.size(0), experts, m_weights.expertWidth})
                        .select(2, 0)
                        .sum(0)
                        .to(at::kDouble);
            if (layer.router.kind == RouterKind::Linear)
                layer.largestLogit = std::max(layer.largestLogit, scores.abs().max().item<double>());
        }
        const at::Tensor held = rowsFor(begin, x.size(0), m_x.size(0), true);
        if (held.numel() == 0)
            return;
        const at::Tensor own = h.index_select(0, held);
        output += at::mm(own, m_weights.down.t()).square().sum().item<double>();
        fixedLost += lostBy(own, fixed);
        tokens += static_cast<double>(held.numel());
        const at::Tensor made = mask.index_select(0, held);
        chosen.lost += lostBy(own, made);
        if (!routed)
            return;
        const at::Tensor best = active(energies(own));
        // A choice by lot that depends on the token's place alone
        at::Tensor places = (at::arange(experts, at::kDouble).unsqueeze(0) * 0.754877666 +
                             (held + begin).to(at::kDouble).unsqueeze(1) * 0.569840291);
        const at::Tensor random = active((places * 9973.0).frac().to(at::kFloat));
        oracle.lost += lostBy(own, best);
        lot.lost += lostBy(own, random);
        const auto compare = [&](Kept& kept, const at::Tensor& other) {
            const at::Tensor both = (best * other)
                                        .narrow(1, m_weights.sharedWidth, experts * m_weights.expertWidth)
                                        .sum(1)
                                        .div(static_cast<double>(shape.active * m_weights.expertWidth));
            kept.overlap += both.sum().item<double>();
            kept.same += both.gt(0.999).sum().item<double>();
        };
        compare(chosen, made);
        compare(lot, random);
        compare(oracle, best);
    }));
    layer.chosen = chosen.share(output, tokens);
    layer.oracle = oracle.share(output, tokens);
    layer.lot = lot.share(output, tokens);
    layer.staticKept = output > 0 ? 1 - fixedLost / output : 1;
    load /= static_cast<double>(m_x.size(0));
    layer.load.assign(load.const_data_ptr<double>(), load.const_data_ptr<double>() + load.numel());
    return {};
}

Result<CarvedLayer> LayerCarver::carve(LayerIndex index, const base::JobContext& job)
{
    ESPALIER_CHECK(m_settings.shape.check());
    CarvedLayer layer;
    layer.layer = index;
    Statistics statistics;
    {
        const Stopwatch stopwatch(layer.secondsStatistics);
        ESPALIER_TRY(statistics, measure(job));
    }
    {
        const Stopwatch stopwatch(layer.secondsSplit);
        const at::Tensor& importance =
            m_settings.clustering == method::Clustering::Markers ? statistics.rate : statistics.energy;
        const at::Tensor& features = statistics.features;
        ESPALIER_TRY(
            layer.split,
            method::splitNeurons({m_settings.shape, m_settings.clustering, 8,
                                  m_settings.seed + static_cast<std::uint64_t>(index.value())},
                                 {features.const_data_ptr<float>(), static_cast<std::size_t>(features.numel())},
                                 features.size(1),
                                 {importance.const_data_ptr<double>(), static_cast<std::size_t>(importance.numel())}));
        permute(layer.split);
    }
    if (m_settings.shape.active > 0)
        ESPALIER_CHECK(fit(statistics, layer, job));
    ESPALIER_CHECK(run(statistics, layer, job));
    return layer;
}

} // namespace espalier::engine
