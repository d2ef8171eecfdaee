// SPDX-License-Identifier: Apache-2.0
// Random numbers that are the same on every machine and library: a counter through the finaliser of SplitMix64. A
// value, one owner.
#pragma once

#include "core/base/split_mix.h"

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace espalier::method {

class Random {
public:
    /// Streams of one seed are independent of each other.
    explicit Random(std::uint64_t seed, std::uint64_t stream = 0)
        : m_state(base::splitMixFinal(seed) ^ base::splitMixFinal(~stream))
    {
    }

    [[nodiscard]] std::uint64_t next() { return base::splitMixFinal(m_state += base::kSplitMixStep); }
    /// In [0, 1).
    [[nodiscard]] double uniform() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
    [[nodiscard]] bool chance(double probability) { return uniform() < probability; }
    /// In [0, n), n > 0; the bias of at most n / 2^64 is of no account.
    [[nodiscard]] std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
    [[nodiscard]] double normal()
    {
        const double radius = std::sqrt(-2 * std::log(1 - uniform()));
        return radius * std::cos(2 * std::numbers::pi * uniform());
    }
    template <typename T>
    void shuffle(std::vector<T>& values)
    {
        for (std::size_t i = values.size(); i > 1; --i)
            std::swap(values[i - 1], values[below(i)]);
    }

private:
    std::uint64_t m_state;
};

} // namespace espalier::method
