// SPDX-License-Identifier: Apache-2.0
// Random numbers that are the same on every machine and library: a counter through the finaliser of SplitMix64 (Steele
// et al. 2014). A value, one owner.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace espalier::method {

class Random {
public:
    /// Streams of one seed are independent of each other.
    explicit Random(std::uint64_t seed, std::uint64_t stream = 0) : m_state(mixed(seed) ^ mixed(~stream)) {}

    [[nodiscard]] std::uint64_t next() { return mixed(m_state += 0x9E3779B97F4A7C15ULL); }
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
    static std::uint64_t mixed(std::uint64_t z)
    {
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31U);
    }
    std::uint64_t m_state;
};

} // namespace espalier::method
