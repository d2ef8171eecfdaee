// SPDX-License-Identifier: Apache-2.0
#include "core/engine/profile_cost.h"

#include "core/base/file.h"
#include "core/checkpoint/weight_reader.h"
#include "core/engine/bench.h"
#include "core/engine/profile_pass.h"

#include <algorithm>

namespace espalier::engine {

namespace {

/// Of the rate of large matrix products, what whole passes reach: `espalier bench` shows 0.5 to 0.8.
constexpr double kEfficiency = 0.6;
/// libtorch, temporaries of a batch, hidden states.
constexpr std::uint64_t kWorkspace = std::uint64_t{512} << 20U;

} // namespace

Result<ProfileCost> estimateCost(const model::OpenModel& model, const std::filesystem::path& study,
                                 const ProfileRequest& request, const base::JobContext& job)
{
    ProfileCost cost;
    ESPALIER_TRY(cost.estimate, estimateProfile(model, request));
    std::int64_t tokens = 0;
    for (const auto& [domain, count] : cost.estimate.tokens)
        tokens += count;
    ESPALIER_TRY(const auto engine, openEngine(model, request.engine));
    cost.settings = engine->counters();
    cost.weightBytes = cost.settings.weightBytesTotal;
    const bool narrow = cost.settings.compute == ComputeType::BFloat16;
    const bool streamed = cost.settings.streamed;
    if (streamed) {
        const std::int64_t most = std::max<std::int64_t>(1, tokensPerPass(*engine, request.statistics));
        cost.passes = std::max<std::int64_t>(1, (tokens + most - 1) / most);
    }
    BenchRequest bench;
    bench.parts = {"gemm"};
    bench.threads = request.engine.threads;
    bench.repeats = 2;
    ESPALIER_TRY(const BenchReport measured, runBench(bench, job));
    for (const BenchRow& row : measured.rows)
        if (row.name == (narrow ? "bfloat16 peak" : "float32 peak"))
            cost.flopsPerSecond = row.value * 1e9;
    checkpoint::ReadProbe probe = cost.settings.probe;
    if (probe.best() == checkpoint::ReadMode::Buffered && probe.speeds[0].bytes == 0) { // not probed yet
        ESPALIER_TRY(probe, checkpoint::probeCheckpoint(model.checkpoint, {}, job.stop));
    }
    for (std::size_t i = 0; i < probe.speeds.size(); ++i)
        if (checkpoint::kReadModes[i] ==
            (streamed ? request.engine.reading.value_or(probe.best()) : checkpoint::ReadMode::Buffered))
            cost.readBytesPerSecond = probe.speeds[i].bytesPerSecond();
    if (cost.flopsPerSecond > 0)
        cost.secondsComputing = cost.estimate.effort / (cost.flopsPerSecond * kEfficiency);
    if (cost.readBytesPerSecond > 0)
        cost.secondsReading =
            static_cast<double>(cost.passes) * static_cast<double>(cost.weightBytes) / cost.readBytesPerSecond;
    cost.seconds =
        streamed ? std::max(cost.secondsComputing, cost.secondsReading) : cost.secondsComputing + cost.secondsReading;
    // 16-bit weights take twice their bytes in float32; narrower experts stay as they are.
    const std::uint64_t width = narrow ? 1 : 2;
    cost.memoryBytes = streamed ? request.engine.memory.value() : cost.weightBytes * width + kWorkspace;
    cost.diskBytes = cost.estimate.studyBytes;
    if (streamed) { // two states of the journal exist while one replaces the other
        const auto rows = static_cast<std::uint64_t>(std::min(tokens, tokensPerPass(*engine, request.statistics)));
        cost.diskBytes += 2 * rows * static_cast<std::uint64_t>(model.summary.hidden) * (narrow ? 2 : 4);
    }
    const std::filesystem::path folder = study.has_parent_path() ? study.parent_path() : std::filesystem::path(".");
    ESPALIER_TRY(const ByteSize free, base::freeDiskSpace(folder));
    cost.diskFree = free.value();
    return cost;
}

} // namespace espalier::engine
