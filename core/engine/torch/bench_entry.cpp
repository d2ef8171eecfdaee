// SPDX-License-Identifier: Apache-2.0
// The plug-in's second symbol: what `espalier bench` measures inside libtorch.
#include "core/engine/engine.h"
#include "core/engine/torch/bench_measure.h"
#include "core/engine/torch/guard.h"

namespace espalier::engine {

namespace {

Result<std::vector<BenchRow>> measure(const BenchRequest& request, const base::JobContext& job)
{
    return guarded(request.threads, [&]() -> Result<std::vector<BenchRow>> {
        const auto wants = [&](std::string_view part) {
            return std::find(request.parts.begin(), request.parts.end(), part) != request.parts.end();
        };
        std::vector<BenchRow> rows;
        Limits limits;
        job.report({"matrix products", 0, 0, "repeats"});
        benchLimits(request, limits, rows); // others are compared with them, so they are always measured
        if (wants("router") || wants("dispatch"))
            ESPALIER_CHECK(benchParts(request, limits, rows, job));
        if (wants("layers"))
            ESPALIER_CHECK(benchLayers(request, limits, rows, job));
        return rows;
    });
}

} // namespace

} // namespace espalier::engine

extern "C" {
extern __attribute__((visibility("default"))) const espalier::engine::BenchEntry espalier_bench_entry;
const espalier::engine::BenchEntry espalier_bench_entry = {espalier::engine::kEngineAbi, espalier::engine::measure};
}
