// SPDX-License-Identifier: Apache-2.0
// The routed experts as two grouped GEMMs with float32 sums. The first gathers the rows that chose an expert and
// applies SwiGLU before anything leaves the chip; the second takes the statistics of the outputs (squared norm of REAP,
// largest channel) while they are in registers. Roundings are those of the CPU path: products are rounded to T as a
// GEMM's result is, then every operation of the activation.
#pragma once

#include "core/engine/cuda/gemm_core.h"
#include "core/engine/cuda/rules.h"

namespace espalier::engine::cuda {

/// Rows of one expert that a line of blocks takes: places begin … end - 1, at most 128.
struct GemmTask {
    int expert; ///< in the chunk
    int begin, end;
};
/// Matrices of an expert, row-major, and biases or null.
template <typename T>
struct ExpertMatrices {
    const T* gateUp;     ///< [2 width, hidden]: gate, then up
    const T* down;       ///< [hidden, width]
    const T* gateUpBias; ///< [2 width]
    const T* downBias;   ///< [hidden]
};

/// Every operation's result is rounded to T.
template <typename T>
[[nodiscard]] ESPALIER_HD inline float activated(const ActivationRule& rule, float gate, float up)
{
    if (!rule.clamped)
        return rounded<T>(gate / (1 + expf(-gate))) * up;
    gate = rounded<T>(least(gate, rule.limit));
    up = rounded<T>(most(-rule.limit, least(up, rule.limit)));
    const float share = rounded<T>(1 / (1 + expf(-rounded<T>(gate * rule.alpha))));
    return rounded<T>(up + 1) * rounded<T>(gate * share);
}

template <typename T>
struct GateUpRows {
    using Core = GemmCore<T, 2>;
    const T* x;                        ///< [rows, hidden]
    const int* row;                    ///< by place
    const GemmTask* tasks;             ///< [taskCount]
    const ExpertMatrices<T>* matrices; ///< of the chunk
    T* inner;                          ///< [places of the chunk, width]
    int taskCount, firstPlace, hidden, width;
    ActivationRule activation;

    [[nodiscard]] ESPALIER_HD Grid grid() const
    {
        return {ceilDivide(width, Core::kColumns), taskCount, Core::kThreads};
    }
    [[nodiscard]] ESPALIER_HD static constexpr std::size_t sharedBytes() { return Core::sharedBytes(0); }

    template <class Block>
    ESPALIER_HD void operator()(Block& block) const
    {
        using Tiles = typename Core::template Tiles<Block>;
        T* memory = block.template shared<T>(static_cast<int>(sharedBytes() / sizeof(T)));
        const GemmTask task = tasks[block.row()];
        const ExpertMatrices<T> own = matrices[task.expert];
        const int firstColumn = block.column() * Core::kColumns;
        typename Block::template PerWarp<Tiles> tiles(block);
        Core::run(
            block, memory, hidden,
            [&](int i) -> const T* {
                return task.begin + i < task.end ? x + line(row[task.begin + i], hidden) : nullptr;
            },
            [&](int i) -> const T* {
                const int column = firstColumn + i % Core::kColumns;
                return column < width ? own.gateUp + line(i / Core::kColumns * width + column, hidden) : nullptr;
            },
            tiles);
        float* scratch = reinterpret_cast<float*>(memory);
        block.eachWarp([&](int warp) {
            float* gate = scratch + warp * Core::scratchFloats();
            float* up = gate + 16 * Core::kScratchStride;
            ESPALIER_UNROLL
            for (int r = 0; r < 2; ++r) {
                ESPALIER_UNROLL
                for (int c = 0; c < 2; ++c) {
                    tiles[warp].at[r][c].store(gate, Core::kScratchStride);
                    tiles[warp].at[r][2 + c].store(up, Core::kScratchStride);
                    block.eachLane(warp, [&](int lane) {
                        const int place = task.begin + Core::rowOf(warp, r) + lane / 2;
                        const int column = firstColumn + Core::columnOf(warp, c) + lane % 2 * 8;
                        if (place >= task.end || column >= width)
                            return;
                        const int at = lane / 2 * Core::kScratchStride + lane % 2 * 8;
                        Eight<T> eight;
                        for (int i = 0; i < 8; ++i)
                            narrow(eight.value[i], activated<T>(activation, projected(own, gate[at + i], column + i),
                                                                projected(own, up[at + i], width + column + i)));
                        Core::save(inner + line(place - firstPlace, width), column, width, eight);
                    });
                }
            }
        });
    }

private:
    [[nodiscard]] ESPALIER_HD static std::size_t line(int index, int length)
    {
        return static_cast<std::size_t>(index) * static_cast<std::size_t>(length);
    }
    /// A GEMM's element with its bias, rounded as stored.
    [[nodiscard]] ESPALIER_HD float projected(const ExpertMatrices<T>& own, float sum, int column) const
    {
        const float value = rounded<T>(sum);
        return own.gateUpBias != nullptr && column < 2 * width ? rounded<T>(value + widen(own.gateUpBias[column]))
                                                               : value;
    }
};

template <typename T>
struct DownRows {
    using Core = GemmCore<T, 1>;
    const T* inner;                    ///< [places of the chunk, width]
    const GemmTask* tasks;             ///< [taskCount]
    const ExpertMatrices<T>* matrices; ///< of the chunk
    T* outputs;                        ///< [places of the chunk, hidden]: f, before the gate
    double* squares;                   ///< [places of the chunk, columnBlocks()]: parts of |f|²
    float* largest;                    ///< [taskCount, columnBlocks()]: largest |element|
    int taskCount, firstPlace, hidden, width;

    /// What the threads of a block leave for each other: of each row by the four lanes that share it.
    struct Shared {
        double squares[4 * Core::kRows];
        float largest[4 * Core::kRows];
    };
    [[nodiscard]] ESPALIER_HD int columnBlocks() const { return ceilDivide(hidden, Core::kColumns); }
    [[nodiscard]] ESPALIER_HD Grid grid() const { return {columnBlocks(), taskCount, Core::kThreads}; }
    [[nodiscard]] ESPALIER_HD static constexpr std::size_t sharedBytes() { return Core::sharedBytes(sizeof(Shared)); }

    template <class Block>
    ESPALIER_HD void operator()(Block& block) const
    {
        using Tiles = typename Core::template Tiles<Block>;
        T* memory = block.template shared<T>(static_cast<int>(sharedBytes() / sizeof(T)));
        const GemmTask task = tasks[block.row()];
        const ExpertMatrices<T> own = matrices[task.expert];
        const int firstColumn = block.column() * Core::kColumns;
        typename Block::template PerWarp<Tiles> tiles(block);
        Core::run(
            block, memory, width,
            [&](int i) -> const T* {
                return task.begin + i < task.end ? inner + line(task.begin + i - firstPlace, width) : nullptr;
            },
            [&](int i) -> const T* {
                return firstColumn + i < hidden ? own.down + line(firstColumn + i, width) : nullptr;
            },
            tiles);
        float* scratch = reinterpret_cast<float*>(memory);
        auto* shared = reinterpret_cast<Shared*>(scratch + Core::kThreads / kWarp * Core::scratchFloats());
        block.eachWarp([&](int warp) {
            float* sums = scratch + warp * Core::scratchFloats();
            ESPALIER_UNROLL
            for (int r = 0; r < 2; ++r) {
                block.eachLane(warp, [&](int lane) {
                    const int at = sharedPlace(warp, r, lane);
                    shared->squares[at] = 0;
                    shared->largest[at] = 0;
                });
                ESPALIER_UNROLL
                for (int c = 0; c < 4; ++c) {
                    tiles[warp].at[r][c].store(sums, Core::kScratchStride);
                    block.eachLane(warp, [&](int lane) {
                        const int place = task.begin + Core::rowOf(warp, r) + lane / 2;
                        const int column = firstColumn + Core::columnOf(warp, c) + lane % 2 * 8;
                        if (place < task.end && column < hidden)
                            keep(own, sums + lane / 2 * Core::kScratchStride + lane % 2 * 8, place, column,
                                 shared->squares[sharedPlace(warp, r, lane)],
                                 shared->largest[sharedPlace(warp, r, lane)]);
                    });
                }
            }
        });
        block.each([&](int thread) {
            if (thread >= Core::kRows)
                return;
            double sum = 0;
            float top = 0;
            for (int part = 0; part < 4; ++part) {
                sum += shared->squares[4 * thread + part];
                top = most(top, shared->largest[4 * thread + part]);
            }
            shared->largest[4 * thread] = top;
            if (task.begin + thread < task.end)
                squares[line(task.begin + thread - firstPlace, columnBlocks()) +
                        static_cast<std::size_t>(block.column())] = sum;
        });
        block.free([&](int thread) {
            if (thread != 0)
                return;
            float top = 0;
            for (int r = 0; r < Core::kRows; ++r)
                top = most(top, shared->largest[4 * r]);
            largest[line(block.row(), columnBlocks()) + static_cast<std::size_t>(block.column())] = top;
        });
    }

private:
    [[nodiscard]] ESPALIER_HD static std::size_t line(int index, int length)
    {
        return static_cast<std::size_t>(index) * static_cast<std::size_t>(length);
    }
    /// Two warps side by side and two lanes of each share a row.
    [[nodiscard]] ESPALIER_HD static int sharedPlace(int warp, int r, int lane)
    {
        return 4 * (Core::rowOf(warp, r) + lane / 2) + warp % 2 * 2 + lane % 2;
    }
    ESPALIER_HD void keep(const ExpertMatrices<T>& own, const float* sums, int place, int column, double& square,
                          float& top) const
    {
        Eight<T> eight;
        for (int i = 0; i < 8; ++i) {
            float value = rounded<T>(sums[i]);
            if (own.downBias != nullptr && column + i < hidden)
                value = rounded<T>(value + widen(own.downBias[column + i]));
            narrow(eight.value[i], value);
            if (column + i >= hidden)
                continue;
            square += static_cast<double>(value) * static_cast<double>(value);
            const float size = value < 0 ? -value : value;
            top = size > top ? size : top;
        }
        Core::save(outputs + line(place - firstPlace, hidden), column, hidden, eight);
    }
};

} // namespace espalier::engine::cuda
