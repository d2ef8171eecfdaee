// SPDX-License-Identifier: Apache-2.0
// Private to the benchmark of the plug-in: how a piece of work is timed, and the limits of this machine that others are
// compared with.
#pragma once

#include "core/engine/bench.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <limits>
#include <vector>

namespace espalier::engine {

/// The least of several repeats.
struct Times {
    double wall = std::numeric_limits<double>::infinity();
    double processor = std::numeric_limits<double>::infinity(); ///< seconds of all threads together
    template <typename Work>
    void add(const Work& work)
    {
        const auto start = std::chrono::steady_clock::now();
        const std::clock_t before = std::clock();
        work();
        processor = std::min(processor, static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC);
        wall = std::min(wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
};

/// What the rows of arithmetic and of memory traffic are compared with.
struct Limits {
    /// Per processor second: of a machine with other work, that is what a fraction can be taken of.
    double flopsPerSecond[2] = {0, 0}; ///< float32, bfloat16
    double bytesPerSecond = 0;         ///< of copies, read and written both counted
    [[nodiscard]] double flops(at::ScalarType type) const { return flopsPerSecond[type == at::kBFloat16 ? 1 : 0]; }
};

/// Rows of `gemm`, and the limits that they are.
void benchLimits(const BenchRequest& request, Limits& limits, std::vector<BenchRow>& rows);
/// Router, dispatch and the experts' GEMMs of Qwen3-30B-A3B.
[[nodiscard]] Result<void> benchParts(const BenchRequest& request, const Limits& limits, std::vector<BenchRow>& rows,
                                      const base::JobContext& job);
/// One layer of every wanted shape, plain and with statistics.
[[nodiscard]] Result<void> benchLayers(const BenchRequest& request, const Limits& limits, std::vector<BenchRow>& rows,
                                       const base::JobContext& job);

/// A row of arithmetic: its rate by wall time, its fraction by processor time.
[[nodiscard]] BenchRow arithmeticRow(std::string part, std::string name, double flops, const Times& times,
                                     const Limits& limits, at::ScalarType type);

} // namespace espalier::engine
