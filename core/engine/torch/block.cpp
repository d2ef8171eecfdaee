// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/block.h"

#include "core/engine/torch/feed_forward.h"
#include "core/engine/torch/kernels.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace espalier::engine {

namespace {

/// Bound on the k outputs per row that are held between the experts' GEMMs and their sum.
constexpr std::int64_t kOutputElements = std::int64_t{24} << 20U;

void mixture(const BlockContext& context, at::Tensor hidden, const at::Tensor& stream)
{
    const model::ModelSpec& spec = *context.spec;
    const LayerWeights& weights = *context.weights;
    const at::Tensor x = rmsNorm(hidden, weights.ffnNorm, spec.normEpsilon);
    const Routing routing = route(spec.router, weights.router, x, context.mask, stream);
    const Dispatch dispatch = dispatchRows(routing.ids, spec.experts);
    const at::Tensor outputs = runExperts(weights.experts, x, dispatch);
    const at::Tensor routed = combine(outputs, routing.gates, dispatch.place);
    if (context.observer != nullptr) {
        showExperts(*context.observer, context.moePosition, dispatch, routing, outputs);
        context.observer->observeLayer(
            {context.moePosition, hidden, routing.logits, routing.scores, routing.ids, routing.gates, routed});
    }
    hidden.add_(routed);
}

} // namespace

void feedForward(const BlockContext& context, at::Tensor& hidden)
{
    const model::ModelSpec& spec = *context.spec;
    if (!context.layer->moe) {
        hidden.add_(denseFfn(context.weights->dense, rmsNorm(hidden, context.weights->ffnNorm, spec.normEpsilon)));
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
    const model::AttentionSpec& attention = spec.attention;
    const double h = spec.hidden;
    const double inner = static_cast<double>(attention.heads) * attention.headDim;
    const double shared = static_cast<double>(attention.kvHeads) * attention.headDim;
    double perRow = h * (2 * inner + 2 * shared);
    if (layer.moe)
        perRow += h * spec.experts + 3.0 * h * spec.expertWidth * spec.router.topK;
    else
        perRow += 3.0 * h * layer.denseWidth;
    double pairs = 0; // query and key meet twice: score and value
    for (const Span& span : sequences)
        pairs += static_cast<double>(span.length) * static_cast<double>(span.length + 1) / 2;
    return 2 * (perRow * static_cast<double>(rows) + 2 * inner * pairs);
}

} // namespace espalier::engine
