// SPDX-License-Identifier: Apache-2.0
// SplitMix64 (Steele, Lea, Flood 2014): bits that look random and are the same on every machine and library. Any
// thread.
#pragma once

#include <cstdint>

namespace espalier::base {

/// What the generator's counter advances by.
inline constexpr std::uint64_t kSplitMixStep = 0x9E3779B97F4A7C15ULL;

/// The finaliser: one-to-one, every bit of the result hangs on every bit given.
constexpr std::uint64_t splitMixFinal(std::uint64_t x)
{
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
}

/// The number that a generator whose counter stands at `x` gives next.
constexpr std::uint64_t splitMix(std::uint64_t x)
{
    return splitMixFinal(x + kSplitMixStep);
}

} // namespace espalier::base
