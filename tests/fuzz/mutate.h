// SPDX-License-Identifier: Apache-2.0
// Deterministic mutations of an input: the same generator state gives the same result on every machine.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace espalier::fuzz {

using Random = std::mt19937_64; // its numbers are fixed by the standard, unlike those of distributions

/// A few changes of one seed: bytes, numbers, pieces removed, doubled or taken from another seed. Where the seed, but
/// for at most one byte before it, is a JSON object, half of the time members and values are changed instead.
[[nodiscard]] std::string mutate(const std::vector<std::string>& seeds, std::size_t which, Random& random);

} // namespace espalier::fuzz
