// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/attention.h"

#include "core/engine/torch/causal_bf16.h"
#include "core/engine/torch/kernels.h"
#include "core/engine/torch/norm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <cmath>
#include <limits>

namespace espalier::engine {

namespace {

/// Additive mask [L, L] of a causal window: row t sees t - window + 1 … t. With `sink` column 0 is seen by all rows.
at::Tensor windowMask(std::int64_t length, std::int64_t window, bool sink, const at::Tensor& like)
{
    const at::Tensor row = at::arange(length, at::kLong).unsqueeze(1);
    const at::Tensor column = at::arange(length, at::kLong).unsqueeze(0);
    at::Tensor hidden = at::logical_or(column > row, column <= row - window);
    if (sink)
        hidden.logical_and_(column > 0);
    return at::zeros({length, length}, like.options()).masked_fill_(hidden, -std::numeric_limits<double>::infinity());
}

/// A sink (Xiao et al. 2023; gpt-oss) is a key that every position sees, whose score is a number of the head's own and
/// whose value is zero. As a first key with one more element it needs no other attention than the usual one; the row
/// put before the queries keeps the causal shape square.
at::Tensor attendWithSinks(const HeadShape& shape, int window, const at::Tensor& sinks, const at::Tensor& q,
                           const at::Tensor& k, const at::Tensor& v)
{
    const std::int64_t length = q.size(2);
    const at::Tensor own = (sinks / shape.scale).to(q.scalar_type()).view({1, shape.heads, 1, 1});
    const at::Tensor queries = at::cat({q, own.expand({1, shape.heads, length, 1})}, 3);
    at::Tensor first = at::zeros({1, shape.kvHeads, 1, shape.keyDim + 1}, k.options());
    first.select(3, shape.keyDim).fill_(1);
    const at::Tensor keys = at::cat({first, at::constant_pad_nd(k, {0, 1})}, 2);
    std::optional<at::Tensor> mask;
    if (window > 0 && length > window)
        mask = windowMask(length + 1, window, true, q);
    return at::scaled_dot_product_attention(at::constant_pad_nd(queries, {0, 0, 1, 0}), keys,
                                            at::constant_pad_nd(v, {0, 0, 1, 0}), mask, 0.0, !mask.has_value(),
                                            shape.scale, shape.heads != shape.kvHeads)
        .narrow(2, 1, length);
}

Projections projectLatent(const model::ModelSpec& spec, const LayerWeights& weights, const Rotary& rotary,
                          const at::Tensor& x, std::span<const std::int32_t> rotaryRow)
{
    const model::LatentSpec& latent = *spec.attention.latent;
    const std::int64_t heads = spec.attention.heads;
    const std::int64_t rank = latent.keyValueRank;
    const std::int64_t n = x.size(0);
    const at::Tensor compressed =
        weights.queryDown.weight.defined()
            ? rmsNorm(project(weights.queryDown, x), weights.queryNorm.weight, latent.normEpsilon)
            : x;
    const auto rotate = [&](const at::Tensor& from, HeadColumns columns) {
        columns.turns = latent.ropeDim;
        columns.interleaved = spec.rope.interleaved;
        return normAndRotate(from, columns, {}, 0, rotary.cos(), rotary.sin(), rotaryRow);
    };
    Projections out;
    out.q = rotate(project(weights.query, compressed), {0, heads, spec.attention.headDim, latent.nopeDim});
    const at::Tensor down = project(weights.keyValueDown, x);
    const at::Tensor shared = rotate(down, {rank, 1, latent.ropeDim, 0});
    const at::Tensor up = project(weights.keyValueUp, rmsNorm(down.narrow(1, 0, rank).contiguous(),
                                                              weights.keyValueNorm.weight, latent.normEpsilon))
                              .view({n, heads, latent.nopeDim + latent.valueDim});
    out.k = at::cat({up.narrow(2, 0, latent.nopeDim), shared.expand({n, heads, latent.ropeDim})}, 2);
    out.v = up.narrow(2, latent.nopeDim, latent.valueDim).contiguous();
    return out;
}

/// The bfloat16 kernel of our own where it can do every sequence; false = nothing was done.
bool attendFast(const HeadShape& shape, int window, const Projections& projections, std::span<const Span> sequences,
                const at::Tensor& out)
{
    const auto plain = [](const at::Tensor& heads) { return heads.stride(2) == 1 && heads.stride(1) == heads.size(2); };
    if (out.scalar_type() != at::kBFloat16 || !plain(projections.q) || !plain(projections.k) || !plain(projections.v))
        return false;
    for (const Span& span : sequences)
        if ((window > 0 && span.length > window) || !canAttendCausal(span.length, shape.keyDim, shape.valueDim))
            return false;
    const std::int64_t group = shape.heads / shape.kvHeads;
    const std::int64_t tasks = static_cast<std::int64_t>(sequences.size()) * shape.kvHeads;
    const auto row = [](const at::Tensor& heads, std::int64_t n, std::int64_t head) {
        return static_cast<std::uint16_t*>(heads.data_ptr()) + n * heads.stride(0) + head * heads.stride(1);
    };
    at::parallel_for(0, tasks, 1, [&](std::int64_t begin, std::int64_t end) {
        CausalScratch scratch;
        for (std::int64_t task = begin; task < end; ++task) {
            const Span& span = sequences[static_cast<std::size_t>(task / shape.kvHeads)];
            const std::int64_t head = task % shape.kvHeads;
            attendCausal({row(projections.q, span.begin, head * group), row(projections.k, span.begin, head),
                          row(projections.v, span.begin, head), row(out, span.begin, head * group),
                          projections.q.stride(0), projections.k.stride(0), projections.v.stride(0), out.stride(0),
                          span.length, group, shape.keyDim, shape.valueDim, static_cast<float>(shape.scale)},
                         scratch);
        }
    });
    return true;
}

} // namespace

HeadShape headShape(const model::AttentionSpec& spec)
{
    const std::int64_t valueDim = spec.latent ? spec.latent->valueDim : spec.headDim;
    return {spec.heads, spec.kvHeads, spec.headDim, valueDim,
            spec.scale > 0 ? spec.scale : 1 / std::sqrt(static_cast<double>(spec.headDim))};
}

Projections projectHeads(const model::ModelSpec& spec, const LayerWeights& weights, const Rotary& rotary,
                         const at::Tensor& x, std::span<const std::int32_t> rotaryRow)
{
    const model::AttentionSpec& attention = spec.attention;
    if (attention.latent)
        return projectLatent(spec, weights, rotary, x, rotaryRow);
    const std::int64_t d = attention.headDim;
    const std::int64_t kColumn = attention.heads * d;
    const std::int64_t vColumn = kColumn + attention.kvHeads * d;
    const std::int64_t gateColumn = vColumn + attention.kvHeads * d;
    at::Tensor qkv = project(weights.qkv, x);
    const bool together = attention.qkNorm == model::QkNorm::Projection;
    if (together)
        for (const auto& [column, width, own] : {std::tuple{std::int64_t{0}, kColumn, &weights.qNorm},
                                                 std::tuple{kColumn, vColumn - kColumn, &weights.kNorm}}) {
            const at::Tensor part = qkv.narrow(1, column, width);
            part.copy_(rmsNorm(part.contiguous(), own->weight, spec.normEpsilon));
        }
    if (attention.clip > 0)
        qkv.clamp_(-attention.clip, attention.clip);
    const auto rotate = [&](std::int64_t column, std::int64_t heads, const at::Tensor& weight) {
        return normAndRotate(qkv, {column, heads, d, 0, spec.rope.dim, spec.rope.interleaved},
                             together ? at::Tensor() : weight, spec.normEpsilon, rotary.cos(), rotary.sin(), rotaryRow);
    };
    return {rotate(0, attention.heads, weights.qNorm.weight),
            rotate(kColumn, attention.kvHeads, weights.kNorm.weight),
            qkv.narrow(1, vColumn, attention.kvHeads * d).view({x.size(0), attention.kvHeads, d}),
            attention.outputGate ? qkv.narrow(1, gateColumn, kColumn) : at::Tensor(),
            {}};
}

at::Tensor attend(const model::AttentionSpec& spec, int window, const at::Tensor& sinks, const Projections& projections,
                  std::span<const Span> sequences)
{
    const HeadShape shape = headShape(spec);
    at::Tensor out = at::empty({projections.q.size(0), shape.heads, shape.valueDim}, projections.q.options());
    if (!sinks.defined() && attendFast(shape, window, projections, sequences, out))
        return out.view({out.size(0), shape.heads * shape.valueDim});
    const auto one = [&](const Span& span) {
        const auto part = [&](const at::Tensor& rows) {
            return rows.narrow(0, span.begin, span.length).transpose(0, 1).unsqueeze(0);
        };
        at::Tensor result;
        if (sinks.defined()) {
            result =
                attendWithSinks(shape, window, sinks, part(projections.q), part(projections.k), part(projections.v));
        } else {
            std::optional<at::Tensor> mask;
            if (window > 0 && span.length > window)
                mask = windowMask(span.length, window, false, projections.q);
            result =
                at::scaled_dot_product_attention(part(projections.q), part(projections.k), part(projections.v), mask,
                                                 0.0, !mask.has_value(), shape.scale, shape.heads != shape.kvHeads);
        }
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
    return out.view({out.size(0), shape.heads * shape.valueDim});
}

at::Tensor projectOutput(const LayerWeights& weights, const Projections& projections, const at::Tensor& heads)
{
    if (projections.gate.defined())
        return project(weights.o, heads * at::sigmoid(projections.gate));
    return project(weights.o, heads);
}

} // namespace espalier::engine
