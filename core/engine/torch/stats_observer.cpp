// SPDX-License-Identifier: Apache-2.0
// Every sum is taken in token order, whatever the number of threads: rows are spread over threads only where each row
// has its own result, columns where each column has its own sum. So a run is reproducible to the bit.
#include "core/engine/torch/stats_observer.h"

#include "core/engine/torch/stats_loops.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

namespace espalier::engine {

using stats::LayerStats;
using stats::Stat;

namespace {

/// Elements that are worth a thread's start.
constexpr std::int64_t kGrain = 16384;

std::int64_t rowsPerTask(std::int64_t elementsPerRow)
{
    return std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(1, elementsPerRow));
}

/// One expert's rows of the batch that is being observed.
struct ExpertRows {
    int expert = 0;
    at::Tensor rows, output;
};

/// A layer's sums as raw pointers; null = not collected.
struct Sums {
    explicit Sums(LayerStats& layer) : m_layer(layer) {}
    [[nodiscard]] double* operator()(Stat stat) const
    {
        const auto values = m_layer.edit(stat);
        return values.empty() ? nullptr : values.data();
    }

private:
    LayerStats& m_layer;
};

std::size_t bin(double share)
{
    const double scaled = share * stats::kHistogramBins;
    return scaled >= 0 ? static_cast<std::size_t>(std::min(scaled, stats::kHistogramBins - 1.0)) : 0;
}

} // namespace

struct StatsObserver::Private {
    stats::DomainStats& into;
    model::RouterScore routerScore;
    // Of the batch that is being observed; [row * k + slot]
    std::vector<double> norms;
    std::vector<ExpertRows> held;
    std::vector<float> largest;
    // Per row
    std::vector<double> turn, ratio;

    void routerColumns(Sums sums, const MoeObservation& o) const;
    void assignments(Sums sums, const MoeObservation& o, const stats::Topology& t) const;
    void residualTurns(Sums sums, const MoeObservation& o);
    void confidence(Sums sums, const MoeObservation& o, const stats::Topology& t) const;
    static void logitPool(LayerStats& layer, const MoeObservation& o);
    void probabilityOutputs(Sums sums, const MoeObservation& o);
};

StatsObserver::StatsObserver(const model::ModelSpec& spec, stats::DomainStats& into)
    : d(std::make_unique<Private>(Private{into, spec.router.score, {}, {}, {}, {}, {}}))
{
}

StatsObserver::~StatsObserver() = default;

void StatsObserver::observeExpert(int moePosition, int expert, const at::Tensor& rows, const at::Tensor& slots,
                                  const at::Tensor&, const at::Tensor& output)
{
    LayerStats& layer = d->into.layers[static_cast<std::size_t>(moePosition)];
    const Sums sums(layer);
    const std::int64_t n = output.size(0);
    const std::int64_t width = output.size(1);
    if (n == 0)
        return;
    const at::Tensor floats = output.to(at::kFloat).contiguous();
    const float* f = floats.const_data_ptr<float>();
    if (layer.has(Stat::Norm) || layer.has(Stat::Turn) || layer.has(Stat::MaxAbs)) {
        std::vector<double> norm(static_cast<std::size_t>(n));
        d->largest.resize(static_cast<std::size_t>(n));
        at::parallel_for(0, n, rowsPerTask(width), [&](std::int64_t begin, std::int64_t end) {
            loops::normsOfRows(f + begin * width, end - begin, width, norm.data() + begin, d->largest.data() + begin);
        });
        const auto k = static_cast<std::int64_t>(layer.topology().topK);
        const at::Tensor flat = (rows * k + slots).contiguous();
        const std::int64_t* place = flat.const_data_ptr<std::int64_t>();
        const std::int64_t last = *std::max_element(place, place + n);
        if (d->norms.size() <= static_cast<std::size_t>(last))
            d->norms.resize(static_cast<std::size_t>(last) + 1);
        for (std::int64_t i = 0; i < n; ++i)
            d->norms[static_cast<std::size_t>(place[i])] = norm[static_cast<std::size_t>(i)];
        if (double* maxima = sums(Stat::MaxAbs))
            maxima[expert] =
                std::max(maxima[expert], double{*std::max_element(d->largest.begin(), d->largest.begin() + n)});
    }
    if (double* total = sums(Stat::OutputSum))
        at::parallel_for(0, width, rowsPerTask(n), [&](std::int64_t begin, std::int64_t end) {
            loops::addRows(f + begin, n, width, nullptr, end - begin, total + expert * width + begin);
        });
    // The probabilities that weigh the second vector sum are known only when the layer is complete.
    if (layer.has(Stat::ProbOutputSum))
        d->held.push_back({expert, rows, output});
}

void StatsObserver::observeLayer(const MoeObservation& observation)
{
    MoeObservation o = observation;
    o.logits = o.logits.contiguous();
    o.scores = o.scores.contiguous();
    o.ids = o.ids.contiguous();
    o.gates = o.gates.contiguous();
    LayerStats& layer = d->into.layers[static_cast<std::size_t>(o.moePosition)];
    const Sums sums(layer);
    const std::int64_t n = o.scores.size(0);
    d->norms.resize(static_cast<std::size_t>(n * layer.topology().topK));
    layer.addTokens(static_cast<double>(n));
    if (layer.has(Stat::Turn))
        d->residualTurns(sums, o);
    d->routerColumns(sums, o);
    d->assignments(sums, o, layer.topology());
    if (layer.has(Stat::EntropyHistogram))
        d->confidence(sums, o, layer.topology());
    if (layer.pool().k > 0)
        Private::logitPool(layer, o);
    d->probabilityOutputs(sums, o);
    d->norms.clear();
}

/// Sums over all tokens, one per expert: a column of the router's logits or scores each.
void StatsObserver::Private::routerColumns(Sums sums, const MoeObservation& o) const
{
    const std::int64_t n = o.scores.size(0);
    const std::int64_t experts = o.scores.size(1);
    const float* p = o.scores.const_data_ptr<float>();
    const float* z = o.logits.const_data_ptr<float>();
    at::parallel_for(0, experts, rowsPerTask(n), [&](std::int64_t begin, std::int64_t end) {
        const std::int64_t width = end - begin;
        if (double* total = sums(Stat::ProbAll))
            loops::addRows(p + begin, n, experts, nullptr, width, total + begin);
        if (double* total = sums(Stat::ProbAll2))
            loops::addSquares(p + begin, n, experts, width, total + begin);
        if (double* total = sums(Stat::LogitAll))
            loops::addRows(z + begin, n, experts, nullptr, width, total + begin);
    });
    if (double* gram = sums(Stat::LogitGram))
        at::parallel_for(0, experts, rowsPerTask(n * experts), [&](std::int64_t begin, std::int64_t end) {
            loops::addGram(z, n, experts, begin, end, gram);
        });
}

/// What one number per token and chosen expert gives: a short pass over [N, k] in token order.
void StatsObserver::Private::assignments(Sums sums, const MoeObservation& o, const stats::Topology& t) const
{
    const std::int64_t n = o.ids.size(0);
    const std::int64_t k = o.ids.size(1);
    const float* gates = o.gates.const_data_ptr<float>();
    const float* scores = o.scores.const_data_ptr<float>();
    const float* logits = o.logits.const_data_ptr<float>();
    const std::int64_t* ids = o.ids.const_data_ptr<std::int64_t>();
    double* const turnSum = sums(Stat::Turn);
    double* const normSum = sums(Stat::Norm);
    double* const pairs = sums(Stat::Coactivation);
    const auto add = [&sums](Stat stat, std::int64_t expert, double value) { sums(stat)[expert] += value; };
    for (std::int64_t row = 0; row < n; ++row) {
        const float* p = scores + row * t.experts;
        const std::int64_t* chosen = ids + row * k;
        const float* z = logits + row * t.experts;
        const auto first = std::max_element(z, z + t.experts) - z;
        add(Stat::LogitTop1, first, z[first]);
        add(Stat::LogitTop1Sq, first, double{z[first]} * z[first]);
        add(Stat::Top1, chosen[0], 1);
        add(Stat::ProbTop1, chosen[0], p[chosen[0]]);
        for (std::int64_t slot = 0; slot < k; ++slot) {
            const std::int64_t e = chosen[slot];
            const double g = gates[row * k + slot];
            const double norm = norms[static_cast<std::size_t>(row * k + slot)];
            add(Stat::Count, e, 1);
            add(Stat::Gate, e, g);
            add(Stat::Gate2, e, g * g);
            add(Stat::ProbChosen, e, p[e]);
            if (normSum != nullptr) {
                normSum[e] += norm;
                add(Stat::Norm2, e, norm * norm);
                add(Stat::Norm4, e, norm * norm * norm * norm);
                add(Stat::GateNorm, e, g * norm);
                add(Stat::GateNorm2, e, g * norm * g * norm);
                add(Stat::ProbNorm, e, p[e] * norm);
            }
            if (turnSum != nullptr) {
                const double weighed = g * norm * turn[static_cast<std::size_t>(row)];
                turnSum[e] += weighed;
                add(Stat::Turn2, e, weighed * weighed);
            }
            if (pairs != nullptr)
                for (std::int64_t other = 0; other < k; ++other)
                    pairs[e * t.experts + chosen[other]] += 1;
        }
    }
}

/// How far the routed output turns the residual stream.
void StatsObserver::Private::residualTurns(Sums sums, const MoeObservation& o)
{
    const at::Tensor residual = o.residual.to(at::kFloat).contiguous();
    const at::Tensor routed = o.routed.to(at::kFloat).contiguous();
    const std::int64_t n = residual.size(0);
    const std::int64_t width = residual.size(1);
    turn.resize(static_cast<std::size_t>(n));
    ratio.resize(static_cast<std::size_t>(n));
    const float* h = residual.const_data_ptr<float>();
    const float* y = routed.const_data_ptr<float>();
    at::parallel_for(0, n, rowsPerTask(width), [&](std::int64_t begin, std::int64_t end) {
        loops::turnsOfRows(h + begin * width, y + begin * width, end - begin, width, turn.data() + begin,
                           ratio.data() + begin);
    });
    for (std::size_t row = 0; row < turn.size(); ++row) {
        *sums(Stat::LayerTurn) += turn[row];
        *sums(Stat::LayerRatio) += ratio[row];
    }
}

/// Histograms of how sure the router is.
void StatsObserver::Private::confidence(Sums sums, const MoeObservation& o, const stats::Topology& t) const
{
    const std::int64_t n = o.gates.size(0);
    const std::int64_t k = o.gates.size(1);
    const float* gates = o.gates.const_data_ptr<float>();
    const float* scores = o.scores.const_data_ptr<float>();
    double* const ratios = sums(Stat::RatioHistogram);
    double* const cumulative = sums(Stat::CumulativeHistogram);
    double* const entropies = sums(Stat::EntropyHistogram);
    const double unit = t.experts > 1 ? 1 / std::log(static_cast<double>(t.experts)) : 0;
    std::vector<double> entropy(static_cast<std::size_t>(n));
    at::parallel_for(0, n, rowsPerTask(8 * t.experts), [&](std::int64_t begin, std::int64_t end) {
        loops::entropyOfRows(scores + begin * t.experts, end - begin, t.experts, entropy.data() + begin);
    });
    std::vector<double> g(static_cast<std::size_t>(k));
    for (std::int64_t row = 0; row < n; ++row) {
        entropies[bin(entropy[static_cast<std::size_t>(row)] * unit)] += 1;
        std::copy(gates + row * k, gates + (row + 1) * k, g.begin());
        std::sort(g.begin(), g.end(), std::greater<>());
        double total = 0;
        for (const double weight : g)
            total += weight;
        if (!(total > 0))
            continue; // a router that gives every choice nothing has no ratios
        double sum = 0;
        for (std::size_t j = 0; j + 1 < g.size(); ++j) {
            sum += g[j];
            ratios[j * stats::kHistogramBins + bin(g[j + 1] / g[0])] += 1;
            cumulative[j * stats::kHistogramBins + bin(sum / total)] += 1;
        }
    }
}

/// The k largest raw logits of each token, by lower id when equal.
void StatsObserver::Private::logitPool(LayerStats& layer, const MoeObservation& o)
{
    stats::LogitPool& pool = layer.editPool();
    const std::int64_t n = o.logits.size(0);
    const std::int64_t experts = o.logits.size(1);
    const auto k = static_cast<std::int64_t>(pool.k);
    const float* logits = o.logits.const_data_ptr<float>();
    const std::size_t before = pool.ids.size();
    pool.ids.resize(before + static_cast<std::size_t>(n * k));
    pool.logits.resize(pool.ids.size());
    at::parallel_for(0, n, rowsPerTask(4 * experts), [&](std::int64_t begin, std::int64_t end) {
        std::vector<std::uint16_t> order(static_cast<std::size_t>(experts));
        for (std::int64_t row = begin; row < end; ++row) {
            const float* z = logits + row * experts;
            std::iota(order.begin(), order.end(), std::uint16_t{0});
            std::partial_sort(order.begin(), order.begin() + k, order.end(),
                              [z](auto a, auto b) { return z[a] > z[b] || (z[a] == z[b] && a < b); });
            for (std::int64_t slot = 0; slot < k; ++slot) {
                const std::size_t at = before + static_cast<std::size_t>(row * k + slot);
                pool.ids[at] = order[static_cast<std::size_t>(slot)];
                pool.logits[at] = z[pool.ids[at]];
            }
        }
    });
}

void StatsObserver::Private::probabilityOutputs(Sums sums, const MoeObservation& o)
{
    double* const total = sums(Stat::ProbOutputSum);
    std::vector<float> weights;
    for (const ExpertRows& part : held) {
        const std::int64_t n = part.output.size(0);
        const std::int64_t width = part.output.size(1);
        const at::Tensor rows = part.rows.contiguous();
        const at::Tensor floats = part.output.to(at::kFloat).contiguous();
        const float* f = floats.const_data_ptr<float>();
        const float* p = o.scores.const_data_ptr<float>() + part.expert;
        weights.resize(static_cast<std::size_t>(n));
        for (std::int64_t i = 0; i < n; ++i)
            weights[static_cast<std::size_t>(i)] = p[rows.const_data_ptr<std::int64_t>()[i] * o.scores.size(1)];
        at::parallel_for(0, width, rowsPerTask(n), [&](std::int64_t begin, std::int64_t end) {
            loops::addRows(f + begin, n, width, weights.data(), end - begin, total + part.expert * width + begin);
        });
    }
    held.clear();
}

} // namespace espalier::engine
