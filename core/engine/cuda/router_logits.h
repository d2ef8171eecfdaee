// SPDX-License-Identifier: Apache-2.0
// Router logits: z[n][e] = sum over h of x[n][h] w[e][h], in double and in the order of h, then bias, then rounded
// once. An expert's logit so depends on nothing but its own weights: a masked router and its slice give the same bits.
#pragma once

#include "core/engine/cuda/numbers.h"

namespace espalier::engine::cuda {

/// x [rows, hidden] in T, weight [experts, hidden] and bias [experts] (or null) in W; logits [rows, experts].
template <typename T, typename W>
struct RouterLogits {
    const T* x;
    const W* weight;
    const W* bias;
    float* logits;
    int rows, experts, hidden;
    bool narrow; ///< logits are rounded to T, as a model whose router computes in its own type has them

    static constexpr int kTile = 32, kDepth = 32, kThreads = 256, kPerThread = kTile * kTile / kThreads;
    static constexpr int kStride = kDepth + 1; // neighbours in different banks

    [[nodiscard]] ESPALIER_HD Grid grid() const
    {
        return {ceilDivide(experts, kTile), ceilDivide(rows, kTile), kThreads};
    }
    [[nodiscard]] ESPALIER_HD static constexpr std::size_t sharedBytes()
    {
        return 2 * 128 + 2 * sizeof(float) * kTile * kStride;
    }

    template <class Block>
    ESPALIER_HD void operator()(Block& block) const
    {
        float* left = block.template shared<float>(kTile * kStride);
        float* right = block.template shared<float>(kTile * kStride);
        const int firstRow = block.row() * kTile;
        const int firstExpert = block.column() * kTile;
        struct Sums {
            double value[kPerThread];
        };
        typename Block::template PerThread<Sums> sums(block);
        block.free([&](int thread) {
            for (double& sum : sums[thread].value)
                sum = 0;
        });
        for (int depth = 0; depth < hidden; depth += kDepth) {
            block.each([&](int thread) {
                for (int i = thread; i < kTile * kDepth; i += kThreads) {
                    const int line = i / kDepth;
                    const int h = depth + i % kDepth;
                    const bool inX = h < hidden && firstRow + line < rows;
                    const bool inW = h < hidden && firstExpert + line < experts;
                    const auto at = [&](int first) {
                        return static_cast<std::size_t>(first + line) * static_cast<std::size_t>(hidden) +
                               static_cast<std::size_t>(h);
                    };
                    left[line * kStride + i % kDepth] = inX ? widen(x[at(firstRow)]) : 0.0F;
                    right[line * kStride + i % kDepth] = inW ? widen(weight[at(firstExpert)]) : 0.0F;
                }
            });
            block.each([&](int thread) {
                const float* b = right + thread % kTile * kStride;
                for (int i = 0; i < kPerThread; ++i) {
                    const float* a = left + (thread / kTile * kPerThread + i) * kStride;
                    double sum = sums[thread].value[i];
                    for (int k = 0; k < kDepth; ++k) // products of two floats are exact in double
                        sum += static_cast<double>(a[k]) * static_cast<double>(b[k]);
                    sums[thread].value[i] = sum;
                }
            });
        }
        block.free([&](int thread) {
            const int expert = firstExpert + thread % kTile;
            for (int i = 0; i < kPerThread; ++i) {
                const int row = firstRow + thread / kTile * kPerThread + i;
                if (row >= rows || expert >= experts)
                    continue;
                const double sum = sums[thread].value[i] + (bias != nullptr ? widen(bias[expert]) : 0.0F);
                const auto logit = static_cast<float>(sum);
                logits[static_cast<std::size_t>(row) * static_cast<std::size_t>(experts) +
                       static_cast<std::size_t>(expert)] = narrow ? rounded<T>(logit) : logit;
            }
        });
    }
};

} // namespace espalier::engine::cuda
