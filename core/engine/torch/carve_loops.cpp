// SPDX-License-Identifier: Apache-2.0
#include "core/engine/torch/carve_loops.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <cmath>

namespace espalier::engine {

namespace {

/// Columns at a time: whole cache lines of a row, and few enough sums for registers and the nearest cache.
constexpr std::int64_t kColumns = 32;

} // namespace

void addContributions(const at::Tensor& h, const at::Tensor& norms, ContributionSums& sums)
{
    const std::int64_t rows = h.size(0), width = h.size(1);
    const std::int64_t samples = sums.features.defined() ? sums.features.size(1) : 0;
    const float* values = h.const_data_ptr<float>();
    const float* scale = norms.const_data_ptr<float>();
    double* energy = sums.energy.data_ptr<double>();
    double* strength = sums.strength.defined() ? sums.strength.data_ptr<double>() : nullptr;
    float* features = sums.features.defined() ? sums.features.data_ptr<float>() : nullptr;
    at::parallel_for(0, (width + kColumns - 1) / kColumns, 1, [&](std::int64_t from, std::int64_t to) {
        float own[kColumns];
        for (std::int64_t begin = from * kColumns; begin < std::min(width, to * kColumns); begin += kColumns) {
            const std::int64_t count = std::min(kColumns, width - begin);
            std::int64_t sampled = sums.sampled;
            for (std::int64_t row = 0; row < rows; ++row) {
                const float* line = values + row * width + begin;
                for (std::int64_t i = 0; i < count; ++i) {
                    own[i] = std::abs(line[i]) * scale[begin + i];
                    energy[begin + i] += static_cast<double>(own[i] * own[i]);
                }
                for (std::int64_t i = 0; strength != nullptr && i < count; ++i) {
                    const auto square = static_cast<double>(own[i] * own[i]);
                    strength[begin + i] += square * square;
                }
                if (features == nullptr || (sums.rows + row) % sums.step != 0)
                    continue;
                for (std::int64_t i = 0; i < count; ++i)
                    features[(begin + i) * samples + sampled] = own[i];
                ++sampled;
            }
        }
    });
    if (features != nullptr)
        sums.sampled += (sums.rows + rows + sums.step - 1) / sums.step - (sums.rows + sums.step - 1) / sums.step;
    sums.rows += rows;
}

at::Tensor takeColumns(const at::Tensor& matrix, const at::Tensor& order)
{
    const std::int64_t rows = matrix.size(0), stride = matrix.size(1), width = order.size(0);
    at::Tensor taken = at::empty({rows, width}, matrix.options());
    const float* from = matrix.const_data_ptr<float>();
    const std::int64_t* place = order.const_data_ptr<std::int64_t>();
    float* to = taken.data_ptr<float>();
    at::parallel_for(0, rows, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row)
            for (std::int64_t i = 0; i < width; ++i)
                to[row * width + i] = from[row * stride + place[i]];
    });
    return taken;
}

} // namespace espalier::engine
