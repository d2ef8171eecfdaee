// SPDX-License-Identifier: Apache-2.0
// How much of this machine the engine uses: every part of a pass beside the limit that was measured in the same run
// (memory copy, GEMM rate, disk). Random weights, nothing is read but what the benchmark wrote itself.
#pragma once

#include "core/base/progress.h"
#include "core/base/result.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace espalier::engine {

/// "io", "gemm", "router", "dispatch", "layers", "end-to-end", in the order they run.
[[nodiscard]] std::span<const std::string> benchParts();

struct BenchRequest {
    std::vector<std::string> parts;  ///< empty = all
    std::vector<std::string> shapes; ///< of `layers`: ids of benchShapes(), empty = all
    int threads = 0;                 ///< 0 = all cores allowed
    std::int64_t tokens = 4096;      ///< through router, dispatch and layers
    int repeats = 3;                 ///< the best counts
    bool float32 = false;            ///< layers in float32 even where bfloat16 is fast
    std::filesystem::path folder; ///< for the generated checkpoint; must exist; empty = the system's temporary folder
};

struct BenchRow {
    std::string part, name;
    double value = 0;
    std::string unit;     ///< "GFLOP/s", "GB/s", "tokens/s"
    double seconds = 0;   ///< wall time of the best repeat
    double processor = 0; ///< processor seconds of all threads in the repeat with the fewest
    /// Of the limit, from processor seconds where it is about arithmetic, so that other programs on the machine change
    /// it little; 0 = this row is a limit itself or has none.
    double fraction = 0;
    std::string limit; ///< name of the row the fraction is of
    std::string note;  ///< what was left smaller than the real thing, and why
};

struct BenchReport {
    std::vector<BenchRow> rows;
    int threads = 1;
    double seconds = 0;
};

/// Layer shapes of published models: id and title.
struct BenchShapeName {
    std::string id, title;
};
[[nodiscard]] std::span<const BenchShapeName> benchShapes();

/// Usage for an unknown part or shape; NoResources when disk or memory do not suffice; Cancelled.
[[nodiscard]] Result<BenchReport> runBench(const BenchRequest& request, const base::JobContext& job);

/// The plug-in's second exported symbol, "espalier_bench_entry": the parts that need libtorch, except end-to-end.
struct BenchEntry {
    int abi; ///< must equal kEngineAbi
    Result<std::vector<BenchRow>> (*measure)(const BenchRequest&, const base::JobContext&);
};

} // namespace espalier::engine
