// SPDX-License-Identifier: Apache-2.0
// A grid on the CPU, by phases: what a kernel does between two barriers is run for one thread after the other. Slow and
// exact; for tests. It finds what a device would hide: threads of a phase may run in another order (a body that depends
// on it has a race), shared memory begins as garbage and may not be asked for beyond what the launch promised.
#pragma once

#include "core/engine/cuda/grid.h"
#include "core/engine/cuda/numbers.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <numeric>
#include <random>
#include <stdexcept>
#include <type_traits>
#include <vector>

namespace espalier::engine::cuda {

enum class ThreadOrder { Ascending, Descending, Shuffled };

class EmulatedBlock {
public:
    EmulatedBlock(int column, int row, const Grid& grid, std::size_t sharedBytes, ThreadOrder order)
        : m_column(column), m_row(row), m_threads(grid.threads), m_order(static_cast<std::size_t>(grid.threads)),
          m_shared((sharedBytes + sizeof(Unit) - 1) / sizeof(Unit)), m_sharedBytes(sharedBytes)
    {
        if (grid.threads <= 0 || grid.threads % kWarp != 0)
            throw std::logic_error("a block must have whole warps");
        std::iota(m_order.begin(), m_order.end(), 0);
        if (order == ThreadOrder::Descending)
            std::reverse(m_order.begin(), m_order.end());
        if (order == ThreadOrder::Shuffled)
            std::shuffle(m_order.begin(), m_order.end(), std::mt19937(static_cast<unsigned>(7 * column + row + 1)));
        if (!m_shared.empty())
            std::memset(m_shared.data(), 0xa5, m_shared.size() * sizeof(Unit));
    }

    [[nodiscard]] int column() const { return m_column; }
    [[nodiscard]] int row() const { return m_row; }
    [[nodiscard]] int threads() const { return m_threads; }

    template <typename T>
    [[nodiscard]] T* shared(int count)
    {
        const std::size_t begin = (m_used + kAlign - 1) / kAlign * kAlign;
        m_used = begin + sizeof(T) * static_cast<std::size_t>(count);
        if (m_used > m_sharedBytes)
            throw std::logic_error("the kernel uses more shared memory than its launch asks for");
        return reinterpret_cast<T*>(reinterpret_cast<std::byte*>(m_shared.data()) + begin);
    }

    template <typename F>
    void each(const F& f)
    {
        for (const int thread : m_order)
            f(thread);
    }
    template <typename F>
    void free(const F& f)
    {
        each(f);
    }
    template <typename F>
    void eachWarp(const F& f)
    {
        for (const int thread : m_order)
            if (thread % kWarp == 0)
                f(thread / kWarp);
    }
    template <typename F>
    void eachLane(int warp, const F& f)
    {
        for (const int thread : m_order)
            if (thread / kWarp == warp)
                f(thread % kWarp);
    }
    int add(int* to, int value)
    {
        const int before = *to;
        *to += value;
        return before;
    }

    template <typename T>
    class PerThread {
    public:
        explicit PerThread(const EmulatedBlock& block) : m_values(static_cast<std::size_t>(block.threads()))
        {
            spoil(m_values);
        }
        T& operator[](int thread) { return m_values[static_cast<std::size_t>(thread)]; }

    private:
        std::vector<T> m_values;
    };
    template <typename T>
    class PerWarp {
    public:
        explicit PerWarp(const EmulatedBlock& block) : m_values(static_cast<std::size_t>(block.threads() / kWarp))
        {
            spoil(m_values);
        }
        T& operator[](int warp) { return m_values[static_cast<std::size_t>(warp)]; }

    private:
        std::vector<T> m_values;
    };

    /// sum[m][n], m and n below 16.
    template <typename T>
    class Tile {
    public:
        void clear() { std::fill_n(m_sum, 256, 0.0F); }
        /// sum[m][n] += a[m · strideA + k] · b[n · strideB + k], k below 16.
        void multiply(const T* a, int strideA, const T* b, int strideB)
        {
            checkPlace(a, strideA);
            checkPlace(b, strideB);
            for (int m = 0; m < 16; ++m)
                for (int n = 0; n < 16; ++n)
                    for (int k = 0; k < 16; ++k)
                        m_sum[16 * m + n] += widen(a[m * strideA + k]) * widen(b[n * strideB + k]);
        }
        void store(float* to, int stride) const
        {
            checkPlace(to, stride);
            for (int m = 0; m < 16; ++m)
                std::copy_n(m_sum + 16 * m, 16, to + m * stride);
        }

    private:
        /// What a device's matrix units ask for.
        template <typename U>
        static void checkPlace(const U* at, int stride)
        {
            if (reinterpret_cast<std::uintptr_t>(at) % 32 != 0 ||
                static_cast<std::size_t>(stride) * sizeof(U) % 16 != 0)
                throw std::logic_error("a tile must begin at a multiple of 32 bytes, its rows at multiples of 16");
        }
        float m_sum[256];
    };

private:
    static constexpr std::size_t kAlign = 128;
    struct alignas(kAlign) Unit {
        std::byte bytes[kAlign];
    };
    /// Registers begin with whatever was there.
    template <typename T>
    static void spoil(std::vector<T>& values)
    {
        static_assert(std::is_trivially_copyable_v<T>);
        std::memset(static_cast<void*>(values.data()), 0xa5, values.size() * sizeof(T));
    }

    int m_column, m_row, m_threads;
    std::vector<int> m_order;
    std::vector<Unit> m_shared;
    std::size_t m_sharedBytes, m_used = 0;
};

template <typename Kernel>
void emulate(const Kernel& kernel, ThreadOrder order = ThreadOrder::Ascending)
{
    const Grid grid = kernel.grid();
    for (int row = 0; row < grid.rows; ++row)
        for (int column = 0; column < grid.columns; ++column) {
            EmulatedBlock block(column, row, grid, kernel.sharedBytes(), order);
            kernel(block);
        }
}

} // namespace espalier::engine::cuda
