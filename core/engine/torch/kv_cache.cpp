// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/kv_cache.h"

#include "core/engine/torch/delta_net.h"
#include "core/engine/torch/element.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <cmath>

namespace espalier::engine {

namespace {

struct Query {
    std::int64_t heads = 0; // that share the keys
    std::int64_t length = 0;
    std::int64_t d = 0, valueDim = 0;
    float scale = 1;
    const float* sinks = nullptr; // a score of each head besides the keys'
};

/// softmax(q K^T · scale) V for the heads that share one key head; scratch holds length + valueDim floats. D = d =
/// valueDim where the compiler is to know it: then the sums stay in registers; 0 = any.
template <int D, typename T>
inline void attendHeads(const T* q, const T* keys, const T* values, T* out, const Query& query, float* scratch)
{
    const std::int64_t d = D > 0 ? D : query.d;
    const std::int64_t width = D > 0 ? D : query.valueDim;
    float* score = scratch;
    for (std::int64_t head = 0; head < query.heads; ++head) {
        const T* own = q + head * d;
        float largest = query.sinks != nullptr ? query.sinks[head] : -INFINITY;
        for (std::int64_t t = 0; t < query.length; ++t) {
            const T* key = keys + t * d;
            float sum = 0;
#pragma omp simd reduction(+ : sum)
            for (std::int64_t i = 0; i < d; ++i)
                sum += widen(own[i]) * widen(key[i]);
            score[t] = sum * query.scale;
            largest = score[t] > largest ? score[t] : largest;
        }
        float fixed[D > 0 ? D : 1];
        float* sum = D > 0 ? fixed : scratch + query.length;
        for (std::int64_t i = 0; i < width; ++i)
            sum[i] = 0;
        float total = query.sinks != nullptr ? std::exp(query.sinks[head] - largest) : 0;
        for (std::int64_t t = 0; t < query.length; ++t) {
            const float p = std::exp(score[t] - largest);
            total += p;
            for (std::int64_t i = 0; i < width; ++i)
                sum[i] += p * widen(values[t * width + i]);
        }
        for (std::int64_t i = 0; i < width; ++i)
            narrowTo(out[head * width + i], sum[i] / total);
    }
}

template <typename T>
inline void attendByWidth(const T* q, const T* keys, const T* values, T* out, const Query& query, float* scratch)
{
    if (query.d != query.valueDim)
        attendHeads<0>(q, keys, values, out, query, scratch);
    else if (query.d == 32)
        attendHeads<32>(q, keys, values, out, query, scratch);
    else if (query.d == 64)
        attendHeads<64>(q, keys, values, out, query, scratch);
    else if (query.d == 128)
        attendHeads<128>(q, keys, values, out, query, scratch);
    else
        attendHeads<0>(q, keys, values, out, query, scratch);
}

ESPALIER_VECTORISED void attendGroup(const float* q, const float* keys, const float* values, float* out,
                                     const Query& query, float* scratch)
{
    attendByWidth(q, keys, values, out, query, scratch);
}
ESPALIER_VECTORISED void attendGroup(const Bf16* q, const Bf16* keys, const Bf16* values, Bf16* out, const Query& query,
                                     float* scratch)
{
    attendByWidth(q, keys, values, out, query, scratch);
}

} // namespace

KvCache::KvCache(const model::ModelSpec& spec, at::ScalarType type, std::span<const std::int64_t> capacity)
    : m_shape(headShape(spec.attention))
{
    for (const std::int64_t length : capacity) {
        m_offset.push_back(m_total);
        m_total += length;
    }
    for (const model::LayerSpec& layer : spec.layers) {
        const std::int64_t places = layer.isDelta ? 0 : m_total;
        m_windows.push_back(layer.window);
        m_keys.push_back(at::empty({m_shape.kvHeads, places, m_shape.keyDim}, at::TensorOptions(type)));
        m_values.push_back(at::empty({m_shape.kvHeads, places, m_shape.valueDim}, at::TensorOptions(type)));
        m_states.emplace_back(layer.isDelta ? capacity.size() : 0);
    }
}

std::uint64_t KvCache::bytes(const model::ModelSpec& spec, at::ScalarType type, std::int64_t capacity)
{
    const HeadShape shape = headShape(spec.attention);
    const auto perLayer =
        static_cast<std::uint64_t>(shape.kvHeads * (shape.keyDim + shape.valueDim) * capacity) * at::elementSize(type);
    std::uint64_t bytes = 0;
    for (const model::LayerSpec& layer : spec.layers)
        bytes += layer.isDelta ? deltaStateBytes(*spec.attention.delta, at::elementSize(type)) : perLayer;
    return bytes;
}

void KvCache::fill(std::size_t layer, std::size_t row, const Projections& projections, const Span& span,
                   std::size_t number)
{
    if (!m_states[layer].empty()) { // a copy: variants that go on from one prompt go apart
        const DeltaState& state = projections.states[number];
        m_states[layer][row] = {state.convolution.clone(), state.memory.clone()};
        return;
    }
    const auto copy = [&](const at::Tensor& from, const at::Tensor& store) {
        store.narrow(1, m_offset[row], span.length).copy_(from.narrow(0, span.begin, span.length).transpose(0, 1));
    };
    copy(projections.k, m_keys[layer]);
    copy(projections.v, m_values[layer]);
}

std::vector<DeltaState> KvCache::states(std::size_t layer, std::span<const std::size_t> rows) const
{
    std::vector<DeltaState> states;
    for (const std::size_t row : rows)
        states.push_back(m_states[layer][row]);
    return states;
}

void KvCache::keepStates(std::size_t layer, std::span<const std::size_t> rows, std::vector<DeltaState> states)
{
    for (std::size_t i = 0; i < rows.size(); ++i)
        m_states[layer][rows[i]] = std::move(states[i]);
}

at::Tensor KvCache::attend(std::size_t layer, const at::Tensor& sinks, std::span<const std::size_t> rows,
                           std::span<const std::int32_t> position, const Projections& projections)
{
    const auto n = static_cast<std::int64_t>(rows.size());
    const std::int64_t d = m_shape.keyDim;
    const std::int64_t width = m_shape.valueDim;
    const std::int64_t shared = m_shape.kvHeads;
    const std::int64_t group = m_shape.heads / shared;
    const std::int64_t window = m_windows[layer];
    at::Tensor out = at::empty({n, m_shape.heads * width}, projections.q.options());
    const std::int64_t longest = 1 + *std::max_element(position.begin(), position.end());
    withElements(out, [&]<typename T>(T) {
        at::parallel_for(0, n * shared, 4, [&](std::int64_t begin, std::int64_t end) {
            std::vector<float> scratch(static_cast<std::size_t>(longest + width));
            for (std::int64_t task = begin; task < end; ++task) {
                const std::int64_t i = task / shared;
                const std::int64_t head = task % shared;
                const std::int64_t last = position[static_cast<std::size_t>(i)];
                const std::int64_t first = window > 0 ? std::max<std::int64_t>(0, last - window + 1) : 0;
                const std::int64_t base = head * m_total + m_offset[rows[static_cast<std::size_t>(i)]];
                T* keys = data<T>(m_keys[layer]) + base * d;
                T* values = data<T>(m_values[layer]) + base * width;
                std::copy_n(data<T>(projections.k) + (i * shared + head) * d, d, keys + last * d);
                std::copy_n(data<T>(projections.v) + i * projections.v.stride(0) + head * width, width,
                            values + last * width);
                const std::int64_t at = i * m_shape.heads + head * group;
                attendGroup(data<T>(projections.q) + at * d, keys + first * d, values + first * width,
                            data<T>(out) + at * width,
                            {group, last + 1 - first, d, width, static_cast<float>(m_shape.scale),
                             sinks.defined() ? data<float>(sinks) + head * group : nullptr},
                            scratch.data());
            }
        });
    });
    return out;
}

} // namespace espalier::engine
