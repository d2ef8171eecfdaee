// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/kv_cache.h"

#include "core/engine/torch/element.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace espalier::engine {

namespace {

struct Query {
    std::int64_t heads = 0; // that share the keys
    std::int64_t length = 0;
    std::int64_t d = 0;
    float scale = 1;
};

/// softmax(q K^T · scale) V for the heads that share one key head; scratch holds length + d floats. D = d where the
/// compiler is to know it: then the sums stay in registers; 0 = any.
template <int D, typename T>
inline void attendHeads(const T* q, const T* keys, const T* values, T* out, const Query& query, float* scratch)
{
    const std::int64_t d = D > 0 ? D : query.d;
    float* score = scratch;
    for (std::int64_t head = 0; head < query.heads; ++head) {
        const T* own = q + head * d;
        float largest = -INFINITY;
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
        for (std::int64_t i = 0; i < d; ++i)
            sum[i] = 0;
        float total = 0;
        for (std::int64_t t = 0; t < query.length; ++t) {
            const float p = std::exp(score[t] - largest);
            total += p;
            for (std::int64_t i = 0; i < d; ++i)
                sum[i] += p * widen(values[t * d + i]);
        }
        for (std::int64_t i = 0; i < d; ++i)
            narrowTo(out[head * d + i], sum[i] / total);
    }
}

template <typename T>
inline void attendByWidth(const T* q, const T* keys, const T* values, T* out, const Query& query, float* scratch)
{
    if (query.d == 32)
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
    : m_attention(spec.attention)
{
    for (const std::int64_t length : capacity) {
        m_offset.push_back(m_total);
        m_total += length;
    }
    for (std::size_t layer = 0; layer < spec.layers.size(); ++layer)
        for (auto* store : {&m_keys, &m_values})
            store->push_back(at::empty({m_attention.kvHeads, m_total, m_attention.headDim}, at::TensorOptions(type)));
}

std::uint64_t KvCache::bytes(const model::ModelSpec& spec, at::ScalarType type, std::int64_t capacity)
{
    return 2 * spec.layers.size() * static_cast<std::uint64_t>(spec.attention.kvHeads) *
           static_cast<std::uint64_t>(spec.attention.headDim) * at::elementSize(type) *
           static_cast<std::uint64_t>(capacity);
}

void KvCache::fill(std::size_t layer, std::size_t row, const Projections& projections, const Span& span)
{
    const auto copy = [&](const at::Tensor& from, const at::Tensor& store) {
        store.narrow(1, m_offset[row], span.length).copy_(from.narrow(0, span.begin, span.length).transpose(0, 1));
    };
    copy(projections.k, m_keys[layer]);
    copy(projections.v, m_values[layer]);
}

at::Tensor KvCache::attend(std::size_t layer, std::span<const std::size_t> rows, std::span<const std::int32_t> position,
                           const Projections& projections)
{
    const auto n = static_cast<std::int64_t>(rows.size());
    const std::int64_t d = m_attention.headDim;
    const std::int64_t shared = m_attention.kvHeads;
    const std::int64_t group = m_attention.heads / shared;
    at::Tensor out = at::empty({n, m_attention.heads * d}, projections.q.options());
    const std::int64_t longest = 1 + *std::max_element(position.begin(), position.end());
    withElements(out, [&]<typename T>(T) {
        at::parallel_for(0, n * shared, 4, [&](std::int64_t begin, std::int64_t end) {
            std::vector<float> scratch(static_cast<std::size_t>(longest + d));
            for (std::int64_t task = begin; task < end; ++task) {
                const std::int64_t i = task / shared;
                const std::int64_t head = task % shared;
                const std::int64_t last = position[static_cast<std::size_t>(i)];
                const std::int64_t first =
                    m_attention.slidingWindow > 0 ? std::max<std::int64_t>(0, last - m_attention.slidingWindow + 1) : 0;
                const std::int64_t base = (head * m_total + m_offset[rows[static_cast<std::size_t>(i)]]) * d;
                T* keys = data<T>(m_keys[layer]) + base;
                T* values = data<T>(m_values[layer]) + base;
                std::copy_n(data<T>(projections.k) + (i * shared + head) * d, d, keys + last * d);
                std::copy_n(data<T>(projections.v) + i * projections.v.stride(0) + head * d, d, values + last * d);
                const std::int64_t at = (i * m_attention.heads + head * group) * d;
                attendGroup(data<T>(projections.q) + at, keys + first * d, values + first * d, data<T>(out) + at,
                            {group, last + 1 - first, d, 1.0F / std::sqrt(static_cast<float>(d))}, scratch.data());
            }
        });
    });
    return out;
}

} // namespace espalier::engine
