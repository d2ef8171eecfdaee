// SPDX-License-Identifier: Apache-2.0
// Narrow numbers with scales beside them: the block scales of DeepSeek-V3 (128 × 128, `weight_scale_inv`) and the
// channel, group and tensor scales of compressed-tensors. value = stored × scale, in float32, as transformers computes.
#pragma once

#include "core/checkpoint/dtype.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace espalier::checkpoint {

/// Scales [⌈rows / blockRows⌉, ⌈columns / blockColumns⌉]: blocks at the lower and right edge may be cut off.
struct ScaleGrid {
    std::span<const float> scales;
    std::int64_t blockRows = 128, blockColumns = 128;
};

/// `weight` [rows, columns] of a type with one element per block (F8, I8); `out` the same shape.
void expandScaled(Dtype dtype, std::span<const std::byte> weight, std::int64_t rows, std::int64_t columns,
                  const ScaleGrid& grid, std::span<float> out);

} // namespace espalier::checkpoint
