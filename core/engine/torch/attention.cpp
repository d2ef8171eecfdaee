// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/attention.h"

#include "core/engine/torch/kernels.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <limits>

namespace espalier::engine {

namespace {

at::Tensor linear(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias)
{
    return bias.defined() ? at::linear(x, weight, bias) : at::linear(x, weight);
}

/// Additive mask [L, L] of a causal window: row t sees t - window + 1 … t.
at::Tensor windowMask(std::int64_t length, std::int64_t window, const at::Tensor& like)
{
    const at::Tensor row = at::arange(length, at::kLong).unsqueeze(1);
    const at::Tensor column = at::arange(length, at::kLong).unsqueeze(0);
    const at::Tensor hidden = at::logical_or(column > row, column <= row - window);
    return at::zeros({length, length}, like.options()).masked_fill_(hidden, -std::numeric_limits<double>::infinity());
}

} // namespace

Projections project(const model::ModelSpec& spec, const LayerWeights& weights, const Rotary& rotary,
                    const at::Tensor& x, std::span<const std::int32_t> position)
{
    const model::AttentionSpec& attention = spec.attention;
    const std::int64_t d = attention.headDim;
    const std::int64_t kColumn = attention.heads * d;
    const std::int64_t vColumn = kColumn + attention.kvHeads * d;
    const at::Tensor qkv = linear(x, weights.qkv, weights.qkvBias);
    const auto rotate = [&](std::int64_t column, std::int64_t heads, const at::Tensor& norm) {
        return normAndRotate(qkv, column, heads, d, norm, spec.normEpsilon, rotary.cos(), rotary.sin(), position);
    };
    return {rotate(0, attention.heads, weights.qNorm), rotate(kColumn, attention.kvHeads, weights.kNorm),
            qkv.narrow(1, vColumn, attention.kvHeads * d).view({x.size(0), attention.kvHeads, d})};
}

at::Tensor attend(const model::AttentionSpec& spec, const Projections& projections, std::span<const Span> sequences)
{
    at::Tensor out = at::empty_like(projections.q); // [N, heads, headDim]
    const auto one = [&](const Span& span) {
        const auto part = [&](const at::Tensor& rows) {
            return rows.narrow(0, span.begin, span.length).transpose(0, 1).unsqueeze(0);
        };
        std::optional<at::Tensor> mask;
        if (spec.slidingWindow > 0 && span.length > spec.slidingWindow)
            mask = windowMask(span.length, spec.slidingWindow, projections.q);
        const at::Tensor result =
            at::scaled_dot_product_attention(part(projections.q), part(projections.k), part(projections.v), mask, 0.0,
                                             !mask.has_value(), std::nullopt, spec.heads != spec.kvHeads);
        out.narrow(0, span.begin, span.length).copy_(result.squeeze(0).transpose(0, 1));
    };
    const auto count = static_cast<std::int64_t>(sequences.size());
    if (count < 2 * at::get_num_threads()) { // few sequences: let each use all threads
        for (const Span& span : sequences)
            one(span);
    } else {
        at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
            const c10::InferenceMode inference; // a thread's own setting
            for (std::int64_t i = begin; i < end; ++i)
                one(sequences[static_cast<std::size_t>(i)]);
        });
    }
    return out.view({out.size(0), spec.heads * spec.headDim});
}

at::Tensor projectOutput(const LayerWeights& weights, const at::Tensor& heads)
{
    return linear(heads, weights.o, weights.oBias);
}

} // namespace espalier::engine
