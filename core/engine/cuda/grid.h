// SPDX-License-Identifier: Apache-2.0
// How kernels are written, so that the very same body runs on a device and, in the tests, on the CPU.
//
// A kernel is a plain struct: pointers and sizes as members, grid() and sharedBytes() for the launch, and
//     template <class Block> ESPALIER_HD void operator()(Block& block) const;
// the work of one block. Block is DeviceBlock (device_block.cuh) or EmulatedBlock (emulated_grid.h) and offers
//     column(), row()            place of the block in the grid
//     threads()                  threads of the block
//     shared<T>(n)               the next n elements of shared memory, not initialised
//     each(f)                    f(thread) for every thread, then a barrier
//     free(f)                    the same without the barrier: for work on registers and global memory only
//     eachWarp(f)                f(warp) for every warp, all of its lanes together, then a barrier
//     eachLane(warp, f)          inside eachWarp: f(lane), then a barrier of the warp
//     PerThread<T>, PerWarp<T>   registers that live from one phase to the next
//     Tile<T>                    16 x 16 sums of a warp: clear(), multiply(), store()
//     add(int*, int)             atomic; whole numbers only, because the order of float sums would be open
// Threads talk to each other through shared memory and only across a barrier. The emulation runs the threads of a phase
// one after the other, in an order that a test chooses: a body whose result depends on it has a race.
//
// No sum of floating-point numbers depends on the order in which blocks or threads happen to run: equal inputs give
// equal bits, run after run, on the same device.
#pragma once

#include <cstddef>
#include <cstdint>

#ifdef __CUDACC__
#define ESPALIER_HD __host__ __device__
#else
#define ESPALIER_HD
#endif
#ifdef __CUDA_ARCH__
#define ESPALIER_UNROLL _Pragma("unroll") // tiles stay in registers only when their numbers are known
#else
#define ESPALIER_UNROLL
#endif

namespace espalier::engine::cuda {

inline constexpr int kWarp = 32;
inline constexpr int kMostColumns = 65535;

struct Grid {
    int columns = 1;     ///< blocks, at most kMostColumns
    int rows = 1;        ///< blocks
    int threads = kWarp; ///< of a block, a multiple of kWarp
};

[[nodiscard]] ESPALIER_HD constexpr int ceilDivide(int a, int b)
{
    return (a + b - 1) / b;
}
template <typename T>
[[nodiscard]] ESPALIER_HD constexpr T least(T a, T b)
{
    return a < b ? a : b;
}
template <typename T>
[[nodiscard]] ESPALIER_HD constexpr T most(T a, T b)
{
    return a > b ? a : b;
}

} // namespace espalier::engine::cuda
