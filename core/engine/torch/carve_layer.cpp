// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/carve_layer.h"

#include "core/engine/torch/carve_loops.h"
#include "core/engine/torch/kernels.h"
#include "core/engine/torch/stopwatch.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace espalier::engine {

namespace {

constexpr std::int64_t kChunk = 1024; ///< rows of activations held at once
constexpr std::int64_t kHeldOut = 8;  ///< every eighth token is for measuring alone
constexpr std::int64_t kEnough = 256; ///< with fewer tokens all are used for both
/// Activations that are kept rather than computed three times: 11,000 tokens of a 7B layer.
constexpr std::uint64_t kHeldBytes = std::uint64_t{512} << 20U;

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

/// Of each row.
at::Tensor energy(const at::Tensor& outputs)
{
    return outputs.square().sum(1);
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
    m_weights.down = weights.down.to(at::kFloat).contiguous();
    m_weights.norms = m_weights.down.norm(2, 0);
    m_settings.shape.width = static_cast<int>(m_weights.down.size(1));
}

Result<LayerCarver::Statistics> LayerCarver::measure(const base::JobContext& job)
{
    const bool published = m_settings.clustering == method::Clustering::Markers;
    const bool compares = m_settings.clustering != method::Clustering::Random || m_settings.router == RouterKind::Paper;
    const std::int64_t width = m_weights.width();
    const std::int64_t rows = m_x.size(0);
    const std::int64_t step =
        std::max<std::int64_t>(1, (rows + m_settings.featureTokens - 1) / m_settings.featureTokens);
    const auto zeros = [&] { return at::zeros({width}, at::TensorOptions(at::kDouble)); };
    Statistics found{zeros(), zeros(), zeros(),
                     at::empty({width, compares ? (rows + step - 1) / step : 0}, at::kFloat)};
    ContributionSums sums{found.energy, m_settings.router == RouterKind::Energy ? found.strength : at::Tensor(),
                          compares && !published ? found.features : at::Tensor(), step};
    const at::Tensor unit = published ? at::cat({unitRows(m_weights.gate()), unitRows(m_weights.up())}) : at::Tensor();
    std::int64_t marked = 0;
    ESPALIER_CHECK(inChunks(m_x, job, [&](std::int64_t begin, const at::Tensor& x) {
        const at::Tensor h = siluMul(at::mm(x, m_weights.gateUp.t()));
        if (static_cast<std::uint64_t>(begin + h.size(0)) * static_cast<std::uint64_t>(width) * sizeof(float) <=
            kHeldBytes)
            m_held.push_back(h);
        addContributions(h, m_weights.norms, sums);
        const std::int64_t first = (step - begin % step) % step; // of every step-th token
        if (!published)
            return;
        // CMoE's code compares neurons without their scales: tokens and rows have length 1 there
        const at::Tensor compared = siluMul(at::mm(unitRows(x), unit.t())).abs();
        const at::Tensor largest = std::get<1>(compared.topk(std::min<std::int64_t>(m_settings.markers, width), 1));
        found.rate += at::bincount(largest.view(-1), {}, width).to(at::kDouble);
        if (first >= x.size(0))
            return;
        const at::Tensor taken = at::zeros_like(compared).scatter_(1, largest, 1.0F).slice(0, first, x.size(0), step);
        found.features.narrow(1, marked, taken.size(0)).copy_(taken.t());
        marked += taken.size(0);
    }));
    for (at::Tensor* mean : {&found.energy, &found.strength, &found.rate})
        *mean /= static_cast<double>(rows);
    return found;
}

at::Tensor LayerCarver::activations(std::int64_t begin, const at::Tensor& x) const
{
    const auto chunk = static_cast<std::size_t>(begin / kChunk);
    return chunk < m_held.size() ? m_held[chunk] : siluMul(at::mm(x, m_weights.gateUp.t()));
}

void LayerCarver::permute(const method::NeuronSplit& split)
{
    const at::Tensor order =
        at::from_blob(const_cast<std::int32_t*>(split.order.data()), {m_weights.width()}, at::kInt).to(at::kLong);
    const auto& shape = m_settings.shape;
    m_weights.gateUp =
        at::cat({m_weights.gate().index_select(0, order), m_weights.up().index_select(0, order)}).contiguous();
    m_weights.down = takeColumns(m_weights.down, order);
    m_weights.norms = m_weights.norms.index_select(0, order);
    for (at::Tensor& held : m_held)
        held = takeColumns(held, order);
    m_weights.sharedWidth = shape.sharedWidth();
    m_weights.experts = shape.routed();
    m_weights.expertWidth = shape.expertWidth();
}

template <typename Use>
void LayerCarver::eachOutput(const at::Tensor& h, const Use& use) const
{
    for (std::int64_t e = 0; e < m_weights.experts; ++e)
        use(e, at::mm(m_weights.part(h, 1, e), m_weights.part(m_weights.down, 1, e).t()));
}

at::Tensor LayerCarver::energies(const at::Tensor& h) const
{
    at::Tensor found = at::empty({h.size(0), m_weights.experts}, at::kFloat);
    eachOutput(h, [&](std::int64_t e, const at::Tensor& output) { found.select(1, e).copy_(energy(output)); });
    return found;
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
            const at::Tensor numbers = rowsFor(begin, all.size(0), m_x.size(0), false);
            const at::Tensor x = all.index_select(0, numbers);
            if (m_settings.router == RouterKind::LowRank) // looks at the tokens alone
                return fit.add(x, {}, {});
            const at::Tensor h = activations(begin, all).index_select(0, numbers);
            fit.add(x, h, energies(h));
        }));
    ESPALIER_TRY(layer.router, fit.finish());
    return {};
}

at::Tensor LayerCarver::choose(const at::Tensor& scores) const
{
    if (m_settings.shape.active == 0)
        return at::zeros_like(scores);
    const at::Tensor ids = std::get<1>(scores.topk(m_settings.shape.active, 1));
    return at::zeros_like(scores).scatter_(1, ids, 1.0F);
}

at::Tensor LayerCarver::neuronsOf(const at::Tensor& chosen) const
{
    return at::cat({at::ones({chosen.size(0), m_weights.sharedWidth}, chosen.options()),
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
    ESPALIER_CHECK(inChunks(m_x, job, [&](std::int64_t begin, const at::Tensor& x) {
        const at::Tensor h = activations(begin, x);
        const at::Tensor scores =
            routed ? routerScores(layer.router, x, experts) : at::zeros({x.size(0), experts}, at::kFloat);
        const at::Tensor choice = choose(scores);
        const at::Tensor given = m_settings.propagate ? h * neuronsOf(choice) : h;
        at::Tensor rows = m_outputs.narrow(0, begin, x.size(0));
        at::mm_out(rows, given, m_weights.down.t());
        if (routed) {
            load += choice.sum(0).to(at::kDouble);
            if (layer.router.kind == RouterKind::Linear)
                layer.largestLogit = std::max(layer.largestLogit, scores.abs().max().item<double>());
        }
        const at::Tensor held = rowsFor(begin, x.size(0), m_x.size(0), true);
        if (held.numel() == 0)
            return;
        const at::Tensor own = h.index_select(0, held);
        output += energy(at::mm(own, m_weights.down.t())).sum().item<double>();
        fixedLost += energy(at::mm(own * (1 - fixed), m_weights.down.t())).sum().item<double>();
        tokens += static_cast<double>(held.numel());
        // A choice loses what the experts give that it leaves out
        std::vector<at::Tensor> outputs;
        eachOutput(own, [&](std::int64_t, const at::Tensor& one) { outputs.push_back(one); });
        const auto lostBy = [&](const at::Tensor& mask) {
            at::Tensor lost = at::zeros({own.size(0), m_x.size(1)}, at::kFloat);
            const at::Tensor without = 1 - mask;
            for (std::size_t e = 0; e < outputs.size(); ++e)
                lost.addcmul_(outputs[e], without.narrow(1, static_cast<std::int64_t>(e), 1));
            return energy(lost).sum().item<double>();
        };
        const at::Tensor made = choice.index_select(0, held);
        chosen.lost += lostBy(made);
        if (!routed)
            return;
        at::Tensor truth = at::empty({own.size(0), experts}, at::kFloat);
        for (std::size_t e = 0; e < outputs.size(); ++e)
            truth.select(1, static_cast<std::int64_t>(e)).copy_(energy(outputs[e]));
        const at::Tensor best = choose(truth);
        // A choice by lot that depends on the token's place alone
        at::Tensor places = (at::arange(experts, at::kDouble).unsqueeze(0) * 0.754877666 +
                             (held + begin).to(at::kDouble).unsqueeze(1) * 0.569840291);
        const at::Tensor random = choose((places * 9973.0).frac().to(at::kFloat));
        oracle.lost += lostBy(best);
        lot.lost += lostBy(random);
        const auto compare = [&](Kept& kept, const at::Tensor& other) {
            const at::Tensor both = (best * other).sum(1).div(static_cast<double>(shape.active));
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
