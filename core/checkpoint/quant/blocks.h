// SPDX-License-Identifier: Apache-2.0
// Private to the room: one loop for each of ggml's block types, each in a file of its own. `count` blocks from `in`
// become count × blockSize().elements values at `out`.
#pragma once

#include <array>
#include <cstddef>

namespace espalier::checkpoint {

void expandQ4_0(const std::byte* in, std::size_t count, float* out);
void expandQ4_1(const std::byte* in, std::size_t count, float* out);
void expandQ5_0(const std::byte* in, std::size_t count, float* out);
void expandQ5_1(const std::byte* in, std::size_t count, float* out);
void expandQ8_0(const std::byte* in, std::size_t count, float* out);
void expandQ2K(const std::byte* in, std::size_t count, float* out);
void expandQ3K(const std::byte* in, std::size_t count, float* out);
void expandQ4K(const std::byte* in, std::size_t count, float* out);
void expandQ5K(const std::byte* in, std::size_t count, float* out);
void expandQ6K(const std::byte* in, std::size_t count, float* out);
void expandIQ4NL(const std::byte* in, std::size_t count, float* out);
void expandIQ4XS(const std::byte* in, std::size_t count, float* out);
void expandMXFP4Blocks(const std::byte* in, std::size_t count, float* out);

void expandE4M3(const std::byte* in, std::size_t count, float* out);
void expandE5M2(const std::byte* in, std::size_t count, float* out);

/// The 16 levels of IQ4_NL and IQ4_XS.
inline constexpr std::array<float, 16> kIq4Levels{-127, -104, -83, -65, -49, -35, -22, -10,
                                                  1,    13,   25,  38,  53,  69,  89,  113};
/// The 16 values of a 4-bit float E2M1 (OCP MX specification 1.0).
inline constexpr std::array<float, 16> kE2m1{0.0F,  0.5F,  1.0F,  1.5F,  2.0F,  3.0F,  4.0F,  6.0F,
                                             -0.0F, -0.5F, -1.0F, -1.5F, -2.0F, -3.0F, -4.0F, -6.0F};

/// Scale and minimum of sub-block j (of 8) in the 12 bytes that Q4_K and Q5_K pack them in, 6 bits each.
struct ScaleAndMin {
    float scale, min;
};
[[nodiscard]] ScaleAndMin packedScale(const std::byte* packed, std::size_t j);

} // namespace espalier::checkpoint
