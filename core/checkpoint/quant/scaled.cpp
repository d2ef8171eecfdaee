// SPDX-License-Identifier: Apache-2.0
#include "core/checkpoint/quant/scaled.h"

#include "core/checkpoint/quant/expand.h"

#include <algorithm>

namespace espalier::checkpoint {

void expandScaled(Dtype dtype, std::span<const std::byte> weight, std::int64_t rows, std::int64_t columns,
                  const ScaleGrid& grid, std::span<float> out)
{
    expand(dtype, weight, out);
    const std::int64_t across = (columns + grid.blockColumns - 1) / grid.blockColumns;
    for (std::int64_t row = 0; row < rows; ++row) {
        float* to = out.data() + row * columns;
        const float* scale = grid.scales.data() + row / grid.blockRows * across;
        for (std::int64_t block = 0; block < across; ++block) {
            const std::int64_t end = std::min(columns, (block + 1) * grid.blockColumns);
            for (std::int64_t column = block * grid.blockColumns; column < end; ++column)
                to[column] *= scale[block];
        }
    }
}

} // namespace espalier::checkpoint
