// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/router.h"

#include "core/engine/torch/element.h"
#include "core/engine/torch/kernels.h"
#include "core/engine/torch/mixing.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace espalier::engine {

namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

/// Sets the keys of experts outside the chosen groups to -inf. A group is worth its largest key or the sum of its two
/// largest; equal ones by lower number.
void limitGroups(const model::RouterSpec& spec, const at::Tensor& selection, at::Tensor& keys)
{
    const std::int64_t n = keys.size(0);
    const std::int64_t experts = keys.size(1);
    const std::int64_t size = experts / spec.groups;
    const float* logits = data<float>(selection);
    float* key = data<float>(keys);
    std::vector<float> worth(static_cast<std::size_t>(spec.groups));
    std::vector<std::size_t> order(worth.size());
    for (std::int64_t row = 0; row < n; ++row, key += experts, logits += experts) {
        for (std::size_t g = 0; g < worth.size(); ++g) {
            float first = kNever;
            float second = kNever;
            for (std::int64_t e = static_cast<std::int64_t>(g) * size; e < static_cast<std::int64_t>(g + 1) * size;
                 ++e) {
                const float value = logits[e] == kNever ? kNever : key[e];
                second = std::max(second, std::min(first, value));
                first = std::max(first, value);
            }
            const bool both = spec.groupScore == model::GroupScore::TopTwoSum && second != kNever;
            worth[g] = both ? first + second : first;
            order[g] = g;
        }
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return worth[a] > worth[b]; });
        for (std::size_t place = static_cast<std::size_t>(spec.groupsUsed); place < order.size(); ++place)
            std::fill_n(key + static_cast<std::int64_t>(order[place]) * size, size, kNever);
    }
}

/// Softmax over the chosen logits.
at::Tensor softmaxOfChosen(const at::Tensor& logits, const at::Tensor& ids, const at::Tensor& beyond)
{
    at::Tensor chosen = logits.gather(1, ids);
    if (beyond.defined())
        chosen.masked_fill_(beyond, kNever);
    return at::softmax(chosen, 1, at::kDouble).to(at::kFloat);
}

/// SparseMixer as PhiMoE uses it (Abdin et al. 2024, Phi-3, section 2.2): the largest logit is chosen, its weight is
/// the softmax over logits near it; then the same without it.
void sparseMixer(const model::RouterSpec& spec, const at::Tensor& selection, Routing& routing)
{
    const std::int64_t n = selection.size(0);
    const std::int64_t experts = selection.size(1);
    routing.ids = at::empty({n, spec.topK}, selection.options().dtype(at::kLong));
    routing.gates = at::empty({n, spec.topK}, selection.options());
    const float* logits = data<float>(selection);
    std::int64_t* ids = data<std::int64_t>(routing.ids);
    float* gates = data<float>(routing.gates);
    std::vector<bool> taken(static_cast<std::size_t>(experts));
    for (std::int64_t row = 0; row < n; ++row, logits += experts) {
        std::fill(taken.begin(), taken.end(), false);
        for (int choice = 0; choice < spec.topK; ++choice) {
            std::int64_t best = -1;
            for (std::int64_t e = 0; e < experts; ++e)
                if (!taken[static_cast<std::size_t>(e)] && (best < 0 || logits[e] > logits[best]))
                    best = e;
            const float largest = logits[best];
            double sum = 0;
            for (std::int64_t e = 0; e < experts; ++e) {
                if (taken[static_cast<std::size_t>(e)] || logits[e] == kNever)
                    continue;
                const float distance = (largest - logits[e]) / std::max(std::abs(logits[e]), largest);
                if (!(distance > static_cast<float>(spec.margin)))
                    sum += std::exp(static_cast<double>(logits[e]) - largest);
            }
            taken[static_cast<std::size_t>(best)] = true;
            *ids++ = best;
            *gates++ = static_cast<float>(1 / sum);
        }
    }
}

at::Tensor logitsOf(const model::RouterSpec& spec, const LinearWeights& router, const at::Tensor& x)
{
    // Float32 logits and scores are rounded from double sums: the blocking of a float GEMM and of a softmax depends on
    // the number of experts, and a masked layer must route as the exported slice does.
    if (x.scalar_type() == at::kFloat || spec.float32Logits) {
        const at::Tensor logits = at::linear(x.to(at::kDouble), router.weight.to(at::kDouble));
        return (router.bias.defined() ? logits + router.bias.to(at::kDouble) : logits).to(at::kFloat);
    }
    return (router.bias.defined() ? at::linear(x, router.weight, router.bias) : at::linear(x, router.weight))
        .to(at::kFloat);
}

/// Logits of routers that look at neurons of each expert. In double, one expert apart from the other, so that a masked
/// layer routes as its slice does.
at::Tensor logitsOfNeurons(model::RouterEstimate estimate, const RouterNeurons& neurons, const at::Tensor& x)
{
    constexpr double kLeast = 1e-12; // of an energy, before its logarithm
    const std::int64_t experts = neurons.gate.size(0);
    const std::int64_t each = neurons.gate.size(1);
    const at::Tensor rows = x.to(at::kDouble);
    const auto project = [&](const at::Tensor& weight) { // [E, n, R]
        return at::matmul(rows, weight.to(at::kDouble).transpose(1, 2));
    };
    at::Tensor gate = project(neurons.gate), up = project(neurons.up);
    if (estimate == model::RouterEstimate::LowRank) {
        gate = at::bmm(gate, neurons.gateOut.to(at::kDouble).transpose(1, 2));
        up = at::bmm(up, neurons.upOut.to(at::kDouble).transpose(1, 2));
        return (at::silu(gate) * up).square().sum(2).t().clamp_min(kLeast).log().to(at::kFloat).contiguous();
    }
    const at::Tensor activations = at::silu(gate) * up;
    const at::Tensor scale = neurons.scale.to(at::kDouble).view({experts, 1, each});
    if (estimate == model::RouterEstimate::Magnitudes)
        return (activations.abs() * scale).sum(2).t().to(at::kFloat).contiguous();
    at::Tensor energies = (activations.square() * scale).sum(2).t();
    if (neurons.offset.defined())
        energies = energies + neurons.offset.to(at::kDouble);
    return energies.clamp_min(kLeast).log().to(at::kFloat).contiguous();
}

} // namespace

at::Tensor beyondLimit(const at::Tensor& limit, const at::Tensor& weights)
{
    const at::Tensor never = limit.isinf();
    const at::Tensor share = limit.masked_fill(never, 0.0);
    if (!share.any().item<bool>())
        return never.expand_as(weights);
    const auto [sorted, place] = weights.masked_fill(never, -1.0F).sort(true, 1, true); // stable, largest first
    const at::Tensor small = sorted.lt(share * sorted.narrow(1, 0, 1)).cumsum(1).gt(0);
    return at::zeros(weights.sizes(), at::kBool).scatter(1, place, small).logical_or(never);
}

at::Tensor routerLogits(const model::RouterSpec& spec, const LayerWeights& weights, const at::Tensor& x)
{
    return spec.estimate == model::RouterEstimate::Linear ? logitsOf(spec, weights.router, x)
                                                          : logitsOfNeurons(spec.estimate, weights.neurons, x);
}

Routing chooseByLogits(const model::RouterSpec& spec, const LayerWeights& weights, at::Tensor logits, bool exact,
                       const at::Tensor& mask, const at::Tensor& limit, const at::Tensor& stream)
{
    using model::RouterScore;
    Routing routing;
    const auto beyondOf = [&](const at::Tensor& gates) {
        return limit.defined() ? beyondLimit(limit.index_select(0, stream), gates) : at::Tensor();
    };
    routing.logits = std::move(logits);
    const at::Tensor selection = mask.defined() ? routing.logits + mask.index_select(0, stream) : routing.logits;
    if (spec.score == RouterScore::Sigmoid)
        routing.scores = at::sigmoid(selection.to(at::kDouble)).to(at::kFloat);
    else
        routing.scores = exact ? at::softmax(selection, 1, at::kDouble).to(at::kFloat) : at::softmax(selection, 1);

    if (spec.score == RouterScore::SparseMixer) {
        sparseMixer(spec, selection, routing);
        if (limit.defined())
            routing.gates.masked_fill_(beyondOf(routing.gates), 0.0F);
    } else if (spec.score == RouterScore::SoftmaxChosen) {
        selectTopK(selection, selection, routing.scores, spec.topK, routing.ids, routing.gates);
        routing.gates = softmaxOfChosen(routing.logits, routing.ids, beyondOf(routing.gates));
    } else {
        at::Tensor keys = routing.scores;
        if (weights.correctionBias.defined())
            keys = keys + weights.correctionBias;
        if (spec.groups > 1) {
            if (!weights.correctionBias.defined())
                keys = keys.clone();
            limitGroups(spec, selection, keys);
        }
        selectTopK(selection, keys, routing.scores, spec.topK, routing.ids, routing.gates);
        const at::Tensor beyond = beyondOf(routing.gates);
        if (spec.score == RouterScore::UnitGates) {
            const at::Tensor& gain = weights.neurons.gain;
            routing.gates = gain.defined()
                                ? routing.gates * gain.index_select(0, routing.ids.view(-1)).view_as(routing.ids) + 1
                                : at::ones_like(routing.gates);
        }
        if (beyond.defined())
            routing.gates.masked_fill_(beyond, 0.0F);
        if (spec.normalizeTopK) {
            const at::Tensor sum = routing.gates.sum(1, true);
            routing.gates.div_((spec.normFloor > 0 ? sum.clamp_min(spec.normFloor) : sum).add(spec.normAddend));
        }
        if (spec.scale != 1.0)
            routing.gates.mul_(spec.scale);
    }
    return routing;
}

Routing route(const model::RouterSpec& spec, const LayerWeights& weights, const at::Tensor& x, const at::Tensor& mask,
              const at::Tensor& limit, const at::Tensor& stream, const LayerMixing* mixing)
{
    const bool exact = x.scalar_type() == at::kFloat || spec.float32Logits;
    Routing routing = chooseByLogits(spec, weights, routerLogits(spec, weights, x), exact, mask, limit, stream);
    if (mixing != nullptr)
        mixing->route(spec, weights.correctionBias, limit, stream, routing);
    if (x.scalar_type() != at::kFloat)
        routing.gates = routing.gates.to(x.scalar_type()).to(at::kFloat);
    return routing;
}

} // namespace espalier::engine
