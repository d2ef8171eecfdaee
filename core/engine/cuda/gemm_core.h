// SPDX-License-Identifier: Apache-2.0
// The inner part of the grouped GEMM: 128 rows times 128 lines of weights, 16 or 32 deep at a time, through shared
// memory into 16 x 16 tiles of eight warps. What follows is fetched into registers while the tiles are multiplied.
#pragma once

#include "core/engine/cuda/numbers.h"

namespace espalier::engine::cuda {

/// Eight neighbours, moved together.
template <typename T>
struct alignas(16) Eight {
    T value[8];
};

/// kPanels = 1: 128 columns of one matrix. kPanels = 2: 64 columns of two matrices, of gate and up.
template <typename T, int kPanels>
struct GemmCore {
    static constexpr int kRows = 128, kLines = 128, kThreads = 256;
    static constexpr int kDepth = sizeof(T) == 4 ? 16 : 32; // what is fetched ahead must fit the registers
    static constexpr int kColumns = kLines / kPanels;
    static constexpr int kStride = kDepth + 16 / static_cast<int>(sizeof(T)); // elements, whole 16 bytes
    static constexpr int kVectors = kRows * kDepth / 8 / kThreads;            // of each side, per thread
    static constexpr int kScratchStride = 20;                                 // floats

    template <class Block>
    struct Tiles {
        typename Block::template Tile<T> at[2][4];
    };
    struct Fetched {
        Eight<T> left[kVectors], right[kVectors];
    };

    /// Shared memory of both sides; afterwards each warp's scratch lies there, and what an epilogue adds.
    [[nodiscard]] ESPALIER_HD static constexpr int sideElements() { return kRows * kStride; }
    [[nodiscard]] ESPALIER_HD static constexpr int scratchFloats() { return kPanels * 16 * kScratchStride; }
    [[nodiscard]] ESPALIER_HD static constexpr std::size_t sharedBytes(std::size_t epilogue)
    {
        return most(sizeof(T) * 2 * static_cast<std::size_t>(sideElements()),
                    sizeof(float) * static_cast<std::size_t>(kThreads / kWarp * scratchFloats()) + epilogue);
    }
    /// First row of a warp's tiles, and first column of tile column `c` inside its panel.
    [[nodiscard]] ESPALIER_HD static constexpr int rowOf(int warp, int r) { return warp / 2 * 32 + 16 * r; }
    [[nodiscard]] ESPALIER_HD static constexpr int columnOf(int warp, int c)
    {
        return kPanels == 1 ? warp % 2 * 64 + 16 * c : warp % 2 * 32 + 16 * (c % 2);
    }
    [[nodiscard]] ESPALIER_HD static constexpr int lineOf(int warp, int c)
    {
        return columnOf(warp, c) + (kPanels == 1 ? 0 : c / 2 * kColumns);
    }

    /// tiles += rows · linesᵀ over `depth`; rowAt(i) and lineAt(i), i < 128, give their first element or null (zeros).
    /// `memory` as sharedBytes(). Where depth is a multiple of 8, rows and lines begin at multiples of 16 bytes.
    template <class Block, class RowAt, class LineAt>
    ESPALIER_HD static void run(Block& block, T* memory, int depth, const RowAt& rowAt, const LineAt& lineAt,
                                typename Block::template PerWarp<Tiles<Block>>& tiles)
    {
        T* left = memory;
        T* right = memory + sideElements();
        typename Block::template PerThread<Fetched> fetched(block);
        const auto fetch = [&](int from) {
            block.free([&](int thread) {
                Fetched& own = fetched[thread];
                ESPALIER_UNROLL
                for (int v = 0; v < kVectors; ++v) {
                    const int i = thread + v * kThreads;
                    const int k = from + i % (kDepth / 8) * 8;
                    own.left[v] = load(rowAt(i / (kDepth / 8)), k, depth);
                    own.right[v] = load(lineAt(i / (kDepth / 8)), k, depth);
                }
            });
        };
        block.eachWarp([&](int warp) {
            ESPALIER_UNROLL
            for (int r = 0; r < 2; ++r) {
                ESPALIER_UNROLL
                for (int c = 0; c < 4; ++c)
                    tiles[warp].at[r][c].clear();
            }
        });
        fetch(0);
        for (int from = 0; from < depth; from += kDepth) {
            block.each([&](int thread) {
                const Fetched& own = fetched[thread];
                ESPALIER_UNROLL
                for (int v = 0; v < kVectors; ++v) {
                    const int i = thread + v * kThreads;
                    const int at = i / (kDepth / 8) * kStride + i % (kDepth / 8) * 8;
                    *reinterpret_cast<Eight<T>*>(left + at) = own.left[v];
                    *reinterpret_cast<Eight<T>*>(right + at) = own.right[v];
                }
            });
            if (from + kDepth < depth)
                fetch(from + kDepth);
            block.eachWarp([&](int warp) {
                ESPALIER_UNROLL
                for (int k = 0; k < kDepth; k += 16) {
                    ESPALIER_UNROLL
                    for (int r = 0; r < 2; ++r) {
                        ESPALIER_UNROLL
                        for (int c = 0; c < 4; ++c)
                            tiles[warp].at[r][c].multiply(left + rowOf(warp, r) * kStride + k, kStride,
                                                          right + lineOf(warp, c) * kStride + k, kStride);
                    }
                }
            });
        }
    }

    /// Elements k … k + 7 of a line of `depth`, zeros beyond it.
    [[nodiscard]] ESPALIER_HD static Eight<T> load(const T* line, int k, int depth)
    {
        Eight<T> eight;
        if (line != nullptr && depth % 8 == 0 && k < depth)
            return *reinterpret_cast<const Eight<T>*>(line + k);
        for (int i = 0; i < 8; ++i) {
            if (line != nullptr && k + i < depth)
                eight.value[i] = line[k + i];
            else
                narrow(eight.value[i], 0.0F);
        }
        return eight;
    }
    /// Writes eight elements from column `at` of a line of `width`, as far as the line goes.
    ESPALIER_HD static void save(T* line, int at, int width, const Eight<T>& eight)
    {
        if (width % 8 == 0 && at < width) {
            *reinterpret_cast<Eight<T>*>(line + at) = eight;
            return;
        }
        for (int i = 0; i < 8 && at + i < width; ++i)
            line[at + i] = eight.value[i];
    }
};

} // namespace espalier::engine::cuda
