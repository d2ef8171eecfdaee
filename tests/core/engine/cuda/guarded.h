// SPDX-License-Identifier: Apache-2.0
// Memory of an emulated device: garbage inside, guards around, so that a kernel that writes beside its place is found.
#pragma once

#include "core/engine/cuda/emulated_grid.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <vector>

namespace espalier::test {

using engine::cuda::ThreadOrder;
inline constexpr std::array kOrders{ThreadOrder::Ascending, ThreadOrder::Descending, ThreadOrder::Shuffled};

template <typename T>
class Guarded {
public:
    explicit Guarded(std::size_t count)
        : m_count(count), m_bytes(2 * kGuard + (count * sizeof(T) + kGuard - 1) / kGuard * kGuard),
          m_place(static_cast<std::byte*>(::operator new(m_bytes, std::align_val_t(kGuard))))
    {
        std::memset(m_place.get(), 0x5a, m_bytes);
    }
    explicit Guarded(const std::vector<T>& values) : Guarded(values.size())
    {
        std::copy(values.begin(), values.end(), data());
    }
    [[nodiscard]] T* data() { return reinterpret_cast<T*>(m_place.get() + kGuard); }
    [[nodiscard]] std::span<T> values() { return {data(), m_count}; }
    [[nodiscard]] std::vector<T> copy() { return {data(), data() + m_count}; }
    T& operator[](std::size_t i) { return data()[i]; }
    /// Nothing was written outside.
    [[nodiscard]] bool intact() const
    {
        for (std::size_t i = 0; i < m_bytes; ++i)
            if ((i < kGuard || i >= kGuard + m_count * sizeof(T)) && m_place.get()[i] != std::byte{0x5a})
                return false;
        return true;
    }

private:
    static constexpr std::size_t kGuard = 256;
    struct Free {
        void operator()(std::byte* place) const { ::operator delete(place, std::align_val_t(kGuard)); }
    };
    std::size_t m_count, m_bytes;
    std::unique_ptr<std::byte, Free> m_place;
};

template <typename T>
bool sameBits(std::span<const T> a, std::span<const T> b)
{
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}

} // namespace espalier::test
