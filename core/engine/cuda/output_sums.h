// SPDX-License-Identifier: Apache-2.0
// What remains of the outputs' statistics after the GEMM's epilogue: norms of whole rows, and the vector sums per
// expert.
#pragma once

#include "core/engine/cuda/numbers.h"

namespace espalier::engine::cuda {

/// norms[row k + slot] = |f| of a place, from the parts that the GEMM's blocks left, in the order of the columns.
struct RowNorms {
    const double* squares; ///< [places of the chunk, parts]
    const int* row;        ///< by place
    const int* slot;       ///< by place
    double* norms;         ///< [rows, k]
    int firstPlace, endPlace, parts, topK;

    static constexpr int kThreads = 128;
    [[nodiscard]] ESPALIER_HD Grid grid() const { return {1, ceilDivide(endPlace - firstPlace, kThreads), kThreads}; }
    [[nodiscard]] ESPALIER_HD static constexpr std::size_t sharedBytes() { return 0; }

    template <class Block>
    ESPALIER_HD void operator()(Block& block) const
    {
        block.free([&](int thread) {
            const int at = block.row() * kThreads + thread;
            if (firstPlace + at >= endPlace)
                return;
            double sum = 0;
            for (int part = 0; part < parts; ++part)
                sum += squares[static_cast<std::size_t>(at) * static_cast<std::size_t>(parts) +
                               static_cast<std::size_t>(part)];
            norms[static_cast<std::size_t>(row[firstPlace + at]) * static_cast<std::size_t>(topK) +
                  static_cast<std::size_t>(slot[firstPlace + at])] = sqrt(sum);
        });
    }
};

/// maxima[e] = the largest |element| among the outputs of expert e, from those of the GEMM's blocks.
struct ExpertMaxima {
    const float* largest; ///< [tasks, parts]
    const int* firstTask; ///< [count + 1]: tasks of the chunk's experts
    float* maxima;        ///< [experts]
    int firstExpert, count, parts;

    static constexpr int kThreads = 128;
    [[nodiscard]] ESPALIER_HD Grid grid() const { return {ceilDivide(count, kThreads), 1, kThreads}; }
    [[nodiscard]] ESPALIER_HD static constexpr std::size_t sharedBytes() { return 0; }

    template <class Block>
    ESPALIER_HD void operator()(Block& block) const
    {
        block.free([&](int thread) {
            const int e = block.column() * kThreads + thread;
            if (e >= count)
                return;
            float top = 0;
            for (int i = firstTask[e] * parts; i < firstTask[e + 1] * parts; ++i)
                top = most(top, largest[i]);
            maxima[firstExpert + e] = top;
        });
    }
};

/// sum[e][c] = sum of f and weighed[e][c] = sum of p_e f over the rows of expert e, in their order, in double: the very
/// additions of the CPU path. An expert without rows gives 0.
template <typename T>
struct OutputSums {
    const T* outputs;    ///< [places of the chunk, hidden]
    const int* begin;    ///< [experts + 1]: places of an expert
    const int* row;      ///< by place
    const float* scores; ///< [rows, experts]
    double* sum;         ///< [experts of the chunk, hidden]
    double* weighed;     ///< [experts of the chunk, hidden]
    int firstExpert, count, experts, hidden;

    static constexpr int kThreads = 128;
    [[nodiscard]] ESPALIER_HD Grid grid() const { return {ceilDivide(hidden, kThreads), count, kThreads}; }
    [[nodiscard]] ESPALIER_HD static constexpr std::size_t sharedBytes() { return 0; }

    template <class Block>
    ESPALIER_HD void operator()(Block& block) const
    {
        const int expert = firstExpert + block.row();
        const int firstPlace = begin[firstExpert];
        block.free([&](int thread) {
            const int column = block.column() * kThreads + thread;
            if (column >= hidden)
                return;
            double plain = 0;
            double byScore = 0;
            for (int at = begin[expert]; at < begin[expert + 1]; ++at) {
                const double f =
                    widen(outputs[static_cast<std::size_t>(at - firstPlace) * static_cast<std::size_t>(hidden) +
                                  static_cast<std::size_t>(column)]);
                plain += f;
                byScore +=
                    static_cast<double>(scores[static_cast<std::size_t>(row[at]) * static_cast<std::size_t>(experts) +
                                               static_cast<std::size_t>(expert)]) *
                    f;
            }
            const std::size_t to = static_cast<std::size_t>(block.row()) * static_cast<std::size_t>(hidden) +
                                   static_cast<std::size_t>(column);
            sum[to] = plain;
            weighed[to] = byScore;
        });
    }
};

} // namespace espalier::engine::cuda
