// SPDX-License-Identifier: Apache-2.0
// Every sum is taken in token order, whatever the number of threads: rows are spread over threads only where each row
// has its own result, columns where each column has its own sum. So a run is reproducible to the bit.
#include "core/engine/torch/stats_observer.h"

#include "core/engine/torch/bank_sums.h"
#include "core/engine/torch/element.h"
#include "core/engine/torch/sample_rows.h"
#include "core/engine/torch/stats_loops.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
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

/// Some rows of an expert, one thread's work.
struct RowTask {
    const ExpertRows* part = nullptr;
    std::int64_t begin = 0, end = 0;
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

/// Infinities that cancelled out are no number: an output that overflowed is longer than any other.
double lengthOf(double norm)
{
    return std::isnan(norm) ? std::numeric_limits<double>::infinity() : norm;
}

std::size_t bin(double share)
{
    const double scaled = share * stats::kHistogramBins;
    return scaled >= 0 ? static_cast<std::size_t>(std::min(scaled, stats::kHistogramBins - 1.0)) : 0;
}

} // namespace

struct StatsObserver::Private {
    stats::DomainStats& into;
    BankSums bank;
    SampleRowsTaker rows;
    std::vector<double> before; ///< tokens that each layer's sums held at first
    std::vector<double> turn;   ///< per row
    LayerStats part;            ///< sums of the block that is being measured, not in `into` yet
    int position = -1;          ///< MoE layer of `part`
    std::size_t block = 0;
    bool begun = false, layerToo = false;        ///< `part` holds anything; more than experts' outputs
    std::int32_t firstExpert = 0, endExpert = 0; ///< whose outputs it holds

    LayerStats& sumsOf(const MoeObservation& o);
    void flush();

    static void outputNorms(Sums sums, MoeObservation& o, std::span<const ExpertRows> experts);
    static void outputColumns(Sums sums, const MoeObservation& o, std::span<const ExpertRows> experts);
    void routerColumns(Sums sums, const MoeObservation& o) const;
    void tokenRows(LayerStats& layer, const MoeObservation& o);
    void assignments(Sums sums, const MoeObservation& o, const stats::Topology& t) const;
    void shares(Sums sums, const MoeObservation& o) const;
};

StatsObserver::StatsObserver(const model::ModelSpec& spec, stats::DomainStats& into)
    : d(std::make_unique<Private>(
          Private{into, BankSums(spec), SampleRowsTaker(into.sampled, into.sampleTokens), {}, {}, {}}))
{
    for (const LayerStats& layer : into.layers)
        d->before.push_back(layer.tokens());
}

StatsObserver::~StatsObserver() = default;

/// Where rows of the observation are added. Those of a new block begin with sums of 0: what a block gives, and with it
/// the sum over blocks, does not depend on what else goes through the layer at the same time.
LayerStats& StatsObserver::Private::sumsOf(const MoeObservation& o)
{
    if (begun && (position != o.moePosition || block != o.block))
        flush();
    if (position != o.moePosition) {
        part = into.layers[static_cast<std::size_t>(o.moePosition)];
        part.addTokens(-part.tokens());
        part.editPool().logits.clear();
        part.editPool().ids.clear();
        part.editCoalitions() = {part.coalitions().collected, part.coalitions().k, {}, {}};
        part.editSamples().clear();
        for (const stats::StatInfo& info : stats::statInfos())
            std::fill(part.edit(info.stat).begin(), part.edit(info.stat).end(), 0.0);
        position = o.moePosition;
    }
    block = o.block;
    if (!begun)
        firstExpert = endExpert = 0;
    begun = true;
    return part;
}

void StatsObserver::Private::flush()
{
    if (!begun)
        return;
    LayerStats& to = into.layers[static_cast<std::size_t>(position)];
    for (const stats::StatInfo& info : stats::statInfos()) {
        const std::span<double> from = part.edit(info.stat);
        const std::span<double> sums = to.edit(info.stat);
        std::size_t begin = 0;
        std::size_t end = layerToo ? from.size() : 0;
        // Packs of experts come one after the other, each with all blocks: only theirs can have changed.
        if (info.stat == Stat::OutputSum || info.stat == Stat::ProbOutputSum || info.stat == Stat::MaxAbs) {
            const std::size_t each = from.size() / static_cast<std::size_t>(to.topology().experts);
            begin = each * static_cast<std::size_t>(firstExpert);
            end = each * static_cast<std::size_t>(endExpert);
        }
        for (std::size_t i = begin; i < end; ++i)
            sums[i] = info.merge == stats::StatMerge::Maximum ? std::max(sums[i], from[i]) : sums[i] + from[i];
        std::fill(from.begin() + static_cast<std::ptrdiff_t>(begin), from.begin() + static_cast<std::ptrdiff_t>(end),
                  0.0);
    }
    to.addTokens(part.tokens());
    part.addTokens(-part.tokens());
    stats::LogitPool& pool = part.editPool();
    to.editPool().logits.insert(to.editPool().logits.end(), pool.logits.begin(), pool.logits.end());
    to.editPool().ids.insert(to.editPool().ids.end(), pool.ids.begin(), pool.ids.end());
    pool.logits.clear();
    pool.ids.clear();
    to.editCoalitions().add(part.coalitions());
    part.editCoalitions() = {part.coalitions().collected, part.coalitions().k, {}, {}};
    to.editSamples().append(part.samples());
    part.editSamples().clear();
    begun = layerToo = false;
}

void StatsObserver::endLayer()
{
    d->flush();
}

bool StatsObserver::wantsOutputSums(int moePosition) const
{
    return d->into.layers[static_cast<std::size_t>(moePosition)].has(Stat::OutputSum);
}

void StatsObserver::observeSums(const MoeObservation& o, const ExpertSums& found)
{
    LayerStats& layer = d->sumsOf(o);
    d->endExpert = layer.topology().experts;
    const Sums sums(layer);
    if (double* maxima = sums(Stat::MaxAbs))
        for (std::size_t e = 0; e < found.maxima.size(); ++e)
            maxima[e] = std::max(maxima[e], double{found.maxima[e]});
    if (layer.has(Stat::OutputSum))
        for (std::size_t i = 0; i < found.outputSum.size(); ++i) {
            sums(Stat::OutputSum)[i] += found.outputSum[i];
            sums(Stat::ProbOutputSum)[i] += found.probOutputSum[i];
        }
}

void StatsObserver::observePack(const MoeObservation& o, const at::Tensor& x, const ExpertPack& pack)
{
    d->rows.begin(o, x);
    if (d->into.layers[static_cast<std::size_t>(o.moePosition)].has(Stat::BankTokens))
        d->bank.add(o, x, pack);
}

void StatsObserver::observeExperts(MoeObservation& o, std::span<const ExpertRows> experts)
{
    LayerStats& layer = d->sumsOf(o);
    if (!experts.empty()) {
        d->firstExpert = d->endExpert == 0 ? experts.front().expert : std::min(d->firstExpert, experts.front().expert);
        d->endExpert = std::max(d->endExpert, experts.back().expert + 1);
    }
    const Sums sums(layer);
    if (o.norms.empty())
        o.norms.assign(static_cast<std::size_t>(o.ids.numel()), 0.0);
    if (layer.has(Stat::Norm) || layer.has(Stat::Turn) || layer.has(Stat::MaxAbs))
        Private::outputNorms(sums, o, experts);
    if (layer.has(Stat::OutputSum))
        Private::outputColumns(sums, o, experts);
}

void StatsObserver::observeLayer(const MoeObservation& observation)
{
    MoeObservation o = observation;
    for (at::Tensor* tensor : {&o.residual, &o.logits, &o.scores, &o.ids, &o.gates, &o.routed})
        *tensor = tensor->contiguous();
    LayerStats& layer = d->sumsOf(o);
    d->layerToo = true;
    const Sums sums(layer);
    const std::int64_t n = o.scores.size(0);
    const auto place = static_cast<std::size_t>(o.moePosition);
    const double measured = d->into.layers[place].tokens() - d->before[place] + layer.tokens();
    layer.addTokens(static_cast<double>(n));
    if (layer.coalitions().collected)
        layer.editCoalitions().add(countSets(o.ids));
    d->routerColumns(sums, o);
    d->tokenRows(layer, o);
    d->assignments(sums, o, layer.topology());
    if (layer.has(Stat::RatioHistogram))
        d->shares(sums, o);
    // By the place of its rows, which `o` may have moved
    d->rows.take(observation, d->into.sampleTokens.before + static_cast<std::int64_t>(measured), layer.editSamples());
    d->bank.finish(observation, layer);
}

/// Norms of the experts' outputs, and the largest channel of each expert.
void StatsObserver::Private::outputNorms(Sums sums, MoeObservation& o, std::span<const ExpertRows> experts)
{
    const std::int64_t k = o.ids.size(1);
    std::vector<RowTask> tasks;
    for (const ExpertRows& part : experts) {
        const std::int64_t step = rowsPerTask(part.output.size(1));
        for (std::int64_t begin = 0; begin < part.output.size(0); begin += step)
            tasks.push_back({&part, begin, std::min(part.output.size(0), begin + step)});
    }
    std::vector<float> largest(tasks.size(), 0.0F);
    at::parallel_for(0, static_cast<std::int64_t>(tasks.size()), 1, [&](std::int64_t first, std::int64_t last) {
        std::vector<double> norm;
        for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) {
            const RowTask& task = tasks[i];
            const std::int64_t width = task.part->output.size(1);
            norm.resize(static_cast<std::size_t>(task.end - task.begin));
            withElements(task.part->output, [&]<typename T>(T) {
                largest[i] = loops::normsOfRows(data<T>(task.part->output) + task.begin * width, task.end - task.begin,
                                                width, norm.data());
            });
            const auto* row = data<std::int64_t>(task.part->rows) + task.begin;
            const auto* slot = data<std::int64_t>(task.part->slots) + task.begin;
            for (std::size_t r = 0; r < norm.size(); ++r)
                o.norms[static_cast<std::size_t>(row[r] * k + slot[r])] = norm[r];
        }
    });
    if (double* maxima = sums(Stat::MaxAbs))
        for (std::size_t i = 0; i < tasks.size(); ++i)
            maxima[tasks[i].part->expert] = std::max(maxima[tasks[i].part->expert], double{largest[i]});
}

/// Vector sums of the experts' outputs, plain and weighed by the router's probability.
void StatsObserver::Private::outputColumns(Sums sums, const MoeObservation& o, std::span<const ExpertRows> parts)
{
    std::vector<float> weights; // one part behind the other
    weights.reserve(static_cast<std::size_t>(o.ids.numel()));
    const std::int64_t experts = o.scores.size(1);
    for (const ExpertRows& part : parts)
        for (std::int64_t i = 0; i < part.rows.size(0); ++i)
            weights.push_back(data<float>(o.scores)[data<std::int64_t>(part.rows)[i] * experts + part.expert]);
    const std::int64_t width = o.residual.size(1);
    at::parallel_for(0, width, rowsPerTask(o.ids.numel()), [&](std::int64_t begin, std::int64_t end) {
        const float* weight = weights.data();
        for (const ExpertRows& part : parts) {
            const std::int64_t n = part.output.size(0);
            const std::int64_t at = part.expert * width + begin;
            withElements(part.output, [&]<typename T>(T) {
                loops::addRows(data<T>(part.output) + begin, n, width, weight, end - begin, sums(Stat::OutputSum) + at,
                               sums(Stat::ProbOutputSum) + at);
            });
            weight += n;
        }
    });
}

/// Sums over all tokens, one per expert: a column of the router's logits or scores each.
void StatsObserver::Private::routerColumns(Sums sums, const MoeObservation& o) const
{
    const std::int64_t n = o.scores.size(0);
    const std::int64_t experts = o.scores.size(1);
    const float* p = data<float>(o.scores);
    const float* z = data<float>(o.logits);
    double* const gram = sums(Stat::LogitGram);
    at::parallel_for(0, experts, rowsPerTask(gram != nullptr ? n * experts : n), [&](auto begin, auto end) {
        const std::int64_t width = end - begin;
        loops::addRowsAndSquares(p + begin, n, experts, width, sums(Stat::ProbAll) + begin,
                                 sums(Stat::ProbAll2) + begin);
        loops::addRows(z + begin, n, experts, width, sums(Stat::LogitAll) + begin);
        if (gram != nullptr)
            loops::addGram(z, n, experts, begin, end, gram);
    });
}

/// What one number per token and chosen expert gives: a short pass over [N, k] in token order.
void StatsObserver::Private::assignments(Sums sums, const MoeObservation& o, const stats::Topology& t) const
{
    const std::int64_t n = o.ids.size(0);
    const std::int64_t k = o.ids.size(1);
    const float* gates = data<float>(o.gates);
    const float* scores = data<float>(o.scores);
    const float* logits = data<float>(o.logits);
    const std::int64_t* ids = data<std::int64_t>(o.ids);
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
            const double norm = lengthOf(o.norms[static_cast<std::size_t>(row * k + slot)]);
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

/// What every token has by itself: turn of the residual stream, entropy, its part of the logit pool.
void StatsObserver::Private::tokenRows(LayerStats& layer, const MoeObservation& o)
{
    const Sums sums(layer);
    const std::int64_t n = o.residual.size(0);
    const std::int64_t width = o.residual.size(1);
    const std::int64_t experts = o.scores.size(1);
    const bool turns = layer.has(Stat::Turn);
    double* const entropies = sums(Stat::EntropyHistogram);
    stats::LogitPool& pool = layer.editPool();
    const auto k = static_cast<std::int64_t>(pool.k);
    const std::size_t stored = pool.ids.size();
    pool.ids.resize(stored + static_cast<std::size_t>(n * k));
    pool.logits.resize(pool.ids.size());
    turn.resize(static_cast<std::size_t>(n));
    std::vector<double> ratio(static_cast<std::size_t>(n)), entropy(static_cast<std::size_t>(n));
    const bool known = !o.turns.empty();
    if (turns && known) {
        turn = o.turns;
        ratio = o.ratios;
    }
    at::parallel_for(0, n, rowsPerTask(width + 8 * experts), [&](std::int64_t begin, std::int64_t end) {
        if (turns && !known)
            withElements(o.residual, [&]<typename T>(T) {
                loops::turnsOfRows(data<T>(o.residual) + begin * width, data<T>(o.routed) + begin * width, end - begin,
                                   width, turn.data() + begin, ratio.data() + begin);
            });
        if (entropies != nullptr)
            loops::entropyOfRows(data<float>(o.scores) + begin * experts, end - begin, experts, entropy.data() + begin);
        if (k > 0)
            loops::largestOfRows(data<float>(o.logits) + begin * experts, end - begin, experts, k,
                                 pool.logits.data() + stored + begin * k, pool.ids.data() + stored + begin * k);
    });
    const double unit = experts > 1 ? 1 / std::log(static_cast<double>(experts)) : 0;
    for (std::size_t row = 0; row < turn.size(); ++row) {
        if (turns) {
            *sums(Stat::LayerTurn) += turn[row];
            *sums(Stat::LayerRatio) += ratio[row];
        }
        if (entropies != nullptr)
            entropies[bin(entropy[row] * unit)] += 1;
    }
}

/// Histograms of how the weight is shared among the chosen experts.
void StatsObserver::Private::shares(Sums sums, const MoeObservation& o) const
{
    const std::int64_t n = o.gates.size(0);
    const std::int64_t k = o.gates.size(1);
    const float* gates = data<float>(o.gates);
    double* const ratios = sums(Stat::RatioHistogram);
    double* const cumulative = sums(Stat::CumulativeHistogram);
    std::vector<double> g(static_cast<std::size_t>(k));
    for (std::int64_t row = 0; row < n; ++row) {
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

} // namespace espalier::engine
