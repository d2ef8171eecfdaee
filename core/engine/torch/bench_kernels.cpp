// SPDX-License-Identifier: Apache-2.0
#include "core/base/machine.h"
#include "core/engine/torch/bench_measure.h"
#include "core/engine/torch/bench_shapes.h"
#include "core/engine/torch/feed_forward.h"
#include "core/engine/torch/kernels.h"
#include "core/engine/torch/router.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <cstring>
#include <fmt/format.h>

namespace espalier::engine {

BenchRow arithmeticRow(std::string part, std::string name, double flops, const Times& times, const Limits& limits,
                       at::ScalarType type)
{
    BenchRow row{
        std::move(part), std::move(name), flops / times.wall / 1e9, "GFLOP/s", times.wall, times.processor, 0, "", ""};
    if (limits.flops(type) > 0) {
        row.fraction = flops / times.processor / limits.flops(type);
        row.limit = type == at::kBFloat16 ? "bfloat16 peak" : "float32 peak";
    }
    return row;
}

void benchLimits(const BenchRequest& request, Limits& limits, std::vector<BenchRow>& rows)
{
    const std::int64_t threads = at::get_num_threads();
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
        constexpr std::int64_t m = 1024, k = 2048, n = 2048;
        std::vector<at::Tensor> left, right, out;
        for (std::int64_t t = 0; t < threads; ++t) {
            left.push_back(at::randn({m, k}, at::kFloat).to(type));
            right.push_back(at::randn({n, k}, at::kFloat).to(type));
            out.push_back(at::empty({m, n}, type));
        }
        Times times;
        for (int repeat = 0; repeat < 2 * request.repeats + 1; ++repeat) // the first one compiles
            times.add([&] {
                at::parallel_for(0, threads, 1, [&](std::int64_t begin, std::int64_t end) {
                    const c10::InferenceMode inference; // a thread's own setting
                    for (auto t = static_cast<std::size_t>(begin); t < static_cast<std::size_t>(end); ++t)
                        at::mm_out(out[t], left[t], right[t].t());
                });
            });
        const double flops = 2.0 * m * k * n * static_cast<double>(threads);
        const bool narrow = type == at::kBFloat16;
        limits.flopsPerSecond[narrow ? 1 : 0] = flops / times.processor;
        rows.push_back(arithmeticRow("gemm", narrow ? "bfloat16 peak" : "float32 peak", flops, times, {}, type));
        rows.back().note =
            fmt::format("{} x {} x {} in each of {} threads; {}", m, k, n, threads, at::get_cpu_capability());
    }
    constexpr std::int64_t bytes = std::int64_t{64} << 20U;
    const at::Tensor from = at::zeros({threads, bytes}, at::kByte);
    const at::Tensor to = at::zeros({threads, bytes}, at::kByte);
    Times times;
    for (int repeat = 0; repeat < 2 * request.repeats; ++repeat)
        times.add([&] {
            at::parallel_for(0, threads, 1, [&](std::int64_t begin, std::int64_t end) {
                for (std::int64_t t = begin; t < end; ++t)
                    std::memcpy(static_cast<std::byte*>(to.data_ptr()) + t * bytes,
                                static_cast<const std::byte*>(from.const_data_ptr()) + t * bytes, bytes);
            });
        });
    const double moved = 2.0 * static_cast<double>(bytes) * static_cast<double>(threads);
    limits.bytesPerSecond = moved / times.processor;
    rows.push_back({"gemm", "memory copy", moved / times.wall / 1e9, "GB/s", times.wall, times.processor, 0, "",
                    "read and written bytes both counted"});
}

Result<void> benchParts(const BenchRequest& request, const Limits& limits, std::vector<BenchRow>& rows,
                        const base::JobContext& job)
{
    const at::ScalarType type = request.float32 ? at::kFloat : at::kBFloat16;
    const model::ModelSpec spec = shapeSpec("qwen3-30b-a3b");
    ESPALIER_TRY(RandomWeights weights,
                 RandomWeights::make(spec, type, base::describeMachine().memoryAvailable.value() / 2));
    ESPALIER_TRY(const LayerWeights* layer, weights.layer(0, job));
    ESPALIER_TRY(const ExpertPack pack, weights.experts(0, 0, job));
    const std::int64_t n = request.tokens;
    const std::int64_t h = spec.hidden;
    const std::int64_t k = spec.router.topK;
    const at::Tensor x = at::randn({n, h}, at::kFloat).to(type);
    Times router, dispatch, gather, sum, experts;
    Routing routing;
    Dispatch places;
    at::Tensor outputs;
    for (int repeat = 0; repeat < request.repeats + 1; ++repeat) { // the first one compiles
        if (job.stopRequested())
            return base::cancelledError();
        job.report({"router, dispatch, experts", static_cast<double>(repeat), static_cast<double>(request.repeats + 1),
                    "repeats"});
        router.add([&] { routing = route(spec.router, *layer, x, {}, {}, {}); });
        dispatch.add([&] { places = dispatchRows(routing, spec.experts); });
        const at::Tensor order = at::from_blob(places.row.data(), {n * k}, at::kLong);
        gather.add([&] { outputs = x.index_select(0, order); });
        experts.add([&] { outputs = runExperts(spec.activation, pack, x, places); });
        sum.add([&] { (void)combine(outputs, places.gate, places.place, n); });
    }
    const double width = static_cast<double>(at::elementSize(type));
    const auto memoryRow = [&](std::string name, double bytes, const Times& times) {
        return BenchRow{"dispatch",
                        std::move(name),
                        bytes / times.wall / 1e9,
                        "GB/s",
                        times.wall,
                        times.processor,
                        bytes / times.processor / limits.bytesPerSecond,
                        "memory copy",
                        ""};
    };
    const auto rowsTimesK = static_cast<double>(n * k);
    if (std::find(request.parts.begin(), request.parts.end(), "router") != request.parts.end()) {
        rows.push_back(arithmeticRow("router", fmt::format("logits, softmax, top {} of {}", k, spec.experts),
                                     2.0 * static_cast<double>(n * h) * spec.experts, router, limits, type));
        rows.back().note = fmt::format("{:.0f} tokens/s", static_cast<double>(n) / router.wall);
    }
    if (std::find(request.parts.begin(), request.parts.end(), "dispatch") != request.parts.end()) {
        rows.push_back({"dispatch", "sort rows by expert", rowsTimesK / dispatch.wall / 1e6, "M rows/s", dispatch.wall,
                        dispatch.processor, 0, "", ""});
        rows.push_back(memoryRow("gather rows", 2 * rowsTimesK * static_cast<double>(h) * width, gather));
        rows.push_back(memoryRow("weigh and sum outputs",
                                 (rowsTimesK + static_cast<double>(n)) * static_cast<double>(h) * width, sum));
        rows.push_back(arithmeticRow("dispatch", fmt::format("experts, {:.0f} rows each", rowsTimesK / spec.experts),
                                     6 * rowsTimesK * static_cast<double>(h) * spec.expertWidth, experts, limits,
                                     type));
        rows.back().note =
            fmt::format("{} experts of {} x {}, gather and activation included", spec.experts, h, spec.expertWidth);
    }
    return {};
}

} // namespace espalier::engine
