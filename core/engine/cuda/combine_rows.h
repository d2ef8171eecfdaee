// SPDX-License-Identifier: Apache-2.0
// Un-permutation: every row adds the outputs of its experts, weighed by its gates, in expert order and in float32, as
// core/engine/torch/kernels.cpp does. Experts may come in several chunks; the sum is the same to the bit.
#pragma once

#include "core/engine/cuda/numbers.h"

namespace espalier::engine::cuda {

/// sum[row][c] += gate · outputs[place][c] over the row's places in [firstPlace, endPlace), products rounded to T. A
/// gate of 0 (a choice beyond a plan's limit) adds nothing, whatever the expert said.
template <typename T>
struct AddOutputs {
    const T* outputs;  ///< [places of the chunk, hidden]
    const float* gate; ///< by place
    const int* place;  ///< [rows, k] ascending
    float* sum;        ///< [rows, hidden]
    int rows, topK, hidden, firstPlace, endPlace;

    static constexpr int kThreads = 256;
    [[nodiscard]] ESPALIER_HD Grid grid() const { return {ceilDivide(hidden, kThreads), rows, kThreads}; }
    [[nodiscard]] ESPALIER_HD static constexpr std::size_t sharedBytes() { return 0; }

    template <class Block>
    ESPALIER_HD void operator()(Block& block) const
    {
        const auto row = static_cast<std::size_t>(block.row());
        const int* own = place + row * static_cast<std::size_t>(topK);
        block.free([&](int thread) {
            const int column = block.column() * kThreads + thread;
            if (column >= hidden)
                return;
            float* to = sum + row * static_cast<std::size_t>(hidden) + column;
            float value = *to;
            for (int slot = 0; slot < topK; ++slot) {
                const int at = own[slot];
                if (at < firstPlace || at >= endPlace)
                    continue;
                const float weight = rounded<T>(gate[at]);
                if (weight != 0)
                    value += rounded<T>(
                        widen(outputs[static_cast<std::size_t>(at - firstPlace) * static_cast<std::size_t>(hidden) +
                                      static_cast<std::size_t>(column)]) *
                        weight);
            }
            *to = value;
        });
    }
};

/// Ends a row: y = sum rounded to T, and what the row did to the residual stream h (EASY-EP's turn): turn = max(0, 1 -
/// cos(h, h + y)), ratio = |y| / |h|; both 0 where a vector is 0.
template <typename T>
struct FinishRows {
    const float* sum;  ///< [rows, hidden]
    const T* residual; ///< [rows, hidden], or null: no turns
    T* routed;         ///< [rows, hidden]
    double* turn;      ///< [rows]
    double* ratio;     ///< [rows]
    int rows, hidden;

    static constexpr int kThreads = 128;
    [[nodiscard]] ESPALIER_HD Grid grid() const { return {1, rows, kThreads}; }
    [[nodiscard]] ESPALIER_HD static constexpr std::size_t sharedBytes() { return 3 * sizeof(double) * kThreads; }

    template <class Block>
    ESPALIER_HD void operator()(Block& block) const
    {
        double* products = block.template shared<double>(3 * kThreads);
        const auto first = static_cast<std::size_t>(block.row()) * static_cast<std::size_t>(hidden);
        block.each([&](int thread) {
            double hh = 0;
            double hy = 0;
            double yy = 0;
            for (int c = thread; c < hidden; c += kThreads) {
                const std::size_t at = first + static_cast<std::size_t>(c);
                narrow(routed[at], sum[at]);
                if (residual == nullptr)
                    continue;
                const double h = widen(residual[at]);
                const double y = widen(routed[at]);
                hh += h * h;
                hy += h * y;
                yy += y * y;
            }
            products[3 * thread] = hh;
            products[3 * thread + 1] = hy;
            products[3 * thread + 2] = yy;
        });
        for (int half = kThreads / 2; half > 0; half /= 2)
            block.each([&](int thread) {
                if (thread < half)
                    for (int i = 0; i < 3; ++i)
                        products[3 * thread + i] += products[3 * (thread + half) + i];
            });
        block.free([&](int thread) {
            if (thread != 0 || residual == nullptr)
                return;
            const double hh = products[0];
            const double hy = products[1];
            const double yy = products[2];
            const double lengths = sqrt(hh) * sqrt(most(0.0, hh + 2 * hy + yy)); // |h + y|² = hh + 2 hy + yy
            turn[block.row()] = lengths > 0 ? most(0.0, 1 - (hh + hy) / lengths) : 0.0;
            ratio[block.row()] = hh > 0 ? sqrt(yy / hh) : 0.0;
        });
    }
};

} // namespace espalier::engine::cuda
