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

/// What every token gets besides the routed experts: [N, H].
at::Tensor sharedExpert(const model::ModelSpec& spec, const LayerWeights& weights, const at::Tensor& x)
{
    at::Tensor out = denseFfn(spec.activation, weights.shared, x);
    if (weights.sharedGate.defined())
        out.mul_(at::sigmoid(at::linear(x, weights.sharedGate)));
    return out;
}

void mixture(const BlockContext& context, at::Tensor hidden, const at::Tensor& stream)
{
    const model::ModelSpec& spec = *context.spec;
    const LayerWeights& weights = *context.weights;
    const at::Tensor x = norm(spec, weights.ffnNorm, hidden);
    const Routing routing = route(spec.router, weights, x, context.mask, stream);
    const Dispatch dispatch = dispatchRows(routing.ids, spec.experts);
    const at::Tensor outputs = runExperts(spec.activation, weights.experts, x, dispatch);
    at::Tensor added = combine(outputs, routing.gates, dispatch.place);
    if (context.observer != nullptr) {
        showExperts(*context.observer, context.moePosition, dispatch, routing, outputs);
        context.observer->observeLayer(
            {context.moePosition, hidden, routing.logits, routing.scores, routing.ids, routing.gates, added});
    }
    if (weights.shared.gateUp.defined())
        added = added + sharedExpert(spec, weights, x);
    addToResidual(spec, weights.postFfnNorm, added, hidden);
}

} // namespace

void feedForward(const BlockContext& context, at::Tensor& hidden)
{
    const model::ModelSpec& spec = *context.spec;
    const LayerWeights& weights = *context.weights;
    if (!context.layer->moe) {
        addToResidual(spec, weights.postFfnNorm,
                      denseFfn(spec.activation, weights.dense, norm(spec, weights.ffnNorm, hidden)), hidden);
        return;
    }
    const std::int64_t rows = hidden.size(0);
    const std::int64_t chunk =
        std::max<std::int64_t>(256, kOutputElements / (std::int64_t{spec.router.topK} * spec.hidden));
    for (std::int64_t begin = 0; begin < rows; begin += chunk) {
        const std::int64_t count = std::min(chunk, rows - begin);
        mixture(context, hidden.narrow(0, begin, count),
                context.stream.defined() ? context.stream.narrow(0, begin, count) : at::Tensor());
    }
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
