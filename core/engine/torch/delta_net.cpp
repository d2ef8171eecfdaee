// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/delta_net.h"

#include "core/engine/torch/element.h"
#include "core/engine/torch/kernels.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <cmath>

namespace espalier::engine {

namespace {

struct Sizes {
    std::int64_t keys = 0, values = 0, channels = 0; ///< of all heads; channels of the convolution: q, k and v
    explicit Sizes(const model::DeltaSpec& spec)
        : keys(std::int64_t{spec.keyHeads} * spec.keyDim), values(std::int64_t{spec.valueHeads} * spec.valueDim),
          channels(2 * keys + values)
    {
    }
};

/// silu(convolution over the last taps of each channel) of rows [L, channels]; `before` holds the kernel - 1 rows that
/// came before and gets the last ones.
at::Tensor convolve(const model::DeltaSpec& spec, const DeltaWeights& weights, const at::Tensor& rows,
                    at::Tensor& before)
{
    const std::int64_t past = spec.kernel - 1;
    const std::int64_t channels = rows.size(1);
    if (!before.defined())
        before = at::zeros({past, channels}, rows.options());
    const at::Tensor all = at::cat({before, rows});
    before = all.narrow(0, all.size(0) - past, past).clone();
    const at::Tensor out = at::conv1d(all.t().unsqueeze(0), weights.convolution.unsqueeze(1), std::nullopt,
                                      at::IntArrayRef{1}, at::IntArrayRef{0}, at::IntArrayRef{1}, channels);
    return at::silu(out).squeeze(0).t();
}

at::Tensor normed(const at::Tensor& heads)
{
    return heads * at::rsqrt((heads * heads).sum(-1, true) + 1e-6);
}

struct Tokens {
    const float *q, *k;        ///< [L, key heads, keyDim]
    const float* v;            ///< [L, value heads, valueDim]
    const float *decay, *beta; ///< [L, value heads]
    std::int64_t length = 0;
};

/// One value head through all tokens: S = decay · S; S += k (beta (v - S^T k))^T; out = S^T q.
void runHead(const model::DeltaSpec& spec, const Tokens& tokens, std::int64_t head, float* state, float* out)
{
    const std::int64_t keyDim = spec.keyDim;
    const std::int64_t valueDim = spec.valueDim;
    const std::int64_t shared = head / (spec.valueHeads / spec.keyHeads);
    std::vector<float> change(static_cast<std::size_t>(valueDim));
    for (std::int64_t t = 0; t < tokens.length; ++t) {
        const float* q = tokens.q + (t * spec.keyHeads + shared) * keyDim;
        const float* k = tokens.k + (t * spec.keyHeads + shared) * keyDim;
        const float* v = tokens.v + (t * spec.valueHeads + head) * valueDim;
        const float decay = tokens.decay[t * spec.valueHeads + head];
        const float beta = tokens.beta[t * spec.valueHeads + head];
        float* result = out + (t * spec.valueHeads + head) * valueDim;
        std::fill(change.begin(), change.end(), 0.0F);
        for (std::int64_t i = 0; i < keyDim; ++i)
            for (std::int64_t j = 0; j < valueDim; ++j) {
                state[i * valueDim + j] *= decay;
                change[static_cast<std::size_t>(j)] += state[i * valueDim + j] * k[i];
            }
        for (std::int64_t j = 0; j < valueDim; ++j) {
            change[static_cast<std::size_t>(j)] = (v[j] - change[static_cast<std::size_t>(j)]) * beta;
            result[j] = 0;
        }
        for (std::int64_t i = 0; i < keyDim; ++i)
            for (std::int64_t j = 0; j < valueDim; ++j) {
                state[i * valueDim + j] += k[i] * change[static_cast<std::size_t>(j)];
                result[j] += state[i * valueDim + j] * q[i];
            }
    }
}

} // namespace

at::Tensor deltaNet(const model::ModelSpec& spec, const DeltaWeights& weights, const at::Tensor& x,
                    std::span<const Span> sequences, std::vector<DeltaState>& states)
{
    const model::DeltaSpec& delta = *spec.attention.delta;
    const Sizes sizes(delta);
    const at::Tensor in = at::linear(x, weights.in);
    const std::int64_t zColumn = sizes.channels;
    const std::int64_t bColumn = zColumn + sizes.values;
    const auto scalars = [&](std::int64_t column) { return in.narrow(1, column, delta.valueHeads).to(at::kFloat); };
    const at::Tensor beta = at::sigmoid(scalars(bColumn)).contiguous();
    const at::Tensor rate = at::softplus(scalars(bColumn + delta.valueHeads) + weights.timeBias);
    const at::Tensor decay = at::exp(-at::exp(weights.decay) * rate).contiguous();
    at::Tensor heads = at::empty({x.size(0), delta.valueHeads, delta.valueDim}, x.options().dtype(at::kFloat));
    for (std::size_t s = 0; s < sequences.size(); ++s) {
        const std::int64_t begin = sequences[s].begin, length = sequences[s].length;
        const at::Tensor mixed =
            convolve(delta, weights, in.narrow(0, begin, length).narrow(1, 0, sizes.channels), states[s].convolution)
                .to(at::kFloat);
        const auto keyHeads = [&, rows = length](std::int64_t column) {
            return normed(mixed.narrow(1, column, sizes.keys).reshape({rows, delta.keyHeads, delta.keyDim}));
        };
        const at::Tensor q = (keyHeads(0) / std::sqrt(static_cast<double>(delta.keyDim))).contiguous();
        const at::Tensor k = keyHeads(sizes.keys).contiguous();
        const at::Tensor v = mixed.narrow(1, 2 * sizes.keys, sizes.values).contiguous();
        if (!states[s].memory.defined())
            states[s].memory = at::zeros({delta.valueHeads, delta.keyDim, delta.valueDim}, heads.options());
        const std::int64_t row = begin * delta.valueHeads;
        const Tokens tokens{data<float>(q),           data<float>(k),          data<float>(v),
                            data<float>(decay) + row, data<float>(beta) + row, length};
        float* memory = data<float>(states[s].memory);
        float* out = data<float>(heads) + row * delta.valueDim;
        const std::int64_t size = std::int64_t{delta.keyDim} * delta.valueDim;
        at::parallel_for(0, delta.valueHeads, 1, [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t head = first; head < last; ++head)
                runHead(delta, tokens, head, memory + head * size, out);
        });
    }
    const at::Tensor gate = in.narrow(1, zColumn, sizes.values).reshape(heads.sizes()).to(at::kFloat);
    const at::Tensor weighed =
        rmsNorm(heads.to(x.scalar_type()), weights.norm, spec.normEpsilon).to(at::kFloat) * at::silu(gate);
    return at::linear(weighed.to(x.scalar_type()).view({x.size(0), sizes.values}), weights.out);
}

std::uint64_t deltaStateBytes(const model::DeltaSpec& spec, std::uint64_t elementBytes)
{
    const auto memory = static_cast<std::uint64_t>(spec.valueHeads) * static_cast<std::uint64_t>(spec.keyDim) *
                        static_cast<std::uint64_t>(spec.valueDim);
    return sizeof(float) * memory + elementBytes * static_cast<std::uint64_t>(Sizes(spec).channels * (spec.kernel - 1));
}

} // namespace espalier::engine
