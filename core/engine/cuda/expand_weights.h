// SPDX-License-Identifier: Apache-2.0
// Weights as stored become matrices of the compute type on the device, so that only stored bytes cross the bus: 8-bit
// floats with scales per block (FP8 of DeepSeek-V3: 128 x 128), and MXFP4 (OCP MX 1.0: 32 values of E2M1 and an E8M0
// scale). Arithmetic as in core/checkpoint/quant: product in float32, rounded once.
#pragma once

#include "core/engine/cuda/numbers.h"

namespace espalier::engine::cuda {

/// Where rows of a stored matrix go: one behind the other, or gate, up, gate, up … to gate …, up ….
struct RowPlaces {
    int rows = 0;
    bool interleaved = false;
    [[nodiscard]] ESPALIER_HD int of(int row) const { return interleaved ? row % 2 * (rows / 2) + row / 2 : row; }
};

enum class Float8 : int { E4M3, E5M2 };

template <typename T>
struct ExpandFloat8 {
    const std::uint8_t* stored; ///< [rows, columns]
    const float* scales;        ///< [ceil(rows / blockRows), ceil(columns / blockColumns)]
    T* to;                      ///< [rows, columns]
    RowPlaces places;
    int columns, blockRows, blockColumns;
    Float8 kind;

    static constexpr int kThreads = 256, kEach = 4; // elements of a thread, a line of blocks apart
    [[nodiscard]] ESPALIER_HD Grid grid() const
    {
        return {ceilDivide(columns, kThreads * kEach), places.rows, kThreads};
    }
    [[nodiscard]] ESPALIER_HD static constexpr std::size_t sharedBytes() { return 0; }

    template <class Block>
    ESPALIER_HD void operator()(Block& block) const
    {
        const int row = block.row();
        const std::uint8_t* from = stored + static_cast<std::size_t>(row) * static_cast<std::size_t>(columns);
        const float* scale = scales + static_cast<std::size_t>(row / blockRows) *
                                          static_cast<std::size_t>(ceilDivide(columns, blockColumns));
        T* line = to + static_cast<std::size_t>(places.of(row)) * static_cast<std::size_t>(columns);
        block.free([&](int thread) {
            for (int i = 0; i < kEach; ++i) {
                const int column = (block.column() * kEach + i) * kThreads + thread;
                if (column >= columns)
                    return;
                const float value = kind == Float8::E4M3 ? fromE4M3(from[column]) : fromE5M2(from[column]);
                narrow(line[column], value * scale[column / blockColumns]);
            }
        });
    }
};

/// A thread a byte: elements 2 j and 2 j + 1 of a block of 32 are the low and the high half of its byte j.
template <typename T>
struct ExpandMxfp4 {
    const std::uint8_t* blocks; ///< [rows, columns / 32, 16]
    const std::uint8_t* scales; ///< [rows, columns / 32]
    T* to;                      ///< [rows, columns]
    RowPlaces places;
    int columns; ///< a multiple of 32

    static constexpr int kThreads = 256;
    [[nodiscard]] ESPALIER_HD Grid grid() const { return {ceilDivide(columns / 2, kThreads), places.rows, kThreads}; }
    [[nodiscard]] ESPALIER_HD static constexpr std::size_t sharedBytes() { return 0; }

    template <class Block>
    ESPALIER_HD void operator()(Block& block) const
    {
        const auto row = static_cast<std::size_t>(block.row());
        const auto width = static_cast<std::size_t>(columns);
        T* line = to + static_cast<std::size_t>(places.of(block.row())) * width;
        block.free([&](int thread) {
            const int byte = block.column() * kThreads + thread;
            if (byte >= columns / 2)
                return;
            const std::uint32_t pair = blocks[row * width / 2 + static_cast<std::size_t>(byte)];
            const float scale = fromE8M0(scales[row * width / 32 + static_cast<std::size_t>(byte / 16)]);
            narrow(line[2 * byte], scale * fromE2M1(pair & 15U));
            narrow(line[2 * byte + 1], scale * fromE2M1(pair >> 4U));
        });
    }
};

} // namespace espalier::engine::cuda
