// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/kernels.h"

#include "core/engine/torch/element.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <cmath>
#include <limits>

namespace espalier::engine {

namespace {

template <typename T>
inline void normRow(const T* x, const T* weight, T* y, std::int64_t d, float eps)
{
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (std::int64_t i = 0; i < d; ++i) {
        const float value = widen(x[i]);
        sum += value * value;
    }
    const float scale = 1.0F / std::sqrt(sum / static_cast<float>(d) + eps);
    for (std::int64_t i = 0; i < d; ++i)
        narrowTo(y[i], rounded<T>(widen(x[i]) * scale) * widen(weight[i]));
}

ESPALIER_VECTORISED void normRows(const float* x, const float* weight, float* y, std::int64_t n, std::int64_t d,
                                  float eps)
{
    for (std::int64_t row = 0; row < n; ++row)
        normRow(x + row * d, weight, y + row * d, d, eps);
}
ESPALIER_VECTORISED void normRows(const Bf16* x, const Bf16* weight, Bf16* y, std::int64_t n, std::int64_t d, float eps)
{
    for (std::int64_t row = 0; row < n; ++row)
        normRow(x + row * d, weight, y + row * d, d, eps);
}

/// Pairs (x[i · step], x[i · step + apart]); cos and sin one per pair.
template <typename T>
inline void rotateRow(const T* x, T* y, const float* cos, const float* sin, std::int64_t pairs, std::int64_t step,
                      std::int64_t apart)
{
    for (std::int64_t i = 0; i < pairs; ++i) {
        const float low = widen(x[i * step]);
        const float high = widen(x[i * step + apart]);
        narrowTo(y[i * step], rounded<T>(low * rounded<T>(cos[i])) - rounded<T>(high * rounded<T>(sin[i])));
        narrowTo(y[i * step + apart], rounded<T>(high * rounded<T>(cos[i])) + rounded<T>(low * rounded<T>(sin[i])));
    }
}

struct RotateShape {
    HeadColumns columns;
    std::int64_t stride = 0;
    float eps = 0;
};
template <typename T>
inline void rotateRows(const T* x, const T* weight, T* y, const float* cos, const float* sin, const std::int32_t* row,
                       std::int64_t n, RotateShape shape, T* scratch)
{
    const HeadColumns& columns = shape.columns;
    const std::int64_t pairs = columns.turns / 2;
    const std::int64_t behind = columns.turnsFrom + columns.turns;
    for (std::int64_t i = 0; i < n; ++i) {
        const std::int64_t at = row[i] * pairs;
        for (std::int64_t head = 0; head < columns.heads; ++head) {
            const T* from = x + i * shape.stride + columns.column + head * columns.width;
            T* to = y + (i * columns.heads + head) * columns.width;
            if (weight != nullptr) {
                normRow(from, weight, scratch, columns.width, shape.eps);
                from = scratch;
            }
            for (std::int64_t j = 0; j < columns.turnsFrom; ++j)
                to[j] = from[j];
            for (std::int64_t j = behind; j < columns.width; ++j)
                to[j] = from[j];
            if (columns.interleaved)
                rotateRow(from + columns.turnsFrom, to + columns.turnsFrom, cos + at, sin + at, pairs, 2, 1);
            else
                rotateRow(from + columns.turnsFrom, to + columns.turnsFrom, cos + at, sin + at, pairs, 1, pairs);
        }
    }
}
ESPALIER_VECTORISED void rotateAll(const float* x, const float* weight, float* y, const float* cos, const float* sin,
                                   const std::int32_t* row, std::int64_t n, RotateShape shape, float* scratch)
{
    rotateRows(x, weight, y, cos, sin, row, n, shape, scratch);
}
ESPALIER_VECTORISED void rotateAll(const Bf16* x, const Bf16* weight, Bf16* y, const float* cos, const float* sin,
                                   const std::int32_t* row, std::int64_t n, RotateShape shape, Bf16* scratch)
{
    rotateRows(x, weight, y, cos, sin, row, n, shape, scratch);
}

/// Adds gates[p] · outputs[p] for the k places p.
template <typename T>
inline void addRow(const T* outputs, const float* gates, const std::int64_t* place, std::int64_t k, std::int64_t h,
                   float* sum)
{
    for (std::int64_t slot = 0; slot < k; ++slot) {
        const float gate = rounded<T>(gates[place[slot]]);
        if (gate == 0)
            continue; // a choice beyond the plan's limit: what the expert says, infinity even, must not be heard
        const T* from = outputs + place[slot] * h;
        for (std::int64_t i = 0; i < h; ++i)
            sum[i] += rounded<T>(widen(from[i]) * gate);
    }
}
template <typename T>
inline void combineRow(const T* outputs, const float* gates, const std::int64_t* place, std::int64_t k, std::int64_t h,
                       float* sum, T* y)
{
    for (std::int64_t i = 0; i < h; ++i)
        sum[i] = 0;
    addRow(outputs, gates, place, k, h, sum);
    for (std::int64_t i = 0; i < h; ++i)
        narrowTo(y[i], sum[i]);
}
ESPALIER_VECTORISED void combineRows(const float* outputs, const float* gates, const std::int64_t* place,
                                     std::int64_t n, std::int64_t k, std::int64_t h, float* sum, float* y)
{
    for (std::int64_t row = 0; row < n; ++row)
        combineRow(outputs, gates, place + row * k, k, h, sum, y + row * h);
}
ESPALIER_VECTORISED void combineRows(const Bf16* outputs, const float* gates, const std::int64_t* place, std::int64_t n,
                                     std::int64_t k, std::int64_t h, float* sum, Bf16* y)
{
    for (std::int64_t row = 0; row < n; ++row)
        combineRow(outputs, gates, place + row * k, k, h, sum, y + row * h);
}
ESPALIER_VECTORISED void addToRow(const float* outputs, const float* gates, const std::int64_t* place, std::int64_t k,
                                  std::int64_t h, float* sum)
{
    addRow(outputs, gates, place, k, h, sum);
}
ESPALIER_VECTORISED void addToRow(const Bf16* outputs, const float* gates, const std::int64_t* place, std::int64_t k,
                                  std::int64_t h, float* sum)
{
    addRow(outputs, gates, place, k, h, sum);
}

ESPALIER_VECTORISED float largest(const float* values, std::int64_t n)
{
    float best = -std::numeric_limits<float>::infinity();
#pragma omp simd reduction(max : best)
    for (std::int64_t i = 0; i < n; ++i)
        best = values[i] > best ? values[i] : best;
    return best;
}

ESPALIER_VECTORISED double weightedDifference(const float* p, const float* logP, const float* logQ, std::int64_t n)
{
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (std::int64_t i = 0; i < n; ++i) // 0 · (−inf − x) would be NaN; such entries add nothing
        sum +=
            p[i] > 0 ? static_cast<double>(p[i]) * (static_cast<double>(logP[i]) - static_cast<double>(logQ[i])) : 0.0;
    return sum;
}

/// Rows per task so that a task is worth a thread's start.
std::int64_t grain(std::int64_t elementsPerRow)
{
    return std::max<std::int64_t>(1, 32768 / std::max<std::int64_t>(1, elementsPerRow));
}

} // namespace

at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& weight, double eps)
{
    const std::int64_t d = x.size(-1);
    const std::int64_t n = x.numel() / std::max<std::int64_t>(1, d);
    at::Tensor y = at::empty_like(x);
    withElements(x, [&]<typename T>(T) {
        const T* from = data<T>(x);
        T* to = data<T>(y);
        at::parallel_for(0, n, grain(d), [&](std::int64_t begin, std::int64_t end) {
            normRows(from + begin * d, data<T>(weight), to + begin * d, end - begin, d, static_cast<float>(eps));
        });
    });
    return y;
}

at::Tensor layerNorm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, double eps)
{
    return at::layer_norm(x, {x.size(-1)}, weight, bias, eps);
}

at::Tensor normAndRotate(const at::Tensor& x, const HeadColumns& columns, const at::Tensor& normWeight, double eps,
                         const at::Tensor& cos, const at::Tensor& sin, std::span<const std::int32_t> row)
{
    const std::int64_t n = x.size(0);
    at::Tensor y = at::empty({n, columns.heads, columns.width}, x.options());
    const RotateShape shape{columns, x.size(1), static_cast<float>(eps)};
    const std::int64_t width = columns.heads * columns.width;
    withElements(x, [&]<typename T>(T) {
        const T* weight = normWeight.defined() ? data<T>(normWeight) : nullptr;
        at::parallel_for(0, n, grain(width), [&](std::int64_t begin, std::int64_t end) {
            std::vector<T> scratch(static_cast<std::size_t>(columns.width));
            rotateAll(data<T>(x) + begin * shape.stride, weight, data<T>(y) + begin * width, data<float>(cos),
                      data<float>(sin), row.data() + begin, end - begin, shape, scratch.data());
        });
    });
    return y;
}

at::Tensor siluMul(const at::Tensor& x)
{
    const std::int64_t width = x.size(1) / 2;
    return at::silu(x.narrow(1, 0, width)).mul_(x.narrow(1, width, width));
}

void selectTopK(const at::Tensor& selection, const at::Tensor& keys, const at::Tensor& scores, int k, at::Tensor& ids,
                at::Tensor& values)
{
    const std::int64_t n = scores.size(0);
    const std::int64_t experts = scores.size(1);
    ids = at::empty({n, k}, scores.options().dtype(at::kLong));
    values = at::empty({n, k}, scores.options());
    const float* logits = data<float>(selection);
    const float* p = data<float>(scores);
    const float* ranks = data<float>(keys);
    std::int64_t* chosen = data<std::int64_t>(ids);
    float* weights = data<float>(values);
    constexpr float kMasked = -std::numeric_limits<float>::infinity();
    at::parallel_for(0, n, grain(experts), [&](std::int64_t begin, std::int64_t end) {
        std::vector<float> key(static_cast<std::size_t>(k));
        for (std::int64_t row = begin; row < end; ++row) {
            std::int64_t* id = chosen + row * k;
            int filled = 0;
            for (std::int64_t e = 0; e < experts; ++e) {
                const float rank = ranks[row * experts + e];
                if (logits[row * experts + e] == kMasked || rank == kMasked)
                    continue;
                const float value = std::isnan(rank) ? std::numeric_limits<float>::lowest() : rank;
                if (filled == k && !(value > key[static_cast<std::size_t>(k - 1)]))
                    continue;
                int place = filled < k ? filled++ : k - 1;
                for (; place > 0 && value > key[static_cast<std::size_t>(place - 1)]; --place) {
                    key[static_cast<std::size_t>(place)] = key[static_cast<std::size_t>(place - 1)];
                    id[place] = id[place - 1];
                }
                key[static_cast<std::size_t>(place)] = value;
                id[place] = e;
            }
            // Fewer than k finite experts (weights with -inf in them): repeat the first choice with its NaN or number.
            for (; filled < k; ++filled)
                id[filled] = filled > 0 ? id[0] : 0;
            for (int slot = 0; slot < k; ++slot)
                weights[row * k + slot] = p[row * experts + id[slot]];
        }
    });
}

void addOutputs(const at::Tensor& outputs, std::int64_t begin, std::span<const float> gates,
                std::span<const std::int64_t> place, const at::Tensor& sum)
{
    const std::int64_t n = sum.size(0);
    const auto k = static_cast<std::int64_t>(place.size()) / std::max<std::int64_t>(1, n);
    const std::int64_t h = outputs.size(1);
    const std::int64_t end = begin + outputs.size(0);
    withElements(outputs, [&]<typename T>(T) {
        at::parallel_for(0, n, grain(k * h), [&](std::int64_t firstRow, std::int64_t lastRow) {
            std::vector<std::int64_t> here;
            for (std::int64_t row = firstRow; row < lastRow; ++row) {
                here.clear();
                for (const std::int64_t p :
                     place.subspan(static_cast<std::size_t>(row * k), static_cast<std::size_t>(k)))
                    if (p >= begin && p < end)
                        here.push_back(p - begin);
                if (!here.empty())
                    addToRow(data<T>(outputs), gates.data() + begin, here.data(),
                             static_cast<std::int64_t>(here.size()), h, data<float>(sum) + row * h);
            }
        });
    });
}

at::Tensor combine(const at::Tensor& outputs, std::span<const float> gates, std::span<const std::int64_t> place,
                   std::int64_t rows)
{
    const std::int64_t n = rows;
    const auto k = static_cast<std::int64_t>(place.size()) / std::max<std::int64_t>(1, n);
    const std::int64_t h = outputs.size(1);
    at::Tensor y = at::empty({n, h}, outputs.options());
    withElements(outputs, [&]<typename T>(T) {
        at::parallel_for(0, n, grain(k * h), [&](std::int64_t begin, std::int64_t end) {
            std::vector<float> sum(static_cast<std::size_t>(h));
            combineRows(data<T>(outputs), gates.data(), place.data() + begin * k, end - begin, k, h, sum.data(),
                        data<T>(y) + begin * h);
        });
    });
    return y;
}

std::int64_t argmax(const float* values, std::int64_t n)
{
    const float best = largest(values, n);
    for (std::int64_t i = 0; i < n; ++i)
        if (values[i] == best)
            return i;
    return 0; // all NaN
}

double klDivergence(const float* p, const float* logP, const float* logQ, std::int64_t n)
{
    return weightedDifference(p, logP, logQ, n);
}

} // namespace espalier::engine
